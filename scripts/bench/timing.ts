import type { Ordinal } from '../../src/domain/values/identifiers.js'
import type { Projector } from '../../src/projections/projector.js'

/** Milliseconds that some work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/**
 * How often a second `one` is done while `waiting` of it are always under way, for about so many
 * milliseconds.
 */
export async function rateOf(
  one: () => Promise<unknown>,
  load: { readonly waiting: number; readonly milliseconds: number },
): Promise<number> {
  const start = performance.now()
  const end = start + load.milliseconds
  let done = 0
  const lane = async () => {
    while (performance.now() < end) {
      await one()
      done += 1
    }
  }
  await Promise.all(Array.from({ length: load.waiting }, lane))
  return (done / (performance.now() - start)) * 1000
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** The nearest-rank percentile; `share` 0.99 is p99. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right)
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
  if (value === undefined) throw new Error('a percentile of nothing')
  return value
}

/** Two ways of doing one thing, in turn, so that a busy moment of the machine meets both. */
export async function inTurn(
  rounds: number,
  ways: { readonly limit: () => Promise<number>; readonly measured: () => Promise<number> },
): Promise<{ readonly limit: number; readonly measured: number }> {
  const limit: number[] = []
  const measured: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    limit.push(await ways.limit())
    measured.push(await ways.measured())
  }
  return { limit: median(limit), measured: median(measured) }
}

const patienceMilliseconds = 3_600_000

/** Until the read models have an event; what is measured later must not wait for it. */
export async function caughtUp(
  projector: Pick<Projector, 'waitFor'>,
  ordinal: Ordinal,
): Promise<void> {
  if (await projector.waitFor(ordinal, patienceMilliseconds)) return
  throw new Error(`the read models did not reach ${ordinal} within an hour`)
}
