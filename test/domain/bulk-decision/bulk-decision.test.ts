import t from 'tap'
import { bulkDecisionDecider } from '../../../src/domain/bulk-decision/bulk-decision.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { ActorId, ordinal } from '../../../src/domain/values/identifiers.js'
import { given } from '../../support/given.js'
import { amount, division, document, programme } from '../../support/policy.js'

const bulkDecision = {
  kind: 'campaign' as const,
  campaign: {
    campaignId: 'dragon-boat-2012',
    programme: programme('festival'),
    month: month('2012-06'),
    decidedOn: plainDate('2012-06-01'),
    division: division('990107'),
    document: document('节〔2012〕6号'),
  },
  unit: 'household' as const,
  tiers: [{ programme: programme('urban-dibao'), amountFen: amount(20_000) }],
}
const counted = { grants: 2, persons: 3, amountFen: amount(40_000), refused: 0 }
const day = plainDate('2012-06-01')
const actor = (name: string) => ActorId.parse(name)
const prepared = (by: string, at = 900) =>
  ({
    type: 'BulkDecisionPrepared',
    data: {
      preparedOn: day,
      decision: bulkDecision,
      rollOrdinal: ordinal(at),
      counted,
      by: actor(by),
    },
  }) as const
const prepare = (by: string, at = 900) =>
  ({ ...prepared(by, at).data, type: 'PrepareBulkDecision' }) as const
const approve = (by: string) =>
  ({
    type: 'ApproveBulkDecision',
    approvedOn: day,
    decision: bulkDecision,
    by: actor(by),
  }) as const
const approved = (by: string, of: { readonly preparedBy: string; readonly at: number }) =>
  ({
    type: 'BulkDecisionApproved',
    data: {
      approvedOn: day,
      decision: bulkDecision,
      rollOrdinal: ordinal(of.at),
      counted,
      preparedBy: actor(of.preparedBy),
      by: actor(by),
    },
  }) as const

t.test('what one prepared another approves, for the rolls that were counted', async () => {
  given(bulkDecisionDecider).when(prepare('a')).then(prepared('a'))
  given(bulkDecisionDecider, prepared('a'))
    .when(approve('b'))
    .then(approved('b', { preparedBy: 'a', at: 900 }))
})

t.test('the latest count of somebody else is what is approved', async () => {
  given(bulkDecisionDecider, prepared('a', 900), prepared('a', 950), prepared('b', 990))
    .when(approve('b'))
    .then(approved('b', { preparedBy: 'a', at: 950 }))
})

t.test('nobody approves alone, nor what nobody prepared', async () => {
  given(bulkDecisionDecider).when(approve('b')).thenRefused('bulk-decision-not-prepared')
  given(bulkDecisionDecider, prepared('b'))
    .when(approve('b'))
    .thenRefused('same-person-prepares-and-approves')
})

t.test('what is approved stays so, whoever sends or prepares it again', async () => {
  const done = [prepared('a'), approved('b', { preparedBy: 'a', at: 900 })]
  given(bulkDecisionDecider, ...done)
    .when(approve('a'))
    .thenNothing()
  given(bulkDecisionDecider, ...done)
    .when(prepare('c', 999))
    .thenNothing()
})

const why = '金额有误'
const withdraw = (by: string, place: string | null = null) =>
  ({
    type: 'WithdrawBulkDecision',
    withdrawnOn: day,
    by: actor(by),
    reason: why,
    division: place === null ? null : division(place),
  }) as const
const withdrawn = (by: string, preparedBy: readonly string[]) =>
  ({
    type: 'BulkDecisionWithdrawn',
    data: { withdrawnOn: day, preparedBy: preparedBy.map(actor), by: actor(by), reason: why },
  }) as const

