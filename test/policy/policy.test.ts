import t from 'tap'
import { z } from 'zod'
import { AnswerLayout, BankLayout } from '../../src/application/payment/bank-layout.js'
import { type CaseEvent, caseEvents } from '../../src/domain/case/events.js'
import { evolveCase, noCase } from '../../src/domain/case/facts.js'
import { fold } from '../../src/domain/decider.js'
import { assess } from '../../src/domain/entitlement/assess.js'
import { programmeEvents, standardEvents } from '../../src/domain/policy/events.js'
import {
  areCompatible,
  type Policy,
  policyFrom,
  programmeOf,
  ruleOn,
  standardOn,
} from '../../src/domain/policy/policy.js'
import { PriceLinkCommand } from '../../src/domain/price-link/commands.js'
import { priceLinkDecider } from '../../src/domain/price-link/decide.js'
import type { PriceLinkEvent } from '../../src/domain/price-link/events.js'
import { monthlyAmountOf, noPriceLink } from '../../src/domain/price-link/price-link.js'
import { addMonths, month, monthsOf, plainDate } from '../../src/domain/values/calendar.js'
import { DivisionCode, levelOf } from '../../src/domain/values/division.js'
import { BenefitClass } from '../../src/domain/values/document.js'
import { ProgrammeCode } from '../../src/domain/values/identifiers.js'
import { formatYuan, parseYuan, timesFen } from '../../src/domain/values/money.js'
import { type MonthlyExample, type PriceExample, priceMethodOf, readExamples } from './example.js'
import { naiveTotalOf } from './naive-arithmetic.js'
import { policyFiles, readAllPolicy, readPolicyFile, readPolicyJson } from './policy-files.js'

const PriceFile = z.strictObject({
  kind: z.literal('price-link'),
  indices: z.array(z.looseObject({})),
  decisions: z.array(z.looseObject({})),
})

const districts = { P2: '990101000000', P3: '990201000000', P4: '990301000000' } as const
const allPolicy = policyFrom(readAllPolicy())
const document = { number: '算例', issuer: '算例', provenance: 'invented' }

t.test('every policy file parses as the data of its events', async (t) => {
  for (const path of policyFiles) t.ok(readPolicyFile(path).length > 0, path)
})

t.test(
  'the catalogue has every programme of the issue, with a rule in each district',
  async (t) => {
    const catalogue = [
      ['urban-dibao', 'top-up'],
      ['rural-dibao', 'top-up'],
      ['dibao-edge', 'roll-only'],
      ['tekun', 'flat'],
      ['old-age-allowance', 'age-band'],
      ['elderly-hardship', 'flat'],
      ['disabled-living', 'flat'],
      ['disabled-basic', 'flat'],
      ['orphan', 'flat'],
      ['temporary-aid', 'one-off'],
      ['key-veterans', 'flat'],
      ['retired-1960s-workers', 'flat'],
      ['festival-greeting', 'one-off'],
      ['dragon-boat-aid', 'one-off'],
      ['price-subsidy', 'one-off'],
    ] as const
    for (const [code, kind] of catalogue) {
      const programme = ProgrammeCode.parse(code)
      t.equal(programmeOf(allPolicy, programme).kind, kind, code)
      for (const division of Object.values(districts)) {
        ruleOn(allPolicy, {
          programme,
          division: DivisionCode.parse(division),
          month: month('2012-01'),
        })
      }
    }
  },
)

t.test('the compatibility table excludes both ways', async (t) => {
  const pairs = [
    ['tekun', 'urban-dibao', false],
    ['orphan', 'tekun', false],
    ['urban-dibao', 'rural-dibao', false],
    ['urban-dibao', 'disabled-basic', true],
    ['key-veterans', 'old-age-allowance', true],
  ] as const
  for (const [a, b, compatible] of pairs) {
    const [left, right] = [ProgrammeCode.parse(a), ProgrammeCode.parse(b)]
    t.equal(areCompatible(allPolicy, left, right), compatible, `${a} ${b}`)
    t.equal(areCompatible(allPolicy, right, left), compatible, `${b} ${a}`)
  }
})

