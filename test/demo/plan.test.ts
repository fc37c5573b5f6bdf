import t from 'tap'
import {
  demonstrationPlan,
  foundingPolicy,
} from '../../scripts/demo/generator/demonstration-plan.js'
import type { DistrictKey, DistrictPlan } from '../../scripts/demo/generator/plan.js'
import { IdentityNumber } from '../../src/domain/values/identity-number.js'
import { readPolicyFile } from '../policy/policy-files.js'
import { actionsOf } from './oracle-answers.js'
import {
  coveredBy,
  dibaoFenIn,
  entriesInto,
  exitsFrom,
  livedThrough,
  type OracleCase,
  policyItems,
  rollIn,
} from './plan-oracle.js'

const plans = demonstrationPlan()

function planOf(key: DistrictKey): DistrictPlan {
  const plan = plans.find((one) => one.key === key)
  if (!plan) throw new Error(`no plan ${key}`)
  return plan
}

const [p2, p3, p4] = [planOf('P2'), planOf('P3'), planOf('P4')]
const lived = { P2: livedThrough(p2), P3: livedThrough(p3), P4: livedThrough(p4) }

function of(cases: readonly OracleCase[], ...programmes: string[]): readonly OracleCase[] {
  return cases.filter((one) => programmes.includes(one.programme))
}

const p2Dibao = of(lived.P2, 'urban-dibao', 'rural-dibao')
const p4Dibao = of(lived.P4, 'urban-dibao', 'rural-dibao')
const p2Months = ['2012-01', '2012-02', '2012-03', '2012-04', '2012-05']
const yearMonths = Array.from({ length: 12 }, (_, at) => `2012-${String(at + 1).padStart(2, '0')}`)

const policy = {
  P2: policyItems(['rules/p2.json', 'standards/p2.json']),
  P4: policyItems(['rules/p4.json', 'standards/p4.json', 'standards/p4-2012-07.json']),
}

function moneyIn(cases: readonly OracleCase[], key: 'P2' | 'P4', month: string): number {
  return cases.reduce((sum, one) => sum + dibaoFenIn(one, month, policy[key]), 0)
}

function perHead(amountFen: number, heads: number): string {
  return (Math.floor((2 * amountFen + heads) / (2 * heads)) / 100).toFixed(2)
}

t.test('the same plan comes out every time', async (t) => {
  t.equal(JSON.stringify(demonstrationPlan()), JSON.stringify(plans))
})

t.test('P2-01, P2-02: the rolls of May and what a person got', async (t) => {
  const expected = [
    ['urban-dibao', { households: 512, persons: 664 }, '467.92', '391.11'],
    ['rural-dibao', { households: 619, persons: 844 }, '473.50', '320.27'],
  ] as const
  for (const [programme, roll, perCapita, lastYear] of expected) {
    const cases = of(lived.P2, programme)
    t.same(rollIn(cases, '2012-05'), roll, programme)
    t.equal(perHead(moneyIn(cases, 'P2', '2012-05'), roll.persons), perCapita, programme)
    t.equal(lastYearsPerHead(programme), lastYear, programme)
  }
})

/** From the history of the opening rows alone. */
function lastYearsPerHead(programme: string): string {
  const rows = p2.opening.cases.filter((row) => row.programme === programme)
  const paid = rows.flatMap((row) =>
    row.history.filter(({ from, to }) => from <= '2011-05' && '2011-05' <= to),
  )
  const keys = new Set(rows.map((row) => row.caseKey))
  const heads = p2.opening.members.filter(
    (row) => keys.has(row.caseKey) && row.from <= '2011-05',
  ).length
  return perHead(
    paid.reduce((sum, row) => sum + row.amountFen, 0),
    heads,
  )
}

t.test('P2-03: January to May comes to 371.69 万元', async (t) => {
  const total = p2Months.reduce((sum, month) => sum + moneyIn(p2Dibao, 'P2', month), 0)
  t.ok(total >= 371_685_000 && total <= 371_694_999, `${total} fen`)
})

t.test('P2-06: opening, entries, exits and closing', async (t) => {
  t.same(rollIn(p2Dibao, '2011-12'), { households: 1185, persons: 1608 })
  const entries = p2Months.map((month) => entriesInto(p2Dibao, month))
  const exits = p2Months.map((month) => exitsFrom(p2Dibao, month))
  t.same(summed(entries), { households: 282, persons: 378 })
  t.same(summed(exits), { households: 336, persons: 478 })
  t.same(rollIn(p2Dibao, '2012-05'), { households: 1131, persons: 1508 })
})