t.test('what waits is withdrawn by who prepared it, or for its place', async () => {
  const both = [prepared('a'), prepared('b'), prepared('a', 950)]
  given(bulkDecisionDecider, ...both)
    .when(withdraw('a'))
    .then(withdrawn('a', ['a']))
  given(bulkDecisionDecider, ...both)
    .when(withdraw('c', '990107'))
    .then(withdrawn('c', ['a', 'b']))
  given(bulkDecisionDecider, ...both)
    .when(withdraw('c', '990108'))
    .thenRefused('bulk-decision-prepared-by-others')
  given(bulkDecisionDecider).when(withdraw('a')).thenRefused('bulk-decision-unknown')
  given(bulkDecisionDecider, prepared('a'), withdrawn('c', ['a']))
    .when(withdraw('a'))
    .thenNothing()
})

t.test('what was withdrawn is approved by nobody, until it is prepared anew', async () => {
  const gone = [prepared('a'), prepared('b'), withdrawn('a', ['a', 'b'])]
  const facts = { name: 'dragon-boat-2012', withdrawnOn: day, by: 'a', reason: why }
  given(bulkDecisionDecider, ...gone)
    .when(approve('c'))
    .thenRefused('bulk-decision-withdrawn', facts)
  given(bulkDecisionDecider, ...gone, prepared('a', 950))
    .when(approve('b'))
    .then(approved('b', { preparedBy: 'a', at: 950 }))
  given(bulkDecisionDecider, prepared('a'), prepared('b'), withdrawn('a', ['a']))
    .when(approve('c'))
    .then(approved('c', { preparedBy: 'b', at: 900 }))
})

t.test('what was approved is not withdrawn', async () => {
  given(bulkDecisionDecider, prepared('a'), approved('b', { preparedBy: 'a', at: 900 }))
    .when(withdraw('a'))
    .thenRefused('bulk-decision-already-approved', { name: 'dragon-boat-2012' })
})

const refusal = { refusedOn: day, decision: bulkDecision, code: 'price-already-decided' }
const refuse = { ...refusal, type: 'RefuseBulkDecision', by: actor('b') } as const
const refusedIt = { type: 'BulkDecisionRefused', data: { ...refusal, by: actor('b') } } as const

t.test('what was approved and is refused then is not approved any more', async () => {
  const done = [prepared('a'), approved('b', { preparedBy: 'a', at: 900 })]
  given(bulkDecisionDecider, ...done)
    .when(refuse)
    .then(refusedIt)
  given(bulkDecisionDecider, prepared('a')).when(refuse).thenNothing()
  given(bulkDecisionDecider, ...done, refusedIt)
    .when(refuse)
    .thenNothing()
  given(bulkDecisionDecider, ...done, refusedIt)
    .when(approve('b'))
    .thenRefused('bulk-decision-not-prepared')
  given(bulkDecisionDecider, ...done, refusedIt, prepared('a', 950))
    .when(approve('b'))
    .then(approved('b', { preparedBy: 'a', at: 950 }))
})

t.test('a name stands for one set of terms', async () => {
  const { campaign } = bulkDecision
  const done = [prepared('a'), approved('b', { preparedBy: 'a', at: 900 })]
  const others = [
    { ...bulkDecision, unit: 'person' as const },
    { ...bulkDecision, campaign: { ...campaign, month: month('2012-07') } },
    { ...bulkDecision, tiers: [{ programme: programme('urban-dibao'), amountFen: amount(1) }] },
  ]
  for (const decision of others) {
    const differs = ['bulk-decision-differs', { name: 'dragon-boat-2012' }] as const
    given(bulkDecisionDecider, ...done)
      .when({ ...prepare('a'), decision })
      .thenRefused(...differs)
    given(bulkDecisionDecider, ...done)
      .when({ ...approve('b'), decision })
      .thenRefused(...differs)
  }
  const later = {
    ...bulkDecision,
    campaign: { ...campaign, decidedOn: plainDate('2012-06-20') },
  }
  given(bulkDecisionDecider, ...done)
    .when({ ...prepare('a'), decision: later })
    .then({ ...prepared('a'), data: { ...prepared('a').data, decision: later } })
  given(bulkDecisionDecider, ...done)
    .when({ ...approve('b'), decision: later })
    .thenRefused('bulk-decision-not-prepared')
})