t.test('published standards are those of the districts, before and after', async (t) => {
  const published = [
    ['P4', 'urban-dibao', 'general', '2012-06', '350.00'],
    ['P4', 'urban-dibao', 'general', '2012-07', '390.00'],
    ['P4', 'rural-dibao', 'general', '2012-06', '160.00'],
    ['P4', 'rural-dibao', 'general', '2012-07', '200.00'],
    ['P3', 'tekun', 'centralised', '2012-03', '520.00'],
    ['P3', 'tekun', 'centralised', '2012-04', '580.00'],
    ['P3', 'tekun', 'dispersed', '2012-04', '580.00'],
    ['P3', 'retired-1960s-workers', 'general', '2012-03', '209.00'],
    ['P3', 'retired-1960s-workers', 'general', '2012-04', '309.00'],
  ] as const
  for (const [district, programme, benefitClass, on, yuan] of published) {
    const found = standardOn(allPolicy, {
      programme: ProgrammeCode.parse(programme),
      division: DivisionCode.parse(districts[district]),
      benefitClass: BenefitClass.parse(benefitClass),
      month: month(on),
    })
    t.equal(formatYuan(found.monthlyFen), yuan, `${district} ${programme} ${on}`)
    t.equal(found.document.provenance, 'published', `${district} ${programme} ${on}`)
  }
})

t.test('districts and their places have unassigned codes, each place its own', async (t) => {
  const codes = allPolicy.places.map((place) => place.code)
  t.equal(new Set(codes).size, codes.length)
  t.equal(new Set(allPolicy.places.map((place) => place.divisionId)).size, codes.length)
  t.ok(codes.every((code) => code.startsWith('99')))
  for (const district of Object.values(districts)) {
    const inside = codes.filter((code) => code.startsWith(district.slice(0, 6)))
    const levels = new Set(inside.map((code) => levelOf(code)))
    t.same([...levels].sort(), ['county', 'town', 'village'])
  }
})

const examples = readExamples()

t.test('worked examples come out as their sentences say', async (t) => {
  t.ok(examples.length >= 12)
  t.equal(new Set(examples.map((example) => example.name)).size, examples.length)
  for (const example of examples) {
    if (example.kind === 'monthly') {
      t.same(componentsOf(example), expectedOf(example), example.name)
    } else {
      t.same(priceOf(example), example.expect, example.name)
    }
  }
})

t.test('worked examples agree with arithmetic that knows nothing of the ledger', async (t) => {
  for (const example of examples) {
    if (example.kind !== 'monthly' || !example.programme.endsWith('-dibao')) continue
    t.equal(naiveTotalOf(example), sumOf(expectedOf(example)), example.name)
  }
})

interface PaidComponent {
  readonly component: string
  readonly member: number | null
  readonly amount: string
}

function byMember(components: readonly PaidComponent[]): readonly PaidComponent[] {
  return [...components].sort((left, right) => (left.member ?? -1) - (right.member ?? -1))
}

function expectedOf(example: MonthlyExample): readonly PaidComponent[] {
  return byMember(example.expect)
}

function sumOf(components: readonly PaidComponent[]): number {
  return components.reduce((sum, part) => sum + parseYuan(part.amount), 0)
}

function componentsOf(example: MonthlyExample): readonly PaidComponent[] {
  const { components } = assess({
    state: fold({ initial: noCase, evolve: evolveCase }, caseOf(example)),
    policy: policyOf(example),
    month: example.month,
  })
  const paid = components.filter((part) => part.amountFen > 0)
  return byMember(
    paid.map(({ component, personId, amountFen }) => ({
      component,
      member: personId === null ? null : Number(personId.slice(-4)),
      amount: formatYuan(amountFen),
    })),
  )
}

function personIdOf(index: number): string {
  return `00000000-0000-4000-8000-00000000${String(index).padStart(4, '0')}`
}

