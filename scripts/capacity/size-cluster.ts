import { type PartitionYear, simulateYear } from './simulate-year.js'
import type { Speeds } from './speeds.js'
import type { Workload } from './workload.js'

/** What has to hold on every machine. They are choices, to be changed here. */
export const targets = {
  /** Nothing is believed of a ledger more than ten times as large as the measured one. */
  timesMeasured: 10,
  officeLoad: 0.5,
  commandWaitSeconds: 1,
  runHours: 2,
  massHours: 11,
  rebuildHours: 24,
  diskTebibytes: 4,
  yearsKept: 10,
} as const

/** A machine of the cluster and what it would be asked to do. */
export interface Sized extends PartitionYear {
  readonly cases: number
  readonly timesMeasured: number
  /** All projections built anew from the log of `yearsKept` years. */
  readonly rebuildHours: number
  readonly diskTebibytes: number
  /** Names of the targets that do not hold. */
  readonly missed: readonly string[]
}

/** A population and the machines that it needs. */
export interface Cluster {
  readonly name: string
  readonly workload: Workload
  readonly cases: number
  readonly partitions: number
  /** One of the machines, with an even share. */
  readonly each: Sized
  /** Two for each partition: the one that serves, and its standby in another room. */
  readonly machines: number
}

const machinesPerPartition = 2
const step = 5_000
const most = 20_000_000

/** What one machine with so many cases looks like over a year, and after the years kept. */
export function sizeOf(
  partition: { readonly cases: number; readonly workload: Workload },
  speeds: Speeds,
  seed: number,
): Sized {
  const year = simulateYear(partition, speeds, seed)
  const events = partition.cases * partition.workload.eventsPerCase * targets.yearsKept
  const bytes = events * (speeds.logBytesPerEvent + speeds.readModelBytesPerEvent)
  const found = {
    ...year,
    timesMeasured: partition.cases / speeds.measuredCases,
    rebuildHours: (events * speeds.rebuildEventSeconds) / 3600,
    // A rebuild stands beside the live read model until it takes its place.
    diskTebibytes: (bytes + events * speeds.readModelBytesPerEvent) / 1024 ** 4,
  }
  const named = Object.entries(found).filter(([name, value]) => value > limitOf(name))
  return { cases: partition.cases, ...found, missed: named.map(([name]) => name) }
}

function limitOf(name: string): number {
  const limits: Readonly<Record<string, number>> = targets
  return limits[name] ?? Number.POSITIVE_INFINITY
}

/** The most cases, in steps of 5,000, that one machine serves with every target held. */
export function largestPartition(workload: Workload, speeds: Speeds, seed: number): number {
  let [holds, fails] = [0, most / step]
  while (fails - holds > 1) {
    const middle = Math.floor((holds + fails) / 2)
    const { missed } = sizeOf({ cases: middle * step, workload }, speeds, seed)
    if (missed.length === 0) holds = middle
    else fails = middle
  }
  if (holds === 0) throw new Error(`One machine does not serve ${step} cases of ${workload.name}.`)
  return holds * step
}

/** The machines for a population, each with an even share of its cases. */
export function sizeCluster(
  population: { readonly name: string; readonly workload: Workload; readonly persons: number },
  speeds: Speeds,
  seed: number,
): Cluster {
  const { name, persons, workload } = population
  const cases = Math.ceil(persons / workload.personsPerCase)
  const partitions = Math.ceil(cases / largestPartition(workload, speeds, seed))
  const each = sizeOf({ cases: Math.ceil(cases / partitions), workload }, speeds, seed)
  return { name, workload, cases, partitions, each, machines: partitions * machinesPerPartition }
}
