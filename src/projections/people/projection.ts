import type { PoolClient } from '../../database/copy-rows.js'
import type { PersonEvent } from '../../domain/person/events.js'
import { personEvents } from '../../domain/person/events.js'
import type { Recorded } from '../../event-store/codec.js'
import type { KeyedHashes } from '../../sealing/keyed-hashes.js'
import type { Vault } from '../../sealing/vault.js'
import type { Projection } from '../projection.js'
import type { RecordedEvent } from '../recorded-event.js'
import { insertRows, type Table, type TableRow, upsertRows } from '../tables.js'
import { payeeChangeWaiting, waitingPayeeChanges } from './payee-changes.js'

/** Who is in the directory. No opened name, number or account: keyed hashes only. */
const person: Table = {
  name: 'person',
  columns: {
    person_id: 'text',
    registered_ordinal: 'bigint',
    born_on: 'text',
    sex: 'text',
    identity_hash: 'text null',
    name_hash: 'text null',
    died_on: 'text null',
    merged_into: 'text null',
    erased: 'boolean',
  },
  key: ['person_id'],
  indexes: ['(identity_hash)', '(name_hash)'],
}

/** Keyed hashes of two neighbouring characters of a name: search by a part of it. */
const personNamePart: Table = {
  name: 'person_name_part',
  columns: { person_id: 'text', part_hash: 'text' },
  key: ['part_hash', 'person_id'],
  indexes: ['(person_id)'],
}

/** What else was said of a person, as it was said: accounts, payees, holds, deaths, life. */
const personFact: Table = {
  name: 'person_fact',
  columns: {
    person_id: 'text',
    ordinal: 'bigint',
    version: 'integer',
    type: 'text',
    effective: 'text',
    data: 'jsonb',
  },
  key: ['person_id', 'ordinal'],
  indexes: ["((data ->> 'payee')) WHERE type = 'PayeeDesignated'"],
}

/** What it takes to find a person by name without keeping the name. */
export interface NameIndex {
  readonly vault: Pick<Vault, 'openAll'>
  readonly hashes: Pick<KeyedHashes, 'name' | 'nameParts'>
}

export function peopleProjection(names: NameIndex): Projection {
  return {
    name: 'people',
    version: 2,
    tables: [person, personNamePart, personFact, payeeChangeWaiting],
    open: () => ({
      async fold(batch, client) {
        const events = batch.filter(isPersonEvent)
        if (events.length === 0) return
        await insertRows(client, personFact, events.flatMap(factRows))
        await directory(events, names, client)
        await waitingPayeeChanges(events, client)
      },
      async finish() {},
      forget() {},
    }),
  }
}

const selectPeople = `
  SELECT person_id, registered_ordinal, born_on, sex, identity_hash, name_hash, died_on,
    merged_into, erased
  FROM person WHERE person_id = ANY($1)`

export interface DirectoryRow {
  readonly person_id: string
  readonly registered_ordinal: number
  readonly born_on: string
  readonly sex: string
  readonly identity_hash: string | null
  readonly name_hash: string | null
  readonly died_on: string | null
  readonly merged_into: string | null
  readonly erased: boolean
}

type Details = Extract<
  Recorded<PersonEvent>,
  { type: 'PersonRegistered' | 'PersonDetailsCorrected' }
>

/** Changes the directory: the persons touched are read once, changed in memory, written once. */
async function directory(
  events: readonly Recorded<PersonEvent>[],
  names: NameIndex,
  client: PoolClient,
): Promise<void> {
  const changing = events.filter((event) => changesDirectory.has(event.type))
  if (changing.length === 0) return
  const details = changing.filter(isDetails)
  const opened = await names.vault.openAll(details.map((event) => event.data.name))
  const named = new Map(details.map((event, at) => [event, opened[at] ?? null]))
  const rows = await loaded(changing, client)
  const known = new Set(rows.keys())
  const parts = new Map<string, readonly string[]>()
  for (const event of changing) {
    const id = personIdOf(event)
    const hashes = isDetails(event) ? nameHashes(named.get(event), names) : noHashes
    const row = changed(rows.get(id), event, hashes.whole)
    if (row) rows.set(id, row)
    if (isDetails(event)) parts.set(id, hashes.parts)
    if (row?.erased) parts.set(id, [])
  }
  const written = [...rows.values()]
  const isKnown = (id: string) => known.has(id)
  await upsertRows(
    client,
    person,
    written.filter((row) => isKnown(row.person_id)).map(directoryRow),
  )
  await insertRows(
    client,
    person,
    written.filter((row) => !isKnown(row.person_id)).map(directoryRow),
  )
  await writeParts(parts, isKnown, client)
}

