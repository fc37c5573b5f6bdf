import type { PoolClient } from '../../database/copy-rows.js'
import type { PersonEvent } from '../../domain/person/events.js'
import type { PlainDate } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { ActorId, Ordinal, PersonId } from '../../domain/values/identifiers.js'
import type { Recorded } from '../../event-store/codec.js'
import { placesNow } from '../places-now.js'
import { Parameters } from '../question.js'
import type { ReadModel } from '../read-model.js'
import { type Table, type TableRow, upsertRows } from '../tables.js'

type ChangeKind = 'account' | 'payee'

/**
 * Accounts and payees that were proposed and wait for another person: of each person the last one
 * of each kind, until something is set. What is confirmed or overtaken has no row.
 */
export const payeeChangeWaiting: Table = {
  name: 'payee_change_waiting',
  columns: {
    person_id: 'text',
    kind: 'text',
    proposal: 'integer',
    from_date: 'text',
    proposed_by: 'text',
    recorded: 'text',
    ordinal: 'bigint',
  },
  key: ['person_id', 'kind'],
  indexes: ['(ordinal)'],
}

/** Writes what waits after these events, and takes away what waits no longer. */
export async function waitingPayeeChanges(
  events: readonly Recorded<PersonEvent>[],
  client: PoolClient,
): Promise<void> {
  const last = new Map<string, Change>()
  for (const change of events.flatMap(changesIn))
    last.set(`${change.personId}/${change.kind}`, change)
  const changes = [...last.values()]
  const gone = changes.filter(({ row }) => row === null)
  if (gone.length > 0) {
    const [persons, kinds] = [gone.map(({ personId }) => personId), gone.map(({ kind }) => kind)]
    await client.query(deleteWaiting, [persons, kinds])
  }
  const rows = changes.flatMap(({ row }) => (row ? [row] : []))
  await upsertRows(client, payeeChangeWaiting, rows)
}

const deleteWaiting = `
  DELETE FROM payee_change_waiting AS w
  USING unnest($1::text[], $2::text[]) AS gone(person_id, kind)
  WHERE w.person_id = gone.person_id AND w.kind = gone.kind`

interface Change {
  readonly personId: string
  readonly kind: ChangeKind
  /** Null where nothing of the kind waits after the event. */
  readonly row: TableRow | null
}

function changesIn(event: Recorded<PersonEvent>): readonly Change[] {
  const personId = event.stream.slice('person-'.length)
  const none = (kind: ChangeKind): Change => ({ personId, kind, row: null })
  switch (event.type) {
    case 'PayeeChangeProposed': {
      const { ordinal, recorded } = event
      const { by, change, from, proposal } = event.data
      const row = [personId, change.kind, proposal, from, by, recorded, ordinal]
      return [{ personId, kind: change.kind, row }]
    }
    case 'PayeeAccountSet':
      return [none('account')]
    case 'PayeeDesignated':
      return [none('payee')]
    case 'PersonsMerged':
    case 'PersonErased':
      return [none('account'), none('payee')]
    default:
      return []
  }
}

export interface WaitingPayeeChange {
  readonly personId: PersonId
  readonly kind: ChangeKind
  readonly proposal: number
  readonly from: PlainDate
  readonly proposedBy: ActorId
  readonly recorded: string
  readonly ordinal: Ordinal
}

export interface WaitingPayeeChangesAsked {
  /** Persons with a case in this subtree now, and those without a case. */
  readonly within: DivisionCode
  readonly after?: Ordinal | undefined
  readonly limit: number
}

/** The accounts and payees that wait for another person, the oldest first. */
export async function payeeChangesWaiting(
  model: ReadModel,
  { after, limit, within }: WaitingPayeeChangesAsked,
): Promise<readonly WaitingPayeeChange[]> {
  return model.read((session) => {
    const parameters = new Parameters()
    const { personWithin } = placesNow(session, within, parameters)
    const statement = `
      SELECT person_id AS "personId", kind, proposal, from_date AS "from",
        proposed_by AS "proposedBy", recorded, ordinal
      FROM payee_change_waiting
      WHERE ordinal > ${parameters.add(after ?? -1)}
        AND ${personWithin('payee_change_waiting.person_id')}
      ORDER BY ordinal
      LIMIT ${parameters.add(limit)}`
    return session.rows<WaitingPayeeChange>(statement, parameters.values)
  })
}
