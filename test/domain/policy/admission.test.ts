import assert from 'node:assert/strict'
import t from 'tap'
import { caseDecider } from '../../../src/domain/case/decide.js'
import { fold } from '../../../src/domain/decider.js'
import { assertClassOf, assertRollOf } from '../../../src/domain/policy/admission.js'
import { policyFrom } from '../../../src/domain/policy/policy.js'
import { month } from '../../../src/domain/values/calendar.js'
import { BenefitClass } from '../../../src/domain/values/document.js'
import { clerk, lived, opened, otherVillage, policyWith } from '../../support/case-world.js'
import {
  benefitClass,
  division,
  programme,
  programmeDefined,
  ruleSet,
  standardSet,
} from '../../support/policy.js'

const [urban, rural] = [programme('urban-dibao'), programme('rural-dibao')]
const village = division('990107001002')
const place = { division: '990107000000', from: '2010-01' }
const policy = policyFrom([
  programmeDefined('urban-dibao', { urbanRural: 'urban' }),
  programmeDefined('rural-dibao', { urbanRural: 'rural' }),
  programmeDefined('old-age-allowance', { kind: 'age-band', urbanRural: 'none' }),
  programmeDefined('festival', { kind: 'one-off', urbanRural: 'none' }),
  ruleSet('old-age-allowance', place, {
    ageBands: [{ fromAge: 80, benefitClass: benefitClass('age-80') }],
  }),
  standardSet('urban-dibao', { ...place, class: 'tier-1', fen: 40_000 }),
  standardSet('urban-dibao', {
    from: '2010-01',
    division: '990108000000',
    class: 'tier-2',
    fen: 1,
  }),
])
const refused = (code: string, facts: object) => ({ code, facts })

t.test('a case is on the roll that its programme is for', async () => {
  assertRollOf(policy, { programme: urban, division: village, urbanRural: 'urban' })
  assertRollOf(policy, { programme: rural, division: village, urbanRural: 'rural' })
  for (const urbanRural of ['urban', 'rural'] as const)
    assertRollOf(policy, {
      programme: programme('old-age-allowance'),
      division: village,
      urbanRural,
    })
  assert.throws(
    () => assertRollOf(policy, { programme: urban, division: village, urbanRural: 'rural' }),
    refused('roll-of-programme-differs', { programme: urban, urbanRural: 'rural', roll: 'urban' }),
  )
})

t.test('a case lives in a village or a town', async () => {
  const at = (code: string) => ({
    programme: urban,
    urbanRural: 'urban' as const,
    division: division(code),
  })
  assertRollOf(policy, at('990107001000'))
  for (const code of ['990107000000', '990100000000', '990000000000'])
    assert.throws(
      () => assertRollOf(policy, at(code)),
      refused('division-above-town', { division: code }),
    )
})

t.test('a class is one of which a standard or a rule of that place speaks', async () => {
  const of = (code: string, name: string) => () =>
    assertClassOf(policy, {
      programme: programme(code),
      division: village,
      benefitClass: benefitClass(name),
    })
  of('urban-dibao', 'general')()
  of('urban-dibao', 'tier-1')()
  of('old-age-allowance', 'age-80')()
  of('festival', 'whoever')()
  assert.throws(
    of('urban-dibao', 'tier-2'),
    refused('benefit-class-unknown', {
      programme: urban,
      benefitClass: 'tier-2',
      known: ['general', 'tier-1'],
    }),
    'another county’s',
  )
  assert.throws(of('old-age-allowance', 'age-90'), { code: 'benefit-class-unknown' })
})

t.test(
  'a case that was opened is neither moved to the other roll nor put in no class',
  async () => {
    const decider = caseDecider(policyWith())
    const state = fold(decider, lived(decider, [opened()]))
    const from = month('2012-05')
    const moved = {
      type: 'MoveCase',
      from,
      division: otherVillage,
      reason: '迁居',
      by: clerk,
    } as const
    assert.throws(() => decider.decide({ ...moved, urbanRural: 'rural' }, state), {
      code: 'roll-of-programme-differs',
    })
    assert.equal(decider.decide({ ...moved, urbanRural: 'urban' }, state).length, 1)
    const classed = (name: string) =>
      decider.decide(
        {
          type: 'ReclassifyCase',
          from,
          benefitClass: BenefitClass.parse(name),
          reason: '分类',
          by: clerk,
        },
        state,
      )
    assert.throws(() => classed('no-such-class'), { code: 'benefit-class-unknown' })
    assert.equal(classed('partial').length, 1)
  },
)
