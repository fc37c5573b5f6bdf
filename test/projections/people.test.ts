import t from 'tap'
import { membershipsOf, placeIn } from '../../src/domain/case/case.js'
import { noCase } from '../../src/domain/case/facts.js'
import { endOfTime } from '../../src/domain/values/calendar.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import {
  casesOfPerson,
  peopleByIdentity,
  peopleByName,
  personById,
} from '../../src/projections/people/directory.js'
import { plainNames, projectedLedger } from './ledger-database.js'
import { randomHistory } from './random-history.js'
import { caseAt, casesAfter, personAt, randomOf } from './written-events.js'

const seed = Number(process.env['SEED'] ?? 20120614)
t.comment(`seed ${seed}`)
const size = { cases: 6, caseEvents: 30, runs: 1, people: 40 }
const written = randomHistory(randomOf(seed), size)
const { model } = await projectedLedger(t, written)
const within = DivisionCode.parse('990000000000')

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
    const byNumber = await peopleByIdentity(model, { hash: details.identityHash, within })
    const byName = await peopleByName(model, { name: { whole: hash }, within, limit: 10 })
    const byPart = await peopleByName(model, {
      name: { parts: plainNames.hashes.nameParts(name ?? '') },
      within,
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

t.test('a search is narrowed to a subtree before it is cut to its limit', async (t) => {
  const district = DivisionCode.parse('990102000000')
  const placeOf = (at: number) => casesAfter(written).get(caseAt(at))
  const cases = [...Array(size.cases).keys()]
  const inDistrict = cases.filter((at) => {
    const state = placeOf(at)
    return state && placeIn(state, endOfTime)?.division.startsWith('990102')
  })
  t.ok(inDistrict.length > 0 && inDistrict.length < cases.length)
  const membersOf = (ats: readonly number[]) =>
    new Set(
      ats.flatMap((at) =>
        membershipsOf(placeOf(at) ?? noCase).map(({ personId }) => String(personId)),
      ),
    )
  const ofCases = membersOf(cases)
  const ofDistrict = membersOf(inDistrict)
  const name = { parts: plainNames.hashes.nameParts('张') }
  const all = await peopleByName(model, { name, within, limit: 1000 })
  const expected = all.rows
    .map(({ personId }) => personId)
    .filter((id) => ofDistrict.has(id) || !ofCases.has(id))
  t.ok(expected.length > 3 && expected.length < all.rows.length)
  for (const limit of [1, 3, 1000]) {
    const found = await peopleByName(model, { name, within: district, limit })
    t.strictSame(
      found.rows.map(({ personId }) => personId),
      expected.slice(0, limit),
    )
  }
})
