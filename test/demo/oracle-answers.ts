import type { LedgerAnswers } from '../../scripts/demo/figures/ledger-answers.js'
import type { DistrictKey, DistrictPlan, PlannedAction } from '../../scripts/demo/generator/plan.js'
import { readPolicyJson } from '../policy/policy-files.js'
import {
  addToMonth,
  coveredBy,
  dibaoFenIn,
  entriesInto,
  exitsFrom,
  livedThrough,
  type OracleCase,
  policyItems,
  rollIn,
} from './plan-oracle.js'

type Asked<Question extends keyof LedgerAnswers> = Parameters<LedgerAnswers[Question]>[0]

const policyPaths: Readonly<Record<DistrictKey, readonly string[]>> = {
  P2: ['rules/p2.json', 'standards/p2.json'],
  P3: ['rules/p3.json', 'standards/p3.json', 'standards/p3-2012-04.json'],
  P4: ['rules/p4.json', 'standards/p4.json', 'standards/p4-2012-07.json'],
}

interface World {
  readonly plan: DistrictPlan
  readonly cases: readonly OracleCase[]
}

/** Answers as the ledger should give them, from the plans by the oracle's arithmetic alone. */
export function oracleAnswers(
  plans: readonly DistrictPlan[],
  monthlySubsidyFen: number = subsidyInDocument(),
): LedgerAnswers {
  const worlds = new Map(plans.map((plan) => [plan.key, { plan, cases: livedThrough(plan) }]))
  const worldOf = (district: DistrictKey): World => {
    const world = worlds.get(district)
    if (!world) throw new Error(`no plan ${district}`)
    return world
  }
  return {
    roll: async (asked) => rollIn(casesOf(worldOf(asked.district), asked.programmes), asked.month),
    perCapitaFen: async (asked) => perCapita(worldOf(asked.district), asked),
    movements: async (asked) => movements(worldOf(asked.district), asked),
    paid: async (asked) => {
      const world = worldOf(asked.district)
      if (asked.kind === 'regular') return regular(world, asked)
      if (asked.kind === 'one-off') return campaign(world, asked)
      return subsidy(world, { ...asked, monthlySubsidyFen })
    },
    standardFen: async (asked) => standard(asked),
    personsPaidFen: async (asked) => personsPaid(worldOf(asked.district), asked),
    deathLists: async ({ district }) => {
      const lists = actionsOf(worldOf(district).plan, 'import-deaths')
      return {
        rows: lists.reduce((sum, list) => sum + list.rows.length, 0),
        remarks: lists.flatMap((list) => list.remarks),
      }
    },
    reportedFigure: async (id) =>
      plans
        .flatMap((plan) => actionsOf(plan, 'record-reported-figure'))
        .find((action) => action.figureId === id) ?? null,
  }
}

export function actionsOf<Do extends PlannedAction['do']>(plan: DistrictPlan, kind: Do) {
  return plan.months
    .flatMap(({ actions }) => actions)
    .filter((action): action is Extract<PlannedAction, { do: Do }> => action.do === kind)
}

function casesOf({ cases }: World, programmes: readonly string[]): readonly OracleCase[] {
  return cases.filter((one) => programmes.includes(one.programme))
}

function halfUp(amountFen: number, heads: number): number {
  return Math.floor((2 * amountFen + heads) / (2 * heads))
}

function perCapita(world: World, asked: Asked<'perCapitaFen'>): number {
  const cases = casesOf(world, [asked.programme])
  if (asked.month >= world.plan.cutOver) {
    const items = policyItems(policyPaths[asked.district])
    const total = cases.reduce((sum, one) => sum + dibaoFenIn(one, asked.month, items), 0)
    return halfUp(total, rollIn(cases, asked.month).persons)
  }
  const taken = cases.filter((one) => one.taken)
  const reported = world.plan.opening.cases
    .filter((row) => row.programme === asked.programme)
    .flatMap((row) => row.history.filter((one) => one.from <= asked.month && asked.month <= one.to))
    .reduce((sum, one) => sum + one.amountFen, 0)
  return halfUp(reported, rollIn(taken, asked.month).persons)
}

function monthsOf(from: string, to: string): readonly string[] {
  return from > to ? [] : [from, ...monthsOf(addToMonth(from, 1), to)]
}

function movements(world: World, asked: Asked<'movements'>) {
  const cases = casesOf(world, asked.programmes)
  const months = monthsOf(asked.from, asked.to)
  return {
    opening: rollIn(cases, addToMonth(asked.from, -1)),
    entries: summed(months.map((month) => entriesInto(cases, month))),
    exits: summed(months.map((month) => exitsFrom(cases, month))),
    closing: rollIn(cases, asked.to),
  }
}

function summed(counts: readonly { readonly households: number; readonly persons: number }[]) {
  return {
    households: counts.reduce((sum, count) => sum + count.households, 0),
    persons: counts.reduce((sum, count) => sum + count.persons, 0),
  }
}

function regular(world: World, asked: Asked<'paid'>) {
  const items = policyItems(policyPaths[asked.district])
  const cases = casesOf(world, asked.programmes)
  const amountFen = monthsOf(asked.from, asked.to)
    .flatMap((month) => cases.map((one) => dibaoFenIn(one, month, items)))
    .reduce((sum, each) => sum + each, 0)
  return { amountFen, recipients: cases.length }
}

function campaign({ plan }: World, asked: Asked<'paid'>) {
  const recipients = actionsOf(plan, 'import-campaign')
    .filter((list) => asked.programmes.includes(list.programme))
    .flatMap((list) => list.recipients)
    .filter((one) => asked.benefitClass === undefined || one.benefitClass === asked.benefitClass)
  const amountFen = recipients.reduce((sum, one) => sum + one.amountFen, 0)
  return { amountFen, recipients: recipients.length }
}

function subsidy(world: World, asked: Asked<'paid'> & { readonly monthlySubsidyFen: number }) {
  const keys = casesOf(world, asked.programmes).flatMap((one) =>
    coveredBy(one, '2012-03').map((member) => member.personKey),
  )
  const recipients = new Set(keys).size
  return { amountFen: recipients * asked.monthlySubsidyFen * 3, recipients }
}

function subsidyInDocument(): number {
  const text = JSON.stringify(readPolicyJson('price-link/p2-2012-q1.json'))
  return Number(/"amountFen":(\d+)/.exec(text)?.[1])
}

function standard(asked: Asked<'standardFen'>): number {
  const set = policyItems(policyPaths[asked.district]).findLast(
    (item) =>
      item.programme === asked.programme &&
      item.benefitClass === asked.benefitClass &&
      item.from <= asked.month,
  )
  const amountFen = set?.amountFen ?? 0
  return asked.programme === 'tekun' && asked.per === 'month' ? amountFen / 12 : amountFen
}

function personsPaid(world: World, asked: Asked<'personsPaidFen'>): number {
  return casesOf(world, [asked.programme])
    .filter((one) => {
      const monthly = standard({ ...asked, benefitClass: one.benefitClass, per: 'month' })
      return monthly === asked.amountFen
    })
    .reduce((sum, one) => sum + coveredBy(one, asked.month).length, 0)
}
