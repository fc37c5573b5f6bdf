import fc from 'fast-check'
import t from 'tap'
import {
  areCompatible,
  excludedBy,
  noPolicy,
  type PolicyEvent,
  policyFrom,
  programmeHoldsIn,
  programmeOf,
  ruleOn,
  standardOn,
  yearlyStepOf,
} from '../../../src/domain/policy/policy.js'
import { addMonths, month } from '../../../src/domain/values/calendar.js'
import { assertRefused } from '../../support/given.js'
import {
  benefitClass,
  division,
  divisionDefined,
  document,
  programme,
  programmeDefined,
  ruleSet,
  standardSet,
} from '../../support/policy.js'

const county = '990101'
const town = '990101001'
const village = '990101001001'
const dibao = programmeDefined('urban-dibao')

const asked = (monthText: string, place = village) => ({
  programme: programme('urban-dibao'),
  division: division(place),
  benefitClass: benefitClass('general'),
  month: month(monthText),
})

t.test('a standard', async (t) => {
  const policy = policyFrom([
    dibao,
    standardSet('urban-dibao', { division: '9901', from: '2011-01', fen: 30000 }),
    standardSet('urban-dibao', { division: county, from: '2011-07', fen: 39000 }),
    standardSet('urban-dibao', { division: county, from: '2012-07', fen: 41000 }),
    standardSet('urban-dibao', { division: '9901', from: '2012-10', fen: 31000 }),
  ])

  t.test('stands from its month on, with the date and paper it came from', async (t) => {
    t.strictSame(standardOn(policy, asked('2012-06')), {
      programme: 'urban-dibao',
      division: '990101000000',
      benefitClass: 'general',
      from: '2011-07',
      monthlyFen: 39000,
      document: document('标〔2011-07〕990101'),
    })
    t.equal(standardOn(policy, asked('2012-07')).monthlyFen, 41000)
  })

  t.test('of the nearer jurisdiction wins over a later one from further above', async (t) => {
    t.equal(standardOn(policy, asked('2012-12')).monthlyFen, 41000)
    t.equal(standardOn(policy, asked('2012-12', '990102001001')).monthlyFen, 31000)
    t.equal(standardOn(policy, asked('2011-03')).monthlyFen, 30000)
  })

  t.test('that is missing is refused with what was asked', async () => {
    assertRefused(() => standardOn(policy, asked('2010-12')), 'standard-missing-for-month', {
      month: '2010-12',
      division: village,
      benefitClass: 'general',
    })
    assertRefused(
      () => standardOn(policy, asked('2012-12', '980101')),
      'standard-missing-for-month',
    )
    assertRefused(
      () => standardOn(policy, { ...asked('2012-12'), benefitClass: benefitClass('other') }),
      'standard-missing-for-month',
    )
    assertRefused(() => standardOn(noPolicy, asked('2012-12')), 'programme-unknown')
  })

  t.test('set again for the same month supersedes the one known before', async (t) => {
    const later = standardSet('urban-dibao', { division: county, from: '2012-07', fen: 41500 })
    const first = standardSet('urban-dibao', { division: county, from: '2012-07', fen: 41000 })
    t.equal(standardOn(policyFrom([dibao, first, later]), asked('2012-07')).monthlyFen, 41500)
    t.equal(standardOn(policyFrom([dibao, later, first]), asked('2012-07')).monthlyFen, 41000)
  })

  t.test('of a year is divided by twelve, and shows it', async (t) => {
    const yearly = (fen: number) =>
      policyFrom([
        dibao,
        standardSet('urban-dibao', { division: county, from: '2012-01', fen, per: 'year' }),
      ])
    t.equal(standardOn(yearly(240000), asked('2012-05')).monthlyFen, 20000)
    t.strictSame(yearlyStepOf(yearly(240000), asked('2012-05')), {
      what: '2400.00 a year ÷ 12',
      amountFen: 20000,
    })
    t.equal(standardOn(yearly(250006), asked('2012-05')).monthlyFen, 20834)
    t.strictSame(yearlyStepOf(yearly(250006), asked('2012-05')), {
      what: '2500.06 a year ÷ 12, half-up to the fen',
      amountFen: 20834,
    })
    t.equal(yearlyStepOf(policy, asked('2012-05')), null)
  })
})

