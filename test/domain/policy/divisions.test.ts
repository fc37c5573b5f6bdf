import t from 'tap'
import {
  assertDivision,
  codeOn,
  codesWithin,
  divisionNameOn,
} from '../../../src/domain/policy/divisions.js'
import { type PolicyEvent, policyFrom, standardOn } from '../../../src/domain/policy/policy.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { assertRefused } from '../../support/given.js'
import {
  benefitClass,
  division,
  divisionDefined,
  divisionId,
  divisionMerged,
  document,
  programme,
  programmeDefined,
  standardSet,
} from '../../support/policy.js'

const village = '990101001001'
const dibao = programmeDefined('urban-dibao')

const asked = (monthText: string, place: string) => ({
  programme: programme('urban-dibao'),
  division: division(place),
  benefitClass: benefitClass('general'),
  month: month(monthText),
})

t.test('divisions', async (t) => {
  const events: readonly PolicyEvent[] = [
    divisionDefined(1, { code: '990101', nameZh: '甲县' }),
    divisionDefined(2, { code: '990101001' }),
    divisionDefined(3, { code: '990101001001' }),
    divisionDefined(4, { code: '990102', nameZh: '乙县' }),
    divisionDefined(5, { code: '990102001' }),
    divisionDefined(6, { code: '990101002', from: '2014-01-01' }),
    divisionMerged(5, { from: '2013-01-01', into: '990101001' }),
    {
      type: 'DivisionRenamed',
      data: {
        from: plainDate('2015-06-01'),
        divisionId: divisionId(1),
        nameZh: '甲区',
        document: document('划〔2015〕3号'),
      },
    },
  ]
  const policy = policyFrom(events)
  const within = (code: string, on: string, of = policy) =>
    codesWithin(of, { division: division(code), on: plainDate(on) })

  t.test('a subtree holds what stands in it at the date it is asked of', async (t) => {
    t.strictSame(within('990101', '2012-06-30'), ['990101000000', '990101001000', village])
    t.strictSame(within('990102', '2012-06-30'), ['990102000000', '990102001000'])
    t.strictSame(within('990101', '2013-06-30'), [
      '990101000000',
      '990101001000',
      village,
      '990102001000',
    ])
    t.strictSame(within('990102', '2013-06-30'), ['990102000000'])
    t.ok(within('990101', '2014-01-01').includes(division('990101002')))
  })

  t.test('what is below a merged place goes with it, chains are followed', async (t) => {
    const chained = policyFrom([
      ...events,
      divisionDefined(7, { code: '990103' }),
      divisionMerged(1, { from: '2016-01-01', into: '990103' }),
    ])
    t.strictSame(within('990103', '2016-01-01', chained), [
      '990101000000',
      '990101001000',
      village,
      '990101002000',
      '990102001000',
      '990103000000',
    ])
    assertRefused(() => within('990101', '2016-01-01', chained), 'division-unknown', {
      mergedInto: '990103000000',
    })
  })

  t.test('a merger that goes round in a circle still has an end', async (t) => {
    const circle = policyFrom([
      divisionDefined(1, { code: '990101' }),
      divisionDefined(2, { code: '990102' }),
      divisionMerged(1, { from: '2013-01-01', into: '990102' }),
      divisionMerged(2, { from: '2013-01-01', into: '990101' }),
    ])
    t.equal(
      codeOn(circle, { division: division('990101'), on: plainDate('2014-01-01') }),
      '990101000000',
    )
  })

  t.test('a merged place lives under the policy of where it went', async (t) => {
    const both = policyFrom([
      ...events,
      dibao,
      standardSet('urban-dibao', { division: '990101', from: '2010-01', fen: 100 }),
      standardSet('urban-dibao', { division: '990102', from: '2010-01', fen: 200 }),
    ])
    t.equal(standardOn(both, asked('2012-12', '990102001')).monthlyFen, 200)
    t.equal(standardOn(both, asked('2013-01', '990102001')).monthlyFen, 100)
  })

  t.test('a place has the name of its day', async (t) => {
    const name = (on: string) =>
      divisionNameOn(policy, { division: division('990101'), on: plainDate(on) })
    t.equal(name('2015-05-31'), '甲县')
    t.equal(name('2015-06-01'), '甲区')
    assertRefused(() => name('1999-12-31'), 'division-unknown')
    assertRefused(
      () => assertDivision(policy, { division: division('990199'), on: plainDate('2012-01-01') }),
      'division-unknown',
      { division: '990199000000' },
    )
  })
})
