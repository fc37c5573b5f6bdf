import type { PersonEvent } from '../../domain/person/events.js'
import type { Recorded } from '../../event-store/codec.js'
import type { NameIndex } from '../people/projection.js'
import { plainText } from './difference.js'

export const personTables = ['person', 'person_name_part', 'person_fact'] as const

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
