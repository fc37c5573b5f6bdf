import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '../demo/generator/random.js'
import type { AttackedLog } from './attacked-log.js'
import { type AttackedPlace, type AttackedService, openAttackedPlace } from './attacked-place.js'
import { type AttackName, attack, attackNames, isPossible } from './attacks.js'
import { checkHistory } from './check-history.js'
import type { Fault, ReadEvent, RecordedWrite } from './history.js'
import { openLog, startListener } from './listener.js'
import { wholeLog } from './read-log.js'
import { startWriters } from './writers.js'

export interface TortureOptions {
  /** Attacks end when both have come: so many minutes, so many cycles. */
  readonly minutes: number
  readonly cycles: number
  readonly seed: number
  readonly writers: number
  /** Where the log is when it is not in PostgreSQL. */
  readonly log?: AttackedLog
  /** What is done to it; everything when absent. */
  readonly attacks?: readonly AttackName[]
  readonly onCycle?: (cycle: number, name: AttackName, writes: number) => void
}

export interface TortureReport {
  readonly seed: number
  readonly cycles: Readonly<Record<AttackName, number>>
  readonly writes: {
    readonly acknowledged: number
    readonly refused: number
    readonly unknown: number
  }
  readonly events: number
  /** Answers taken away right after a COMMIT or an append was on its way. */
  readonly stolenAnswers: number
  readonly longestRequestMilliseconds: number
  /** Requests that had no answer within the deadline and a second. */
  readonly unansweredRequests: number
  /** How often a service ended that nobody had killed. */
  readonly ownEnds: number
  readonly faults: readonly Fault[]
  /** Where the read models differ from what the second path derives of the log. */
  readonly differences: readonly string[]
}

/** Whether a torture found nothing. */
export function isSound(report: TortureReport): boolean {
  const { differences, faults, ownEnds, unansweredRequests } = report
  return faults.length + differences.length + ownEnds + unansweredRequests === 0
}

function stolenFrom({ logNetwork, network }: AttackedService): number {
  return network.stolenAnswers() + (logNetwork?.stolenAnswers() ?? 0)
}

const serviceCount = 2
const personCount = 24

/** Attacks a ledger of its own while writers write, then holds what they saw against the log. */
export async function runTorture(options: TortureOptions): Promise<TortureReport> {
  const place = await openAttackedPlace(serviceCount, { log: options.log })
  try {
    const listener = startListener(place)
    const writers = await startWriters(place, { ...options, persons: personCount })
    const cycles = await attackInCycles(place, options, () => writers.writes.length)
    await writers.stop()
    const log = await logOf(place)
    await listener.reached(log.length - 1)
    await listener.stop()
    const { writes } = writers
    return {
      seed: options.seed,
      cycles,
      writes: countsOf(writes),
      events: log.length,
      stolenAnswers: sumOf(place.services.map(stolenFrom)),
      longestRequestMilliseconds: Math.round(writers.longestRequest()),
      unansweredRequests: writers.unansweredRequests(),
      ownEnds: sumOf(place.services.map(({ ownEnds }) => ownEnds)),
      faults: checkHistory({ writes, log, subscriptions: [listener.heard] }),
      differences: await place.check(),
    }
  } finally {
    await place.close()
  }
}

async function attackInCycles(
  place: AttackedPlace,
  { attacks = attackNames, cycles, minutes, onCycle, seed }: TortureOptions,
  writes: () => number,
): Promise<Record<AttackName, number>> {
  const random = seededRandom(seed)
  const possible = attacks.filter((name) => isPossible(place, name))
  const done = countsOfAttacks()
  const end = performance.now() + minutes * 60_000
  for (let cycle = 1; cycle <= cycles || performance.now() < end; cycle += 1) {
    await sleep(random.between(200, 1500))
    const name = random.pick(possible)
    await attack(place, name, random)
    done[name] += 1
    onCycle?.(cycle, name, writes())
  }
  return done
}

function countsOfAttacks(): Record<AttackName, number> {
  return {
    'kill-service': 0,
    'kill-server': 0,
    'kill-session': 0,
    'end-session': 0,
    'kill-log': 0,
    'cut-network': 0,
    'stall-network': 0,
    'half-open-network': 0,
    'steal-answer': 0,
    'jump-clock': 0,
    'cut-log-network': 0,
    'stall-log-network': 0,
    'half-open-log-network': 0,
    'steal-log-answer': 0,
  }
}

async function logOf(place: AttackedPlace): Promise<readonly ReadEvent[]> {
  const store = await openLog(place)
  try {
    return await wholeLog(store, 'holdId')
  } finally {
    await store.close()
  }
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

function countsOf(writes: readonly RecordedWrite[]): TortureReport['writes'] {
  const counts = { acknowledged: 0, refused: 0, unknown: 0 }
  for (const { outcome } of writes) counts[outcome.kind] += 1
  return counts
}