function caseOf(example: MonthlyExample): readonly CaseEvent[] {
  const from = example.month
  const opened = caseEvents.CaseOpened.data.parse({
    caseId: personIdOf(9000),
    programme: example.programme,
    division: districts[example.district],
    urbanRural: example.urbanRural,
    benefitClass: example.benefitClass,
    openedOn: `${from}-01`,
    importId: null,
    by: 'example',
  })
  const joined = example.members.map(({ relation, ...circumstances }, index) =>
    caseEvents.MemberJoined.data.parse({
      from,
      personId: personIdOf(index),
      relation,
      head: index === 0,
      circumstances,
      by: 'example',
    }),
  )
  const income = caseEvents.IncomeAssessed.data.parse({
    from,
    monthlyIncomeFen: parseYuan(example.income),
    basis: '算例',
    by: 'example',
  })
  return [
    { type: 'CaseOpened', data: opened },
    ...joined.map((data) => ({ type: 'MemberJoined' as const, data })),
    { type: 'IncomeAssessed', data: income },
  ]
}

function policyOf(example: MonthlyExample): Policy {
  const division = DivisionCode.parse(districts[example.district])
  const { programme } = example
  const known = readAllPolicy()
  const { rule } = ruleOn(allPolicy, { programme, division, month: example.month })
  const shared = { from: example.month, programme, division, document }
  const changed = programmeEvents.RuleSet.data.parse({
    ...shared,
    rule: { ...rule, ...example.ruleChanges },
  })
  if (!example.standard) return policyFrom([...known, { type: 'RuleSet', data: changed }])

  const { benefitClass, amount, per } = example.standard
  const set = standardEvents.StandardSet.data.parse({
    ...shared,
    benefitClass,
    amountFen: parseYuan(amount),
    per,
  })
  return policyFrom([
    ...known,
    { type: 'RuleSet', data: changed },
    { type: 'StandardSet', data: set },
  ])
}

/** By the decision's own arithmetic, on an index that rose alike in every month. */
function priceOf(example: PriceExample): PriceExample['expect'] {
  const division = DivisionCode.parse(districts.P2)
  const from = month('2012-01')
  const period = { division, from, to: addMonths(from, example.months - 1) }
  const indices = monthsOf(period).map((of) => ({
    month: of,
    division,
    cpiRiseBasisPoints: example.riseBasisPoints,
    foodRiseBasisPoints: null,
    publishedOn: plainDate('2012-04-09'),
    source: '算例',
  }))
  const { amountFen: monthlyFen } = monthlyAmountOf({ ...noPriceLink, indices }, period, {
    trigger: 'cpi',
    method: priceMethodOf(example),
  })
  return {
    monthly: formatYuan(monthlyFen),
    total: formatYuan(timesFen(monthlyFen, example.months)),
  }
}

t.test('bank layouts, and how banks answer, are as their schemas say', async (t) => {
  for (const name of ['delimited-utf8', 'fixed-gb18030']) {
    t.equal(BankLayout.parse(readPolicyJson(`../bank-layouts/payments/${name}.json`)).name, name)
    t.equal(AnswerLayout.parse(readPolicyJson(`../bank-layouts/answers/${name}.json`)).name, name)
  }
  t.throws(() => BankLayout.parse({ name: 'x' }))
})

t.test('price documents decide 83 yuan a month, once a person and beside each other', async (t) => {
  const { indices, decisions } = PriceFile.parse(readPolicyJson('price-link/p2-2012-q1.json'))
  const commands = [
    ...indices.map((index) => ({ type: 'PublishPriceIndex', ...index })),
    ...decisions.map((one) => ({ type: 'DecidePriceLink', ...one, rollOrdinal: 0 })),
  ].map((command) => PriceLinkCommand.parse(command))
  const decider = priceLinkDecider(allPolicy)
  const events: PriceLinkEvent[] = []
  for (const command of commands) events.push(...decider.decide(command, fold(decider, events)))
  const decided = events.flatMap((event) => (event.type === 'PriceLinkDecided' ? [event.data] : []))
  t.same(
    decided.map((data) => [data.trigger, data.regime, data.amountFen, data.programmes.length]),
    [
      ['document', '2011', 8300, 6],
      ['document', '2011', 8300, 1],
    ],
  )
})
