import { parseArgs } from 'node:util'
import { z } from 'zod'

const Shape = z.strictObject({
  store: z.enum(['postgres', 'eventstoredb']).default('postgres'),
  log: z.string().min(1).optional(),
  cases: z.coerce.number().int().min(50).max(10_000_000).default(100_000),
  only: z
    .string()
    .transform((ids) => ids.split(',').map((id) => id.trim()))
    .optional(),
  rounds: z.coerce.number().int().min(1).max(100).optional(),
  'round-milliseconds': z.coerce.number().int().min(10).max(600_000).optional(),
  out: z.string().min(1).default('bench-out'),
})
const Options = Shape.refine(
  ({ log, store }) => (store === 'eventstoredb') === (log !== undefined),
  '--store eventstoredb and --log esdb://… go together',
).transform(({ 'round-milliseconds': roundMilliseconds, ...options }) => ({
  ...options,
  roundMilliseconds,
}))

export interface BenchOptions {
  /** The connection string of an EventStoreDB that is measured beside PostgreSQL. */
  readonly log?: string | undefined
  /** Households on the roll; about ten events each. */
  readonly cases: number
  /** Names of parts; absent: all. */
  readonly only?: readonly string[] | undefined
  /** How often each is measured, and for how long; absent: by the number of cases. */
  readonly rounds?: number | undefined
  readonly roundMilliseconds?: number | undefined
  /** The folder of `results.json`. */
  readonly out: string
}

const text = { type: 'string' } as const

/**
 * Reads `--cases 100000 --only bulk-append,reads --out bench-out`, and
 * `--store eventstoredb --log esdb://127.0.0.1:2113?tls=false`.
 */
export function readOptions(given: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...given],
    options: {
      store: text,
      log: text,
      cases: text,
      only: text,
      rounds: text,
      'round-milliseconds': text,
      out: text,
    },
  })
  return Options.parse(values)
}
