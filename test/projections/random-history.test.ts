import t from 'tap'
import { streamKinds } from '../../src/domain/events.js'
import { randomHistory } from './random-history.js'
import { randomOf } from './written-events.js'

t.test('no type of event escapes the second path of the check', async (t) => {
  const size = { cases: 12, caseEvents: 240, runs: 6, people: 48 }
  const written = randomHistory(randomOf(20120610), size)
  const met = new Set<string>(written.map(({ event }) => event.type))
  const never = Object.values(streamKinds).flatMap((schemas) =>
    Object.keys(schemas).filter((type) => !met.has(type)),
  )
  t.strictSame(never, [], 'make an event of these types in test/projections/random-*.ts')
})