t.test('a rule is chosen as a standard is, and says where it comes from', async (t) => {
  const policy = policyFrom([
    dibao,
    ruleSet('urban-dibao', { division: '99', from: '2010-01' }, { graceMonths: 1 }),
    ruleSet('urban-dibao', { division: town, from: '2011-01' }, { graceMonths: 3 }),
    ruleSet('urban-dibao', { division: county, from: '2012-01' }, { graceMonths: 6 }),
  ])
  t.equal(ruleOn(policy, asked('2012-05')).rule.graceMonths, 3)
  t.equal(ruleOn(policy, asked('2012-05', '990101002')).rule.graceMonths, 6)
  t.equal(ruleOn(policy, asked('2011-12', '990101002')).rule.graceMonths, 1)
  t.strictSame(ruleOn(policy, asked('2012-05')).document, document('规〔2011-01〕990101001'))
  assertRefused(() => ruleOn(policy, asked('2009-12')), 'rule-missing-for-month')
})

t.test('trap 19: a parameter for later changes no month before it', async (t) => {
  const steps = fc.record({
    from: fc.integer({ min: 0, max: 60 }),
    fen: fc.integer({ min: 0, max: 100000 }),
    place: fc.constantFrom('99', '9901', county, town),
  })
  const property = fc.property(fc.array(steps, { minLength: 1 }), steps, (history, added) => {
    const start = month('2010-01')
    const set = (step: typeof added) =>
      standardSet('urban-dibao', {
        division: step.place,
        from: addMonths(start, step.from),
        fen: step.fen,
      })
    const base = standardSet('urban-dibao', { division: '99', from: '2010-01', fen: 1 })
    const before = policyFrom([dibao, base, ...history.map(set)])
    const after = policyFrom([dibao, base, ...history.map(set), set(added)])
    for (let at = 0; at < added.from; at += 1) {
      const question = asked(addMonths(start, at))
      if (standardOn(before, question).monthlyFen !== standardOn(after, question).monthlyFen) {
        return false
      }
    }
    return true
  })
  const result = fc.check(property, { numRuns: 200 })
  t.notOk(result.failed, `seed ${result.seed}: ${JSON.stringify(result.counterexample)}`)
})

t.test('a policy', async (t) => {
  const events: readonly PolicyEvent[] = [
    dibao,
    standardSet('urban-dibao', { division: county, from: '2012-07', fen: 41000 }),
    divisionDefined(1, { code: county }),
  ]
  t.strictSame(JSON.parse(JSON.stringify(policyFrom(events))), policyFrom(events))

  t.test('keeps a programme as it was before it is defined anew', async (t) => {
    const anew = programmeDefined('urban-dibao', { nameZh: '城市低保' }, '2014-01')
    const policy = policyFrom([dibao, anew])
    t.equal(programmeOf(policy, programme('urban-dibao'), month('2013-12')).nameZh, 'urban-dibao')
    t.equal(programmeOf(policy, programme('urban-dibao')).nameZh, '城市低保')
    assertRefused(
      () => programmeOf(policy, programme('urban-dibao'), month('1999-12')),
      'programme-unknown',
    )
    assertRefused(() => programmeOf(policy, programme('constructor')), 'programme-unknown')
  })

  t.test('knows who excludes whom, whichever of the two says it', async (t) => {
    const policy = policyFrom([
      programmeDefined('tekun', { excludes: [programme('urban-dibao'), programme('orphan')] }),
      dibao,
      programmeDefined('orphan'),
      programmeDefined('temporary-aid', { repeatable: true }),
    ])
    t.notOk(areCompatible(policy, programme('urban-dibao'), programme('tekun')))
    t.notOk(areCompatible(policy, programme('tekun'), programme('urban-dibao')))
    t.ok(areCompatible(policy, programme('orphan'), programme('urban-dibao')))
    t.notOk(areCompatible(policy, programme('orphan'), programme('orphan')))
    t.ok(areCompatible(policy, programme('temporary-aid'), programme('temporary-aid')))
    t.strictSame(excludedBy(policy, programme('orphan')), ['tekun'])
    t.strictSame(excludedBy(policy, programme('tekun')), ['orphan', 'urban-dibao'])
  })

  t.test('holds a programme in a subtree until the month it is lifted', async (t) => {
    const hold = {
      programme: programme('urban-dibao'),
      holdId: 'h1',
      reason: '资金未到位',
    }
    const policy = policyFrom([
      dibao,
      {
        type: 'ProgrammeHoldPlaced',
        data: { ...hold, division: division(county), from: month('2012-02') },
      },
      { type: 'ProgrammeHoldLifted', data: { ...hold, from: month('2012-04') } },
    ])
    const held = (monthText: string, place = village) =>
      programmeHoldsIn(policy, asked(monthText, place)).length
    t.strictSame(
      ['2012-01', '2012-02', '2012-03', '2012-04'].map((one) => held(one)),
      [0, 1, 1, 0],
    )
    t.equal(held('2012-03', '990102001'), 0)
  })
})