function summed(counts: readonly { readonly households: number; readonly persons: number }[]) {
  return counts.reduce(
    (sum, count) => ({
      households: sum.households + count.households,
      persons: sum.persons + count.persons,
    }),
    { households: 0, persons: 0 },
  )
}

t.test('opening history of the last month is what the policy gives', async (t) => {
  const rows = p2.opening.cases.filter((one) => one.programme.endsWith('-dibao'))
  const wrong = rows.filter((row) => {
    const last = row.history.findLast(({ to }) => to === '2011-12')
    const one = lived.P2.find((each) => each.caseKey === row.caseKey)
    return !one || last?.amountFen !== dibaoFenIn(one, '2011-12', policy.P2)
  })
  t.equal(rows.length, 1185)
  t.same(wrong, [])
})

t.test('every household on a roll is entitled to at least ten yuan', async (t) => {
  const idle = (['P2', 'P4'] as const).flatMap((key) =>
    [...(key === 'P2' ? p2Months : yearMonths)].flatMap((month) =>
      of(lived[key], 'urban-dibao', 'rural-dibao')
        .filter((one) => coveredBy(one, month).length > 0)
        .filter((one) => dibaoFenIn(one, month, policy[key]) < 1000)
        .map((one) => `${one.caseKey} ${month}`),
    ),
  )
  t.same(idle, [])
})

t.test('P2-14, P2-20: the price subsidy reaches 2517 persons, and 342 beside them', async (t) => {
  const rolls = ['urban-dibao', 'rural-dibao', 'tekun', 'orphan', 'disabled-basic', 'dibao-edge']
  const persons = of(lived.P2, ...rolls).flatMap((one) =>
    coveredBy(one, '2012-03').map((member) => member.personKey),
  )
  t.equal(new Set(persons).size, 2517)
  t.equal(persons.length - new Set(persons).size, 53, 'on two rolls')
  t.equal(2517 * 83 * 3, 626_733)
  const veterans = of(lived.P2, 'key-veterans').flatMap((one) => coveredBy(one, '2012-03'))
  t.equal(veterans.length, 342)
  t.notOk(veterans.some((member) => persons.includes(member.personKey)))
})

t.test('P2-16, P2-22, P2-26, P3-01 to P3-03: campaigns', async (t) => {
  const lists = [...actionsOf(p2, 'import-campaign'), ...actionsOf(p3, 'import-campaign')]
  const sums = lists.flatMap(({ programme, recipients }) =>
    [...new Set(recipients.map((one) => one.benefitClass))].map((tier) => {
      const ofTier = recipients.filter((one) => one.benefitClass === tier)
      const yuan = ofTier.reduce((sum, one) => sum + one.amountFen, 0) / 100
      return [programme, tier, ofTier.length, yuan]
    }),
  )
  t.same(sums, [
    ['festival-greeting', 'general', 5823, 8_734_500],
    ['veterans-festival-greeting', 'general', 303, 454_500],
    ['disabled-veterans-greeting', 'general', 26, 15_600],
    ['dragon-boat-aid', 'key-aid', 3015, 904_500],
    ['dragon-boat-aid', 'dibao-edge', 3500, 700_000],
  ])
  for (const { recipients } of lists) {
    t.equal(new Set(recipients.map((one) => one.personKey)).size, recipients.length)
  }
})

t.test('P2-31: 704 deaths, of whom the ledger knows only those of its rolls', async (t) => {
  const lists = actionsOf(p2, 'import-deaths')
  const rows = lists.flatMap((list) => list.rows)
  t.equal(rows.length, 704)
  t.equal(new Set(rows.map((row) => row.identityNumber)).size, 704)
  t.match(lists.at(-1)?.remarks.join(), /704.*701.*3/)
  const known = p2.persons.filter((person) =>
    rows.some((row) => row.identityNumber === person.identityNumber),
  )
  t.equal(known.length, 43)
  for (const person of known) {
    t.ok(
      lived.P2.some((one) => one.members.some((member) => member.personKey === person.key)),
      person.key,
    )
  }
})

t.test('P3-06, P3-07: the standards before and after, on rolls that live through it', async (t) => {
  const items = policyItems(['standards/p3.json', 'standards/p3-2012-04.json'])
  const figures = (programme: string) =>
    items.filter((item) => item.programme === programme).map((item) => item.amountFen)
  t.same(figures('retired-1960s-workers'), [20_900, 30_900])
  t.same(figures('tekun'), [624_000, 624_000, 696_000, 696_000])
  t.same(rollIn(of(lived.P3, 'tekun'), '2012-03'), { households: 170, persons: 170 })
  t.same(rollIn(of(lived.P3, 'retired-1960s-workers'), '2012-03'), { households: 24, persons: 24 })
})