interface NameHashes {
  readonly whole: string | null
  readonly parts: readonly string[]
}

const noHashes: NameHashes = { whole: null, parts: [] }

/** None for a name that can't be opened: its key was destroyed. */
function nameHashes(name: string | null | undefined, { hashes }: NameIndex): NameHashes {
  if (name === null || name === undefined) return noHashes
  return { whole: hashes.name(name), parts: hashes.nameParts(name) }
}

const changesDirectory: ReadonlySet<PersonEvent['type']> = new Set([
  'PersonRegistered',
  'PersonDetailsCorrected',
  'PersonsMerged',
  'PersonDied',
  'DeathRetracted',
  'PersonErased',
] as const)

async function loaded(
  events: readonly Recorded<PersonEvent>[],
  client: PoolClient,
): Promise<Map<string, DirectoryRow>> {
  const registered = new Set(
    events.filter((event) => event.type === 'PersonRegistered').map(personIdOf),
  )
  const ids = new Set(events.map(personIdOf).filter((id) => !registered.has(id)))
  if (ids.size === 0) return new Map()
  const { rows } = await client.query<DirectoryRow>(selectPeople, [[...ids]])
  return new Map(rows.map((row) => [row.person_id, row]))
}

function changed(
  row: DirectoryRow | undefined,
  event: Recorded<PersonEvent>,
  nameHash: string | null,
): DirectoryRow | undefined {
  if (event.type === 'PersonRegistered')
    return {
      person_id: personIdOf(event),
      registered_ordinal: event.ordinal,
      born_on: event.data.bornOn,
      sex: event.data.sex,
      identity_hash: event.data.identityHash,
      name_hash: nameHash,
      died_on: null,
      merged_into: null,
      erased: false,
    }
  if (!row) throw new Error(`${event.type} of a person who was never registered`)
  switch (event.type) {
    case 'PersonDetailsCorrected': {
      const { bornOn, sex, identityHash } = event.data
      const hashes = { identity_hash: identityHash, name_hash: nameHash }
      return { ...row, born_on: bornOn, sex, ...(row.erased ? {} : hashes) }
    }
    case 'PersonsMerged':
      return { ...row, merged_into: event.data.into }
    case 'PersonDied':
      return { ...row, died_on: event.data.diedOn }
    case 'DeathRetracted':
      return { ...row, died_on: null }
    case 'PersonErased':
      return { ...row, erased: true, identity_hash: null, name_hash: null }
    default:
      return row
  }
}

/** Who is new has no parts that would have to go first. */
async function writeParts(
  parts: ReadonlyMap<string, readonly string[]>,
  isKnown: (id: string) => boolean,
  client: PoolClient,
): Promise<void> {
  const known = [...parts.keys()].filter(isKnown)
  if (known.length > 0)
    await client.query('DELETE FROM person_name_part WHERE person_id = ANY($1)', [known])
  const rows = [...parts].flatMap(([id, hashes]) => hashes.map((hash) => [id, hash]))
  await insertRows(client, personNamePart, rows)
}

function directoryRow(row: DirectoryRow): TableRow {
  return [
    row.person_id,
    row.registered_ordinal,
    row.born_on,
    row.sex,
    row.identity_hash,
    row.name_hash,
    row.died_on,
    row.merged_into,
    row.erased,
  ]
}

const notFacts: ReadonlySet<PersonEvent['type']> = new Set([
  'PersonRegistered',
  'PersonDetailsCorrected',
  'PayeeChangeProposed',
  'PayeeChangeConfirmed',
] as const)

function factRows(event: Recorded<PersonEvent>): readonly TableRow[] {
  if (notFacts.has(event.type)) return []
  const { ordinal, version, type, effective } = event
  return [[personIdOf(event), ordinal, version, type, effective, factData(event)]]
}

/** Sealed fields stay in the log; an account is known here by its version. */
function factData(event: Recorded<PersonEvent>): object {
  if (event.type !== 'PayeeAccountSet') return event.data
  const { from, accountVersion, bank } = event.data
  return { from, accountVersion, bank }
}

function isDetails(event: Recorded<PersonEvent>): event is Details {
  return event.type === 'PersonRegistered' || event.type === 'PersonDetailsCorrected'
}

function isPersonEvent(event: RecordedEvent): event is Recorded<PersonEvent> {
  return Object.hasOwn(personEvents, event.type)
}

function personIdOf(event: Recorded<PersonEvent>): string {
  return event.stream.slice('person-'.length)
}
