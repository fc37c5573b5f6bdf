import { z } from 'zod'

/** `>= 0.6`: what a ratio should be. */
const Aim = z.string().regex(/^(>=|<=) \d+(\.\d+)?$/)

/** One line of `results.json`. */
export const Measurement = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  what: z.string().min(1),
  measured: z.number().nonnegative(),
  /** What the same machine does at best, measured in the same run; null where there is none. */
  limit: z.number().positive().nullable(),
  /** `measured ÷ limit`. */
  ratio: z.number().nonnegative().nullable(),
  unit: z.string().min(1),
  aim: Aim.nullable(),
})
export type Measurement = z.infer<typeof Measurement>

export const Results = z.array(Measurement)

/** A measurement with its ratio; figures are kept to four digits. */
export function measurement(of: Omit<Measurement, 'ratio'>): Measurement {
  const ratio = of.limit === null ? null : digits(of.measured / of.limit)
  const limit = of.limit === null ? null : digits(of.limit)
  return Measurement.parse({ ...of, measured: digits(of.measured), limit, ratio })
}

function digits(value: number): number {
  return Number(value.toPrecision(4))
}

/** Null where nothing is aimed at. */
export function meetsAim({ aim, ratio }: Measurement): boolean | null {
  if (aim === null || ratio === null) return null
  const [comparison, figure] = aim.split(' ')
  return comparison === '>=' ? ratio >= Number(figure) : ratio <= Number(figure)
}

/** One line for the terminal and the log of a run. */
export function measurementLine(of: Measurement): string {
  const limit = of.limit === null ? '' : `  limit ${of.limit}`
  const ratio = of.ratio === null ? '' : `  ratio ${of.ratio}`
  const met = meetsAim(of)
  const aim = met === null ? '' : `  aim ${of.aim} ${met ? 'met' : 'NOT MET'}`
  return `${of.id.padEnd(28)} ${of.measured} ${of.unit}${limit}${ratio}${aim}`
}
