import t from 'tap'
import { plainDate } from '../../../src/domain/values/calendar.js'
import { ActorId } from '../../../src/domain/values/identifiers.js'
import { given } from '../../support/given.js'
import { amount, division } from '../../support/policy.js'
import { decide, decided, decider, index } from './price-decisions.js'

const named = { decisionId: 'd1', division: division('990101'), reason: '有误' }
const counted = { grants: 2, persons: 3, amountFen: amount(7200), refused: 0 }
const day = plainDate('2017-02-03')
const byWhom = (name: string) => ActorId.parse(name)
const prepareRetraction = (by: string, over: object = {}) =>
  ({
    type: 'PreparePriceRetraction',
    ...{ preparedOn: day, ...named, counted, by: byWhom(by), ...over },
  }) as const
const retractionPrepared = (by: string) =>
  ({
    type: 'PriceRetractionPrepared',
    data: { preparedOn: day, ...named, counted, by: byWhom(by) },
  }) as const
const retract = (by: string, over: object = {}) =>
  ({
    type: 'RetractPriceLink',
    ...{ retractedOn: day, ...named, by: byWhom(by), ...over },
  }) as const
const retracted = (by: string, preparedBy: string) =>
  ({
    type: 'PriceLinkRetracted',
    data: { retractedOn: day, ...named, preparedBy: byWhom(preparedBy), by: byWhom(by) },
  }) as const

t.test('a decision is retracted by two, for one reason', async () => {
  given(decider, decided()).when(prepareRetraction('a')).then(retractionPrepared('a'))
  given(decider, decided(), retractionPrepared('a')).when(retract('b')).then(retracted('b', 'a'))
  given(decider, decided()).when(retract('b')).thenRefused('price-retraction-not-prepared')
  given(decider, decided(), retractionPrepared('a'))
    .when(retract('b', { reason: '别的' }))
    .thenRefused('price-retraction-not-prepared')
  given(decider, decided(), retractionPrepared('a'))
    .when(retract('a'))
    .thenRefused('same-person-prepares-and-approves')
  for (const over of [{ decisionId: 'd2' }, { division: division('990102') }]) {
    given(decider, decided())
      .when(prepareRetraction('a', over))
      .thenRefused('price-decision-unknown')
    given(decider, decided()).when(retract('b', over)).thenRefused('price-decision-unknown')
  }
})

t.test('a retracted decision stays so, gives nothing again, and overlaps nothing', async () => {
  const gone = [
    index('2017-01', 450),
    decided(),
    retractionPrepared('a'),
    retracted('b', 'a'),
  ] as const
  given(decider, ...gone)
    .when(retract('c'))
    .thenNothing()
  const facts = { decisionId: 'd1', retractedOn: day, reason: '有误' }
  const again = [
    prepareRetraction('a'),
    decide(),
    { type: 'RecordPriceDecision', ...decided().data } as const,
  ]
  for (const command of again)
    given(decider, ...gone)
      .when(command)
      .thenRefused('price-decision-retracted', facts)
  given(decider, ...gone)
    .when(decide({ decisionId: 'd2' }))
    .then(decided({ decisionId: 'd2' }))
})
