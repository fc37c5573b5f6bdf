import type { PersonEvent } from '../../domain/person/events.js'
import type { Recorded } from '../../event-store/codec.js'
import type { NameIndex } from '../people/projection.js'
import { plainText } from './difference.js'

export const personTables = [
  'person',
  'person_name_part',
  'person_fact',
  'payee_change_waiting',
] as const

export type PlainPerson = Readonly<Record<(typeof personTables)[number], readonly string[]>>

type OfType<Type extends PersonEvent['type']> = Extract<Recorded<PersonEvent>, { type: Type }>

/** What the directory must hold of one person, from all events of the person's stream. */
export async function readPerson(
  events: readonly Recorded<PersonEvent>[],
  names: NameIndex,
): Promise<PlainPerson> {
  const personId = (events[0]?.stream ?? '').slice('person-'.length)
  const isErased = events.some((event) => event.type === 'PersonErased')
  const registered = events.find(
    (event): event is OfType<'PersonRegistered'> => event.type === 'PersonRegistered',
  )
  const details = events.findLast(
    (event): event is OfType<'PersonRegistered' | 'PersonDetailsCorrected'> =>
      event.type === 'PersonRegistered' || event.type === 'PersonDetailsCorrected',
  )
  const merged = events.findLast(
    (event): event is OfType<'PersonsMerged'> => event.type === 'PersonsMerged',
  )
  const death = events.findLast(
    (event) => event.type === 'PersonDied' || event.type === 'DeathRetracted',
  )
  const name = details && !isErased ? await openedName(details, names) : null
  const row = {
    person_id: personId,
    registered_ordinal: registered?.ordinal ?? -1,
    born_on: details?.data.bornOn ?? '',
    sex: details?.data.sex ?? '',
    identity_hash: isErased ? null : (details?.data.identityHash ?? null),
    name_hash: name === null ? null : names.hashes.name(name),
    died_on: death?.type === 'PersonDied' ? death.data.diedOn : null,
    merged_into: merged?.data.into ?? null,
    erased: isErased,
  }
  const parts = name === null ? [] : names.hashes.nameParts(name)
  return {
    person: registered ? [plainText(row)] : [],
    person_name_part: parts.map((part) => plainText({ person_id: personId, part_hash: part })),
    person_fact: events.flatMap((event) => factText(personId, event)),
    payee_change_waiting: isErased || merged ? [] : waitingTexts(personId, events),
  }
}

async function openedName(
  details: OfType<'PersonRegistered' | 'PersonDetailsCorrected'>,
  names: NameIndex,
): Promise<string | null> {
  const [name] = await names.vault.openAll([details.data.name])
  return name ?? null
}

function factText(personId: string, event: Recorded<PersonEvent>): readonly string[] {
  if (event.type === 'PersonRegistered' || event.type === 'PersonDetailsCorrected') return []
  // What was proposed pays nobody; what came of it is an event of its own.
  if (event.type === 'PayeeChangeProposed' || event.type === 'PayeeChangeConfirmed') return []
  const { ordinal, version, type, effective } = event
  const data =
    event.type === 'PayeeAccountSet'
      ? {
          from: event.data.from,
          accountVersion: event.data.accountVersion,
          bank: event.data.bank,
        }
      : event.data
  return [plainText({ person_id: personId, ordinal, version, type, effective, data })]
}

function waitingTexts(personId: string, events: readonly Recorded<PersonEvent>[]) {
  return [
    ...waitingText(personId, { kind: 'account', set: 'PayeeAccountSet' }, events),
    ...waitingText(personId, { kind: 'payee', set: 'PayeeDesignated' }, events),
  ]
}

/** The last that was said of an account or a payee, where it only was proposed. */
function waitingText(
  personId: string,
  of: { readonly kind: 'account' | 'payee'; readonly set: PersonEvent['type'] },
  events: readonly Recorded<PersonEvent>[],
): readonly string[] {
  const last = events.findLast(
    (event) =>
      event.type === of.set ||
      (event.type === 'PayeeChangeProposed' && event.data.change.kind === of.kind),
  )
  if (last?.type !== 'PayeeChangeProposed') return []
  const { by, from, proposal } = last.data
  const { ordinal, recorded } = last
  const said = { proposal, from_date: from, proposed_by: by, recorded, ordinal }
  return [plainText({ person_id: personId, kind: of.kind, ...said })]
}
