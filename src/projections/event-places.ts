import { DivisionCode, isWithin, levelOf } from '../domain/values/division.js'
import { kindOfStream } from '../event-store/codec.js'
import type { StoredEvent } from '../event-store/event-store.js'
import { idsWithin, madeWithin, type Named } from './places-now.js'
import type { ReadModel, ReadSession } from './read-model.js'

export interface EventsAsked {
  readonly events: readonly StoredEvent[]
  readonly division: DivisionCode
}

/**
 * Those of the events that the people of a subtree may see, in the order given. Policy is for all;
 * an event about a case, a person, a run or a payer is for the places of these, as they are now;
 * one about a case that has moved is also for where the case was when it was made.
 * Lists and imports name people of all places: they are for a whole province.
 */
export async function eventsWithin(
  model: ReadModel,
  { division, events }: EventsAsked,
): Promise<readonly StoredEvent[]> {
  const subjects = events.map(subjectOf)
  return model.read(async (session) => {
    const within = await subjectsWithin(session, subjects, division)
    const others = events.flatMap(({ ordinal }, at) => {
      const subject = subjects[at]
      return subject?.of === 'case' && !within(subject) ? { caseId: subject.id, ordinal } : []
    })
    const made = await madeWithin(session, { events: others, division })
    return events.filter(({ ordinal }, at) => within(subjects[at]) || made.has(ordinal))
  })
}

type Subject =
  | { readonly of: 'all' }
  | { readonly of: 'province' }
  | { readonly of: 'division'; readonly division: DivisionCode }
  | { readonly of: Named; readonly id: string }

const uuidLength = 36

function subjectOf({ data, stream }: StoredEvent): Subject {
  const kind = kindOfStream(stream)
  if (!kind) throw new Error('an event of a stream of no known kind')
  const rest = stream.slice(kind.length + 1)
  switch (kind) {
    case 'ledger':
    case 'programme':
    case 'standard':
    case 'division':
    case 'priceLink':
    case 'bulkDecision':
      return { of: 'all' }
    case 'import':
    case 'deathList':
      return { of: 'province' }
    case 'payer':
      return { of: 'division', division: DivisionCode.parse(rest) }
    case 'reportedFigure':
      return { of: 'division', division: DivisionCode.parse(data['division']) }
    case 'case':
    case 'recovery':
      return { of: 'case', id: rest }
    case 'person':
      return { of: 'person', id: rest }
    case 'identity':
      return { of: 'person', id: String(data['personId']) }
    case 'paymentRun':
    case 'paymentRunLines':
    case 'paymentRunAnswers':
      return { of: 'run', id: rest.slice(0, uuidLength) }
  }
}

/** Asks once for all that the subjects name, and answers which of them the subtree may see. */
async function subjectsWithin(
  session: ReadSession,
  subjects: readonly Subject[],
  division: DivisionCode,
): Promise<(subject: Subject | undefined) => boolean> {
  const named = (of: Named) => {
    const ids = new Set(subjects.flatMap((one) => (one.of === of ? one.id : [])))
    return idsWithin(session, { of, ids, division })
  }
  const within = {
    case: await named('case'),
    person: await named('person'),
    run: await named('run'),
  }
  return (subject) => {
    if (!subject) return false
    switch (subject.of) {
      case 'all':
        return true
      case 'province':
        return levelOf(division) === 'province'
      case 'division':
        return isWithin(subject.division, division)
      default:
        return within[subject.of].has(subject.id)
    }
  }
}
