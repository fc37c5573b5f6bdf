import type { CaseEvent } from '../../domain/case/events.js'
import { type Case, evolveCase, factsOf, noCase } from '../../domain/case/facts.js'
import type { PersonEvent } from '../../domain/person/events.js'
import { evolvePerson, nobody, type Person } from '../../domain/person/person.js'
import type { Policy } from '../../domain/policy/policy.js'
import { monthOf } from '../../domain/values/calendar.js'
import { beforeFirst, CaseId, type Ordinal, PersonId } from '../../domain/values/identifiers.js'
import { codec, kindOfStream } from '../../event-store/codec.js'
import type { EventStore, StoredEvent } from '../../event-store/event-store.js'
import { claimsToMake, neededClaim, personsOf, releasesDue } from './claims.js'
import type { ProcessParts } from './parts.js'

/**
 * A process that a crash cut short and nobody sent again.
 *
 * `number-without-person`: reserved, not registered. `member-without-claim`: in a household whose
 * months the person has not claimed. `claim-without-need`: months claimed for a case that does not
 * need them. `death-undecided`: dead, and still in a household after the month of death; also where
 * the rule leaves it to a person. `leaving-without-death`: out of a household by a death that was
 * retracted. `erased-but-readable`: erased, the key still there.
 * `ended-without-continuation`: the case ended to go on under another one, which has not begun.
 */
export type StuckProcess =
  | { readonly kind: 'number-without-person' | 'erased-but-readable'; readonly personId: PersonId }
  | { readonly kind: 'ended-without-continuation'; readonly caseId: CaseId }
  | {
      readonly kind:
        | 'member-without-claim'
        | 'claim-without-need'
        | 'death-undecided'
        | 'leaving-without-death'
      readonly personId: PersonId
      readonly caseId: CaseId
    }

/** What the log says of reservations, claims and needs, and nothing else of persons and cases. */
interface Books {
  readonly reserved: Set<PersonId>
  readonly persons: Map<PersonId, Person>
  readonly erased: Map<PersonId, Person>
  readonly cases: Map<CaseId, Case>
}

const eventsAtOnce = 5000

/** Reads the whole log and lists every process that did not come to its end. */
export async function findStuckProcesses(
  parts: Pick<ProcessParts, 'store' | 'policies' | 'vault'>,
): Promise<readonly StuckProcess[]> {
  const { policy, ordinal } = await parts.policies.latest()
  const books = await readBooks(parts.store, ordinal)
  return [
    ...[...books.reserved]
      .filter((personId) => !books.persons.get(personId)?.registration)
      .map((personId) => ({ kind: 'number-without-person' as const, personId })),
    ...stuckClaims(books, policy),
    ...stuckContinuations(books),
    ...(await readableThoughErased(parts, books)),
  ]
}

async function readBooks(store: EventStore, upTo: Ordinal): Promise<Books> {
  const books: Books = {
    reserved: new Set(),
    persons: new Map(),
    erased: new Map(),
    cases: new Map(),
  }
  for (let after: Ordinal = beforeFirst; after < upTo; ) {
    const events = await store.readAll({ after, limit: Math.min(eventsAtOnce, upTo - after) })
    for (const stored of events) take(books, stored)
    const last = events.at(-1)
    if (!last) break
    after = last.ordinal
  }
  return books
}

function take(books: Books, stored: StoredEvent): void {
  const kind = kindOfStream(stored.stream)
  if (kind === 'identity') books.reserved.add(codec.eventOf(kind, stored).data.personId)
  if (kind === 'person') takePerson(books, stored)
  if (kind === 'case') takeCase(books, stored)
}

/** Events that say who there is, which months they have claimed, and whether they live. */
const ofClaims: ReadonlySet<PersonEvent['type']> = new Set([
  'PersonRegistered',
  'PersonDied',
  'DeathRetracted',
  'EnrolmentClaimed',
  'EnrolmentReleased',
])

