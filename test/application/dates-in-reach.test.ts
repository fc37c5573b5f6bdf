import t from 'tap'
import { assertDatesInReach, datesOutOfReach } from '../../src/application/dates-in-reach.js'
import { plainDate } from '../../src/domain/values/calendar.js'

const today = plainDate('2012-06-15')

t.test('dates are held to reach at every depth, by the name of their field', async (t) => {
  const said = {
    on: '2012-06-15',
    from: '2014-06',
    note: '2199-01',
    death: { diedOn: '2012-06-16' },
    items: [{ opened_on: '2014-06-30' }, { settled_through: '2014-07', died_on: '1899-12-31' }],
    to: '2012-06-06T02:00:00.000Z',
    endedOn: null,
  }
  t.same(
    datesOutOfReach(said, today).map(({ field, error }) => [field, error.code, error.facts]),
    [
      ['death.diedOn', 'fact-in-future', { field: 'death.diedOn', on: '2012-06-16', today }],
      [
        'items.1.settled_through',
        'month-too-far-ahead',
        { field: 'items.1.settled_through', month: '2014-07', latest: '2014-06' },
      ],
      [
        'items.1.died_on',
        'date-too-long-ago',
        { field: 'items.1.died_on', on: '1899-12-31', earliest: '1900-01-01' },
      ],
    ],
  )
  t.throws(() => assertDatesInReach(said, today), { code: 'fact-in-future' })
})

t.test('what holds no date is let pass', async (t) => {
  for (const said of [null, undefined, 'text', 7, [], {}, { from: 'x', on: '2012-02-30' }])
    t.same(datesOutOfReach(said, today), [])
})
