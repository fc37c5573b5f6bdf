import t from 'tap'
import { payerDecider as decider } from '../../../src/domain/fund/decide.js'
import type { RunParameters } from '../../../src/domain/payment-run/events.js'
import { month } from '../../../src/domain/values/calendar.js'
import { given } from '../../support/given.js'
import { division, programme } from '../../support/policy.js'
import { admit, admitted, reserved, runOf, settled } from './payer-events.js'

t.test('an earlier month beside a later one that was prepared and not sent', async (t) => {
  const january = { period: month('2012-01') }
  const february = { period: month('2012-02') }
  const prepared = (number: number, over: Partial<RunParameters>) => [
    admitted(number, over),
    settled(number, 'prepared'),
  ]
  const waits = { runId: runOf(1), number: 1, period: '2012-02', asked: '2012-01' }

  t.test('is refused while the later one may hold it', async () => {
    given(decider, ...prepared(1, february))
      .when(admit(2, january))
      .thenRefused('later-run-undecided', waits)
    for (const outcome of ['released', 'rejected'] as const)
      given(decider, ...prepared(1, february), settled(1, outcome))
        .when(admit(2, january))
        .then(admitted(2, january))
  })

  t.test(
    'also when the money for the later one is put aside: it can still be rejected',
    async () => {
      given(decider, ...prepared(1, february), reserved(1))
        .when(admit(2, january))
        .thenRefused('later-run-undecided', waits)
    },
  )

  t.test('opens again where the later one was opened behind it', async () => {
    const again = { ...january, number: 2 }
    const behind = [...prepared(1, january), ...prepared(2, february), settled(1, 'rejected')]
    given(decider, ...behind)
      .when(admit(3, again))
      .then(admitted(3, again))
    const twice = [...behind, ...prepared(3, again), settled(3, 'rejected')]
    given(decider, ...twice)
      .when(admit(4, { ...january, number: 3 }))
      .then(admitted(4, { ...january, number: 3 }))
  })

  t.test('and not where a later one was opened after its rejection', async () => {
    const march = { period: month('2012-03') }
    given(
      decider,
      ...prepared(1, january),
      ...prepared(2, february),
      settled(1, 'rejected'),
      ...prepared(3, march),
    )
      .when(admit(4, { ...january, number: 2 }))
      .thenRefused('later-run-undecided', { runId: runOf(3), period: '2012-03' })
  })

  t.test('opens for what it paid before, and for no more', async () => {
    const town = division('990101001')
    const rural = [programme('rural-dibao')]
    for (const less of [{ division: town }, { programmes: rural }]) {
      const history = [
        ...prepared(1, { ...january, ...less }),
        ...prepared(2, february),
        settled(1, 'rejected'),
      ]
      given(decider, ...history)
        .when(admit(3, { ...january, ...less, number: 2 }))
        .then(admitted(3, { ...january, ...less, number: 2 }))
      given(decider, ...history)
        .when(admit(3, { ...january, number: 2 }))
        .thenRefused('later-run-undecided', { runId: runOf(2) })
    }
  })

  t.test('is held against by a later run for a town only in that town', async () => {
    const town = { division: division('990101001') }
    const history = [
      ...prepared(1, { ...january, ...town }),
      ...prepared(2, { ...february, ...town }),
      settled(1, 'rejected'),
    ]
    given(decider, ...history)
      .when(admit(3, { ...january, number: 2 }))
      .then(admitted(3, { ...january, number: 2 }))
  })

  t.test('is refused to each kind by what pays its money', async () => {
    const kinds = ['regular', 'price-subsidy'] as const
    for (const kind of kinds)
      for (const later of [...kinds, 'emergency'] as const) {
        const asked = given(decider, ...prepared(1, { ...february, kind: later })).when(
          admit(2, { ...january, kind }),
        )
        if (later === kind || later === 'emergency') asked.thenRefused('later-run-undecided', waits)
        else asked.then(admitted(2, { ...january, kind }))
      }
    given(decider, ...prepared(1, february))
      .when(admit(2, { ...january, kind: 'emergency' }))
      .then(admitted(2, { ...january, kind: 'emergency' }))
  })
})