t.test('P4-02, P4-03: the year comes to 170.9 万元, and its roll to 286 households', async (t) => {
  const total = yearMonths.reduce((sum, month) => sum + moneyIn(p4Dibao, 'P4', month), 0)
  t.ok(total >= 170_850_000 && total <= 170_949_999, `${total} fen`)
  t.ok(total <= 253_956_000)
  t.same(rollIn(of(lived.P4, 'urban-dibao'), '2012-12'), { households: 222, persons: 477 })
  t.same(rollIn(of(lived.P4, 'rural-dibao'), '2012-12'), { households: 64, persons: 128 })
})

t.test('P4-04: two censuses look at every household on the roll', async (t) => {
  const reviews = actionsOf(p4, 'record-review').filter((action) => action.kind === 'census')
  for (const census of ['2012-05', '2012-11']) {
    const seen = reviews.filter((action) => action.on.startsWith(census))
    const keys = new Set(seen.map((action) => action.caseKey))
    t.equal(keys.size, rollIn(p4Dibao, census).households, census)
  }
})

t.test('continuations are neither entries nor exits', async (t) => {
  const continued = lived.P4.filter((one) => one.continues)
  t.equal(continued.length, 2)
  t.equal(actionsOf(p4, 'continue-case').length, 2)
  t.same(
    yearMonths.map((month) => entriesInto(lived.P4, month).households).reduce((a, b) => a + b, 0),
    19,
  )
})

t.test('nobody in a plan can exist, and everybody is there once', async (t) => {
  for (const plan of plans) {
    const numbers = plan.persons.map((person) => person.identityNumber)
    t.equal(new Set(numbers).size, numbers.length, plan.key)
    t.ok(numbers.every((number) => number.startsWith('99')))
    t.ok(numbers.every((number) => IdentityNumber.safeParse(number).success))
    t.equal(new Set(plan.persons.map((person) => person.key)).size, numbers.length)
  }
})

t.test('places are those that the policy defines', async (t) => {
  const codes = foundingPolicy
    .flatMap(readPolicyFile)
    .flatMap((event) => (event.type === 'DivisionDefined' ? [String(event.data.code)] : []))
  for (const plan of plans) {
    const used = [
      ...plan.opening.cases.map((row) => row.division),
      ...actionsOf(plan, 'open-case').map((action) => action.division),
      ...actionsOf(plan, 'move-case').map((action) => action.division),
      ...actionsOf(plan, 'import-campaign').flatMap((action) =>
        action.recipients.map((one) => one.division),
      ),
    ]
    t.same(
      [...new Set(used)].filter((code) => !codes.includes(code)),
      [],
      plan.key,
    )
  }
})

t.test('actions come in order of date, on cases that are open and not ended', async (t) => {
  for (const plan of plans) t.same(faultsOf(plan), [], plan.key)
})

function faultsOf(plan: DistrictPlan): readonly string[] {
  const opened = new Set(plan.opening.cases.map((row) => row.caseKey))
  const ended = new Set<string>()
  const faults: string[] = []
  let last = ''
  for (const action of plan.months.flatMap(({ actions }) => actions)) {
    if (action.on < last) faults.push(`${action.do} goes back to ${action.on}`)
    last = action.on
    if (action.do === 'open-case') opened.add(action.caseKey)
    if (!('caseKey' in action)) continue
    if (!opened.has(action.caseKey)) faults.push(`${action.caseKey} was never opened`)
    if (ended.has(action.caseKey)) faults.push(`${action.caseKey} has ended: ${action.do}`)
    if (action.do === 'approve-exit') ended.add(action.caseKey)
  }
  return faults
}

t.test(
  'figures that cannot be computed are recorded as printed, two of them flagged',
  async (t) => {
    const all = plans.flatMap((plan) => actionsOf(plan, 'record-reported-figure'))
    const flagged = all.filter((action) => action.standing !== 'reported')
    t.same(
      flagged.map(({ figureId, standing }) => [figureId, standing]),
      [
        ['P2-15', 'anomaly'],
        ['P2-28', 'inconsistent'],
      ],
    )
    t.ok(flagged.every((action) => action.reason))
    const computed = ['P2-01', 'P2-02', 'P2-03', 'P2-06', 'P2-14', 'P2-16', 'P2-20', 'P2-22']
    t.notOk(all.some((action) => computed.includes(action.figureId)))
    t.equal(all.find((action) => action.figureId === 'P2-33')?.amountFen, 5_034_600)
  },
)
