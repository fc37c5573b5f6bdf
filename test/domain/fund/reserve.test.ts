import fc from 'fast-check'
import t from 'tap'
import { DomainError } from '../../../src/domain/errors.js'
import { partsFor } from '../../../src/domain/fund/reserve.js'
import { assertRefused } from '../../support/given.js'
import { amount, programme } from '../../support/policy.js'

t.test('money is missing only when no division of the funds would do', async (t) => {
  const codes = ['a1', 'b1', 'c1'].map(programme)
  const subsets = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
    codes.filter((_, at) => (bits & (1 << at)) !== 0),
  )
  const property = fc.property(
    fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)),
    fc.array(fc.record({ bits: fc.integer({ min: 1, max: 7 }), left: fc.nat(15) }), {
      maxLength: 5,
    }),
    (wanted, given) => {
      const needs = codes.map((code, at) => ({
        programme: code,
        amountFen: amount(wanted[at] ?? 0),
      }))
      const funds = given.map(({ bits, left }, at) => ({
        fundId: `f${at}`,
        programmes: subsets[bits] ?? [],
        leftFen: amount(left),
      }))
      /** By Hall's theorem: the worst set of programmes lacks what all together lack. */
      const missing = subsets.map((subset) => {
        const serving = funds.filter((fund) => fund.programmes.some((one) => subset.includes(one)))
        const needed = needs.filter((need) => subset.includes(need.programme))
        return (
          needed.reduce((sum, need) => sum + need.amountFen, 0) -
          serving.reduce((sum, fund) => sum + fund.leftFen, 0)
        )
      })
      const lacking = Math.max(0, ...missing)
      if (lacking > 0) {
        assertRefused(() => partsFor(needs, funds), 'funds-insufficient', { missingFen: lacking })
        return true
      }
      const parts = partsFor(needs, funds)
      const total = parts.reduce((sum, part) => sum + part.amountFen, 0)
      const within = parts.every((part) => {
        const fund = funds.find((one) => one.fundId === part.fundId)
        return fund !== undefined && part.amountFen <= fund.leftFen
      })
      return within && total === wanted.reduce((sum, one) => sum + one, 0)
    },
  )
  const result = fc.check(property, { numRuns: 500 })
  t.notOk(result.failed, `seed ${result.seed}: ${JSON.stringify(result.counterexample)}`)
  t.throws(() => partsFor([{ programme: programme('a1'), amountFen: amount(1) }], []), DomainError)
})
