import { type Cluster, largestPartition, sizeCluster, sizeOf, targets } from './size-cluster.js'
import type { Speeds } from './speeds.js'
import { assistance, pension, type Workload } from './workload.js'

const populations = [
  { name: '一省 300 万低保人口', workload: assistance, persons: 3_000_000 },
  { name: '全国 4000 万低保人口', workload: assistance, persons: 40_000_000 },
  { name: '全国 1.7 亿养老金人口', workload: pension, persons: 170_000_000 },
] as const

export interface CapacityReport {
  readonly largest: readonly { readonly workload: string; readonly cases: number }[]
  readonly clusters: readonly (Cluster & { readonly yuanPerYear: number })[]
  /** Markdown, for the terminal and for the page. */
  readonly lines: readonly string[]
}

/** Sizes every population from the speeds of one machine. */
export function capacityReport(
  speeds: Speeds,
  { machineYuan, seed }: { readonly machineYuan: number; readonly seed: number },
): CapacityReport {
  const limits = [assistance, pension].map((workload) => boundOf(workload, speeds, seed))
  const clusters = populations.map((population) => {
    const cluster = sizeCluster(population, speeds, seed)
    return { ...cluster, yuanPerYear: cluster.machines * machineYuan }
  })
  const lines = [...limits.flatMap(({ lines }) => lines), '', ...clusterLines(clusters)]
  return { largest: limits.map(({ largest }) => largest), clusters, lines }
}

/** The largest partition, and what stops a larger one. */
function boundOf(workload: Workload, speeds: Speeds, seed: number) {
  const cases = largestPartition(workload, speeds, seed)
  const { missed } = sizeOf({ cases: cases + 5_000, workload }, speeds, seed)
  const why = missed.join(', ')
  return {
    largest: { workload: workload.name, cases },
    lines: [`- one machine serves ${counted(cases)} cases of ${workload.name}; more miss ${why}`],
  }
}

const columns: readonly (readonly [string, (of: CapacityReport['clusters'][number]) => string])[] =
  [
    ['population', ({ name }) => name],
    ['cases', ({ cases }) => counted(cases)],
    ['partitions', ({ partitions }) => counted(partitions)],
    ['cases each', ({ each }) => counted(each.cases)],
    ['machines', ({ machines }) => counted(machines)],
    ['元 a year', ({ yuanPerYear }) => counted(yuanPerYear)],
    ['office load', ({ each }) => `${(each.officeLoad * 100).toFixed(0)} %`],
    ['command waits, p99', ({ each }) => `${each.commandWaitSeconds.toFixed(2)} s`],
    ['longest run', ({ each }) => `${each.runHours.toFixed(2)} h`],
    ['longest night', ({ each }) => `${each.massHours.toFixed(1)} h`],
    [`rebuild of ${targets.yearsKept} years`, ({ each }) => `${each.rebuildHours.toFixed(1)} h`],
    [`disk of ${targets.yearsKept} years`, ({ each }) => `${each.diskTebibytes.toFixed(2)} TiB`],
  ]

function clusterLines(clusters: CapacityReport['clusters']): readonly string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    row(columns.map(([title]) => title)),
    row(columns.map(() => '---')),
    ...clusters.map((cluster) => row(columns.map(([, cell]) => cell(cluster)))),
  ]
}

function counted(value: number): string {
  return value.toLocaleString('en-US')
}
