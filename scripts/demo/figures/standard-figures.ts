import type { DistrictKey } from '../generator/plan.js'
import { riseInHundredths } from './comparison.js'
import { type Figure, perCent, yuan } from './figure.js'
import type { LedgerAnswers } from './ledger-answers.js'

/** A standard that was printed before and after its rise. */
export interface PrintedRise {
  readonly id: string
  readonly what: string
  readonly district: DistrictKey
  readonly programme: string
  readonly benefitClass: string
  readonly per: 'month' | 'year'
  readonly before: { readonly month: string; readonly yuan: string }
  readonly after: { readonly month: string; readonly yuan: string }
  readonly rise: string
  readonly risePerCent: string
}

/** Before, after, the rise in yuan and in per cent. */
export function standardFigures(printed: PrintedRise): readonly Figure[] {
  const { id, what, district, programme, benefitClass, per } = printed
  const standard = (answers: LedgerAnswers, month: string) =>
    answers.standardFen({ district, programme, benefitClass, month, per })
  const before = (answers: LedgerAnswers) => standard(answers, printed.before.month)
  const after = (answers: LedgerAnswers) => standard(answers, printed.after.month)
  return [
    {
      id: `${id}.before`,
      what: `${what} 调标前`,
      published: yuan(printed.before.yuan),
      compute: before,
    },
    {
      id: `${id}.after`,
      what: `${what} 调标后`,
      published: yuan(printed.after.yuan),
      compute: after,
    },
    {
      id: `${id}.rise`,
      what: `${what} 增加`,
      published: yuan(printed.rise),
      compute: async (answers) => (await after(answers)) - (await before(answers)),
    },
    {
      id: `${id}.rise-per-cent`,
      what: `${what} 增长`,
      published: perCent(printed.risePerCent),
      compute: async (answers) => riseInHundredths(await before(answers), await after(answers)),
    },
  ]
}
