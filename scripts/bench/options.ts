import { parseArgs } from 'node:util'
import { z } from 'zod'

const Options = z.strictObject({
  cases: z.coerce.number().int().min(50).max(10_000_000).default(100_000),
  only: z
    .string()
    .transform((ids) => ids.split(',').map((id) => id.trim()))
    .optional(),
  out: z.string().min(1).default('bench-out'),
})

export interface BenchOptions {
  /** Households on the roll; about ten events each. */
  readonly cases: number
  /** Names of parts; absent: all. */
  readonly only?: readonly string[] | undefined
  /** The folder of `results.json`. */
  readonly out: string
}

/** Reads `--cases 100000 --only bulk-append,reads --out bench-out`. */
export function readOptions(given: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...given],
    options: { cases: { type: 'string' }, only: { type: 'string' }, out: { type: 'string' } },
  })
  return Options.parse(values)
}
