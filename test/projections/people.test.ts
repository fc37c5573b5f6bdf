import t from 'tap'
import {
  casesOfPerson,
  peopleByIdentity,
  peopleByName,
  personById,
} from '../../src/projections/people/directory.js'
import { plainNames, projectedLedger } from './ledger-database.js'
import { randomHistory } from './random-history.js'
import { caseAt, personAt, randomOf } from './written-events.js'

const seed = Number(process.env['SEED'] ?? 20120614)
t.comment(`seed ${seed}`)
const size = { cases: 6, caseEvents: 30, runs: 1, people: 40 }
const written = randomHistory(randomOf(seed), size)
const { model } = await projectedLedger(t, written)

t.test('persons are found by number and name, and forgotten when erased', async (t) => {
  const erased = new Set(
    written
      .filter(({ event }) => event.type === 'PersonErased')
      .map(({ stream }) => stream.slice('person-'.length)),
  )
  t.ok(erased.size > 0)
  for (let at = 0; at < 40; at += 1) {
    const id = personAt(at)
    const said = written.flatMap(({ stream, event }) =>
      stream === `person-${id}` &&
      (event.type === 'PersonRegistered' || event.type === 'PersonDetailsCorrected')
        ? [event.data]
        : [],
    )
    const details = said.at(-1)
    if (!details?.identityHash) continue
    const [name] = await plainNames.vault.openAll([details.name])
    const hash = plainNames.hashes.name(name ?? '')
    const byNumber = await peopleByIdentity(model, details.identityHash)
    const byName = await peopleByName(model, { name: { whole: hash }, limit: 10 })
    const byPart = await peopleByName(model, {
      name: { parts: plainNames.hashes.nameParts(name ?? '') },
      limit: 10,
    })
    const expected = erased.has(id) ? [] : [id]
    for (const answer of [byNumber, byName, byPart])
      t.strictSame(
        answer.rows.map(({ personId }) => personId),
        expected,
      )
    t.equal((await personById(model, id))?.erased, erased.has(id))
  }
  const { rows } = await casesOfPerson(model, personAt(0))
  t.strictSame(
    rows.map(({ caseId }) => caseId),
    [caseAt(0)],
  )
})
