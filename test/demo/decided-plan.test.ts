import t from 'tap'
import {
  demonstrationPlan,
  foundingPolicy,
} from '../../scripts/demo/generator/demonstration-plan.js'
import type { DistrictKey } from '../../scripts/demo/generator/plan.js'
import { coveredIn, isOnRoll, openingOf } from '../../src/domain/case/case.js'
import type { Case } from '../../src/domain/case/facts.js'
import { movementsOf } from '../../src/domain/entitlement/movements.js'
import { monthlyAmountIn } from '../../src/domain/entitlement/timeline.js'
import { type Month, month as monthOf, monthsOf } from '../../src/domain/values/calendar.js'
import { DecidedPlan } from './decided-plan.js'
import { oracleAnswers } from './oracle-answers.js'

const plans = demonstrationPlan()
const oracle = oracleAnswers(plans)
const dibao = ['urban-dibao', 'rural-dibao'] as const

function casesOf(key: DistrictKey): readonly Case[] {
  const plan = plans.find((one) => one.key === key)
  if (!plan) throw new Error(`no plan ${key}`)
  return new DecidedPlan(plan, foundingPolicy).live().cases
}

function onRoll(cases: readonly Case[], programmes: readonly string[], month: Month) {
  const on = cases.filter(
    (state) => programmes.includes(openingOf(state)?.programme ?? '') && isOnRoll(state, month),
  )
  return {
    households: on.length,
    persons: on.reduce((sum, state) => sum + coveredIn(state, month).length, 0),
    amountFen: on.reduce((sum, state) => sum + monthlyAmountIn(state, month), 0),
  }
}

function moved(
  cases: readonly Case[],
  kind: 'entry' | 'exit',
  span: { readonly from: Month; readonly to: Month },
) {
  const movements = cases
    .filter((state) => openingOf(state)?.programme.endsWith('-dibao'))
    .flatMap(movementsOf)
    .filter((one) => one.kind === kind && span.from <= one.month && one.month <= span.to)
  return {
    households: movements.reduce((sum, one) => sum + one.households, 0),
    persons: movements.reduce((sum, one) => sum + one.persons, 0),
  }
}

const spans = {
  P2: { from: monthOf('2012-01'), to: monthOf('2012-05') },
  P4: { from: monthOf('2012-01'), to: monthOf('2012-12') },
} as const

for (const district of ['P2', 'P4'] as const) {
  t.test(
    `${district}: the deciders take every action and come to the oracle's months`,
    async (t) => {
      const cases = casesOf(district)
      const span = spans[district]
      for (const month of monthsOf(span)) {
        for (const programme of dibao) {
          const asked = { district, programmes: [programme], month }
          const paid = { ...asked, kind: 'regular' as const, from: month, to: month }
          t.same(
            onRoll(cases, [programme], month),
            { ...(await oracle.roll(asked)), amountFen: (await oracle.paid(paid)).amountFen },
            `${programme} ${month}`,
          )
        }
      }
      const { entries, exits } = await oracle.movements({ district, programmes: dibao, ...span })
      t.same(moved(cases, 'entry', span), entries)
      t.same(moved(cases, 'exit', span), exits)
    },
  )
}

t.test('P3: the raise reaches everybody on both rolls, and no other amount is left', async (t) => {
  const cases = casesOf('P3')
  const april = monthOf('2012-04')
  for (const [programme, amountFen] of [
    ['tekun', 58_000],
    ['retired-1960s-workers', 30_900],
  ] as const) {
    const { persons, amountFen: total } = onRoll(cases, [programme], april)
    t.equal(total, persons * amountFen, programme)
    t.equal(
      persons,
      (await oracle.roll({ district: 'P3', programmes: [programme], month: april })).persons,
    )
  }
})