function takePerson({ erased, persons }: Books, stored: StoredEvent): void {
  const event = codec.eventOf('person', stored)
  const personId = PersonId.parse(stored.stream.slice('person-'.length))
  const person = persons.get(personId) ?? nobody
  if (ofClaims.has(event.type)) persons.set(personId, evolvePerson(person, event))
  if (event.type === 'PersonErased') erased.set(personId, evolvePerson(person, event))
}

/** Events that say who belongs to the household, and when it is on the roll. */
const ofHousehold: ReadonlySet<CaseEvent['type']> = new Set([
  'CaseOpened',
  'MemberJoined',
  'MemberCircumstancesRecorded',
  'MemberLeft',
  'EntryApproved',
  'ExitApproved',
  'OpeningPositionRecorded',
  'FactRetracted',
])

function takeCase({ cases }: Books, stored: StoredEvent): void {
  const event = codec.eventOf('case', stored)
  if (!ofHousehold.has(event.type)) return
  const caseId = CaseId.parse(stored.stream.slice('case-'.length))
  const state = cases.get(caseId) ?? noCase
  // What is left out counts too, so that a retraction finds the version it names.
  cases.set(caseId, evolveCase({ ...state, version: stored.version - 1 }, event))
}

/** Members of the household, and whoever has claimed months for it without being one. */
function concerned({ cases, persons }: Books): ReadonlyMap<CaseId, ReadonlySet<PersonId>> {
  const byCase = new Map<CaseId, Set<PersonId>>()
  for (const [caseId, state] of cases) byCase.set(caseId, new Set(personsOf(state)))
  for (const [personId, { enrolments }] of persons)
    for (const { caseId } of enrolments.held) {
      const of = byCase.get(caseId) ?? new Set()
      byCase.set(caseId, of.add(personId))
    }
  return byCase
}

function* stuckContinuations({ cases }: Books): Generator<StuckProcess> {
  for (const [caseId, state] of cases)
    for (const { data } of factsOf(state, 'ExitApproved')) {
      if (data.continuedBy === null) continue
      const entries = factsOf(cases.get(data.continuedBy) ?? noCase, 'EntryApproved')
      if (!entries.some((entry) => entry.data.continues === caseId))
        yield { kind: 'ended-without-continuation', caseId }
    }
}

function* stuckClaims(books: Books, policy: Policy): Generator<StuckProcess> {
  for (const [caseId, persons] of concerned(books))
    for (const personId of persons) {
      const person = books.persons.get(personId) ?? nobody
      const needed = neededClaim(books.cases.get(caseId) ?? noCase, { personId, policy })
      if (claimsToMake(person, needed).length > 0)
        yield { kind: 'member-without-claim', personId, caseId }
      else if (releasesDue(person, { caseId, needed, reason: '' }).length > 0)
        yield { kind: 'claim-without-need', personId, caseId }
      else if (person.diedOn !== null && needed && needed.to > monthOf(person.diedOn))
        yield { kind: 'death-undecided', personId, caseId }
      else if (person.deathRetracted !== null && person.diedOn === null)
        if (hasLeftByDeath(books.cases.get(caseId) ?? noCase, personId))
          yield { kind: 'leaving-without-death', personId, caseId }
    }
}

function hasLeftByDeath(state: Case, personId: PersonId): boolean {
  return factsOf(state, 'MemberLeft').some(({ data }) => data.died && data.personId === personId)
}

async function readableThoughErased(
  { vault }: Pick<ProcessParts, 'vault'>,
  { erased }: Books,
): Promise<readonly StuckProcess[]> {
  const known = [...erased].flatMap(([personId, { details }]) =>
    details ? [{ personId, name: details.name }] : [],
  )
  const names = await vault.openAll(known.map(({ name }) => name))
  return known
    .filter((_, at) => names[at] !== null)
    .map(({ personId }) => ({ kind: 'erased-but-readable' as const, personId }))
}
