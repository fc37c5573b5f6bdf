import { percentile } from '../bench/timing.js'
import { type Random, seededRandom } from '../demo/generator/random.js'
import { type Job, Machine } from './machine.js'
import type { Speeds } from './speeds.js'
import type { Workload } from './workload.js'

/** One machine and what it serves. */
export interface Partition {
  readonly cases: number
  readonly workload: Workload
}

/** What a year on one machine looked like. */
export interface PartitionYear {
  /** Share of the office hours that people's work takes; 1 is all of them. */
  readonly officeLoad: number
  /** What a command waits before its turn, in the worst of a hundred minutes. */
  readonly commandWaitSeconds: number
  /** From the opening of a county's run to its frozen lines, the longest. */
  readonly runHours: number
  /** Decisions on every case in one night, the longest. */
  readonly massHours: number
}

/** More cases are more counties, each with a payday of its own. */
const casesPerCounty = 25_000
const firstPayday = 3
const lastPayday = 10

/** A month of 21 working days; the quiet of weekends is left out, against the ledger. */
const monthsInYear = 12
const workingDays = 21
const minutesInDay = 24 * 60
const opensAt = 8 * 60 + 30
const closesAt = 17 * 60 + 30
const runsOpenAt = 9 * 60
const massAt = 20 * 60

/** The last working days of a month bring twice as much. */
const rushDays = 5
const rush = 2
const usualDaysWorth = workingDays + rushDays * (rush - 1)

interface Minute {
  readonly now: number
  readonly month: number
  readonly day: number
  readonly minute: number
}

/** A year minute by minute. The same seed makes the same year. */
export function simulateYear(partition: Partition, speeds: Speeds, seed: number): PartitionYear {
  const { workload } = partition
  const random = seededRandom(seed)
  const machine = new Machine()
  const paydays = paydaysOf(partition, random)
  const secondsOfCommand = speeds.commandSeconds + workload.readsPerCommand * speeds.readSeconds
  const asked: number[] = []
  const waits: number[] = []
  for (const at of minutesOfYear()) {
    if (at.minute >= opensAt && at.minute < closesAt) {
      waits.push(machine.waitSeconds)
      const seconds = poisson(commandsPerMinute(partition, at), random) * secondsOfCommand
      asked.push(seconds)
      machine.ask(seconds)
    }
    for (const job of jobsAt(at, { partition, paydays, speeds })) machine.open(job)
    machine.workMinute(at.now)
  }
  machine.stop(monthsInYear * workingDays * minutesInDay)
  return {
    officeLoad: asked.reduce((sum, seconds) => sum + seconds, 0) / (asked.length * 60),
    commandWaitSeconds: percentile(waits, 0.99),
    runHours: machine.longestMinutes.run / 60,
    massHours: machine.longestMinutes.mass / 60,
  }
}

function* minutesOfYear(): Iterable<Minute> {
  for (let now = 0; now < monthsInYear * workingDays * minutesInDay; now += 1) {
    const days = Math.floor(now / minutesInDay)
    const [month, day] = [Math.floor(days / workingDays), days % workingDays]
    yield { now, month, day, minute: now % minutesInDay }
  }
}

interface Payday {
  readonly cases: number
  readonly month: number
  readonly day: number
}

function paydaysOf({ cases }: Partition, random: Random): readonly Payday[] {
  const counties = Math.max(1, Math.ceil(cases / casesPerCounty))
  return Array.from({ length: counties * monthsInYear }, (_, at) => ({
    cases: cases / counties,
    month: at % monthsInYear,
    day: random.between(firstPayday, lastPayday),
  }))
}

function jobsAt(
  { day, minute, month, now }: Minute,
  of: {
    readonly partition: Partition
    readonly paydays: readonly Payday[]
    readonly speeds: Speeds
  },
): readonly Job[] {
  const { cases, workload } = of.partition
  if (minute === runsOpenAt) {
    const today = of.paydays.filter((payday) => payday.month === month && payday.day === day)
    return today.map((payday) => ({
      kind: 'run',
      openedAt: now,
      secondsLeft: payday.cases * of.speeds.runLineSeconds,
    }))
  }
  if (minute !== massAt || day !== 0 || !isMassMonth(month, workload)) return []
  return [{ kind: 'mass', openedAt: now, secondsLeft: cases * of.speeds.massCaseSeconds }]
}

function commandsPerMinute({ cases, workload }: Partition, { day }: Minute): number {
  const perMonth = (cases * workload.commandsPerCase) / monthsInYear
  const perUsualDay = perMonth / usualDaysWorth
  const ofDay = day >= workingDays - rushDays ? perUsualDay * rush : perUsualDay
  return ofDay / (closesAt - opensAt)
}

/** Nights of mass decisions, evenly over the year. */
function isMassMonth(month: number, { massNights }: Workload): boolean {
  const before = Math.floor((month * massNights) / monthsInYear)
  return Math.floor(((month + 1) * massNights) / monthsInYear) > before
}

const finely = 1_000_000
const fromHereNormal = 30

/** Knuth's product of chances for small means, a rounded normal one above. */
function poisson(mean: number, random: Random): number {
  const chance = () => random.between(1, finely) / finely
  if (mean > fromHereNormal) {
    const normal = Math.sqrt(-2 * Math.log(chance())) * Math.cos(2 * Math.PI * chance())
    return Math.max(0, Math.round(mean + normal * Math.sqrt(mean)))
  }
  const least = Math.exp(-mean)
  let count = 0
  for (let product = chance(); product > least; product *= chance()) count += 1
  return count
}
