import t from 'tap'
import { ordinalKnownAt } from '../../src/application/known-at.js'
import { type Instant, instant } from '../../src/domain/values/calendar.js'
import { ordinal } from '../../src/domain/values/identifiers.js'

t.test('what is written means one moment', async (t) => {
  const asked: Instant[] = []
  const parts = {
    now: () => instant('2012-06-06T02:00:00.000Z'),
    ordinalAt: async (at: Instant) => {
      asked.push(at)
      return ordinal(7)
    },
  }
  const moments = [
    ['2012-05-31', '2012-05-31T15:59:59.999Z'],
    ['2012-06-06', '2012-06-06T02:00:00.000Z'],
    ['2012-06-06T10:00:00+08:00', '2012-06-06T02:00:00.000Z'],
    ['2012-06-05T18:42:00Z', '2012-06-05T18:42:00.000Z'],
    ['2012-06-05T18:42:00.123Z', '2012-06-05T18:42:00.123Z'],
  ] as const
  for (const [text] of moments) t.equal(await ordinalKnownAt(parts, text), 7)
  t.same(
    asked,
    moments.map(([, at]) => at),
  )
  t.equal(await ordinalKnownAt(parts, '697'), 697)
  for (const text of ['2012-06-07', '2012-06-06T10:00:01+08:00'])
    await t.rejects(ordinalKnownAt(parts, text), { code: 'instant-not-reached' }, text)
  for (const text of ['', '6 June', '2012-02-30', '2012-06-06T10:00:00', '-1'])
    await t.rejects(ordinalKnownAt(parts, text), { code: 'known-at-malformed' }, text)
})
