import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { PriceMethod } from '../../src/domain/price-link/events.js'
import { Month, PlainDate } from '../../src/domain/values/calendar.js'
import { BenefitClass, ComponentName, UrbanRural } from '../../src/domain/values/document.js'
import { ProgrammeCode } from '../../src/domain/values/identifiers.js'
import { parseYuan, Rounding } from '../../src/domain/values/money.js'

/** Yuan as people write them, with two decimals. */
const Yuan = z.string().regex(/^\d{1,9}\.\d{2}$/)

export const ExampleDistrict = z.enum(['P2', 'P3', 'P4'])
export type ExampleDistrict = z.infer<typeof ExampleDistrict>

/** One month of one household under the policy of one district, and what it must come to. */
const MonthlyExample = z.strictObject({
  kind: z.literal('monthly'),
  name: z.string().min(1),
  district: ExampleDistrict,
  programme: ProgrammeCode,
  benefitClass: BenefitClass,
  urbanRural: UrbanRural,
  month: Month,
  income: Yuan,
  members: z
    .array(
      z.strictObject({
        relation: z.string().min(1),
        bornOn: PlainDate,
        assessed: z.boolean(),
        covered: z.boolean(),
        classifications: z.array(z.string().min(1)),
      }),
    )
    .min(1),
  /** What differs from the district's rule in this example. */
  ruleChanges: z
    .strictObject({
      rounding: Rounding.optional(),
      incomeFormula: z.enum(['whole-household', 'covered-share']).optional(),
    })
    .optional(),
  /** A standard set for this month instead of the district's. */
  standard: z
    .strictObject({ benefitClass: BenefitClass, amount: Yuan, per: z.enum(['month', 'year']) })
    .optional(),
  /** Components that are paid; `member` is the index of the one it is for. Empty: nothing is. */
  expect: z.array(
    z.strictObject({
      component: ComponentName,
      member: z.int().nonnegative().nullable(),
      amount: Yuan,
    }),
  ),
})
export type MonthlyExample = z.infer<typeof MonthlyExample>

/** A price-linked subsidy by its method. */
const PriceExample = z.strictObject({
  kind: z.literal('price'),
  name: z.string().min(1),
  method: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('fixed-monthly'), amount: Yuan }),
    z.strictObject({
      kind: z.literal('standard-times-rise'),
      standard: Yuan,
      floor: Yuan,
      rounding: Rounding,
    }),
  ]),
  riseBasisPoints: z.int(),
  months: z.int().positive(),
  expect: z.strictObject({ monthly: Yuan, total: Yuan }),
})
export type PriceExample = z.infer<typeof PriceExample>

const ExampleFile = z.strictObject({
  kind: z.literal('examples'),
  items: z.array(z.discriminatedUnion('kind', [MonthlyExample, PriceExample])).min(1),
})

const folder = new URL('../../policy/examples/', import.meta.url)

/** Every worked example of `policy/examples`, in file order. */
export function readExamples(): readonly (MonthlyExample | PriceExample)[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => ExampleFile.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))))
    .flatMap((file) => file.items)
}

/** The method as the price-link event has it. */
export function priceMethodOf(example: PriceExample): PriceMethod {
  const { method } = example
  if (method.kind === 'fixed-monthly') {
    return PriceMethod.parse({ kind: method.kind, amountFen: parseYuan(method.amount) })
  }
  return PriceMethod.parse({
    kind: method.kind,
    standardFen: parseYuan(method.standard),
    floorFen: parseYuan(method.floor),
    rounding: method.rounding,
  })
}
