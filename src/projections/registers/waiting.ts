import type { ImportEvent } from '../../domain/import/events.js'
import type { PlainDate } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { ActorId, CaseId, Ordinal } from '../../domain/values/identifiers.js'
import { placesNow } from '../places-now.js'
import { Parameters } from '../question.js'
import type { ReadModel } from '../read-model.js'

type Prepared = Extract<ImportEvent, { type: 'ImportPrepared' }>['data']

/** An import that somebody prepared, once for each who did, until it is written or withdrawn. */
export interface WaitingImport
  extends Pick<Prepared, 'importId' | 'kind' | 'rows' | 'division' | 'preparedOn' | 'fileDigest'> {
  readonly preparedBy: ActorId
  /** Whether a second person began to write it, and it was broken off or is under way. */
  readonly started: boolean
  readonly recorded: string
  readonly ordinal: Ordinal
}

export interface WaitingAsked {
  readonly within: DivisionCode
  /** The last row of the page before. */
  readonly after?: Ordinal | undefined
  readonly limit: number
}

/** Imports that wait for a second person: by a subtree's people, or about it; newest first. */
export function importsWaiting(
  model: ReadModel,
  { after, limit, within }: WaitingAsked,
): Promise<readonly WaitingImport[]> {
  return model.read((session) => {
    const parameters = new Parameters()
    const { divisionWithin } = placesNow(session, within, parameters)
    const statement = `
      SELECT said.data ->> 'importId' AS "importId", said.data ->> 'kind' AS kind,
        (said.data ->> 'rows')::integer AS rows, said.data ->> 'division' AS division,
        said.data ->> 'preparedOn' AS "preparedOn", said.data ->> 'fileDigest' AS "fileDigest",
        said.data ->> 'by' AS "preparedBy", said.recorded, said.ordinal,
        EXISTS (${laterOf('said', ['ImportStarted'], parameters)}) AS started
      FROM register_fact AS said
      WHERE said.type = 'ImportPrepared'
        AND said.ordinal < ${parameters.add(after ?? Number.MAX_SAFE_INTEGER)}
        AND (${divisionWithin('(said.data ->> \'division\') COLLATE "C"')} OR EXISTS (
          SELECT FROM jsonb_array_elements_text(said.data -> 'places') AS touched (place)
          WHERE ${divisionWithin('touched.place COLLATE "C"')}))
        AND NOT EXISTS (${laterOf('said', ['ImportCompleted'], parameters)})
        AND NOT EXISTS (${laterOf('said', ['ImportWithdrawn'], parameters)}
          AND later.data -> 'preparedBy' ? (said.data ->> 'by'))
      ORDER BY said.ordinal DESC
      LIMIT ${parameters.add(limit)}`
    return session.rows<WaitingImport>(statement, parameters.values)
  })
}

/** A write-off that somebody proposed. */
export interface WaitingWriteOff {
  readonly caseId: CaseId
  readonly amountFen: number
  readonly reason: string
  readonly proposedOn: PlainDate
  readonly proposedBy: ActorId
  readonly recorded: string
  readonly ordinal: Ordinal
}

/** Write-offs that wait for a second person, of cases that are in a subtree now; oldest first. */
export function writeOffsWaiting(
  model: ReadModel,
  { after, limit, within }: WaitingAsked,
): Promise<readonly WaitingWriteOff[]> {
  return model.read((session) => {
    const parameters = new Parameters()
    const { caseWithin } = placesNow(session, within, parameters)
    const ends = ['WriteOffProposed', 'RecoveryWrittenOff', 'RecoveryClosed']
    const caseId = `substr(proposed.stream, ${'recovery-'.length + 1})`
    const statement = `
      SELECT ${caseId} AS "caseId", (proposed.data ->> 'amountFen')::bigint AS "amountFen",
        proposed.data ->> 'reason' AS reason, proposed.data ->> 'proposedOn' AS "proposedOn",
        proposed.data ->> 'by' AS "proposedBy", proposed.recorded, proposed.ordinal
      FROM register_fact AS proposed
      WHERE proposed.type = 'WriteOffProposed' AND proposed.ordinal > ${parameters.add(after ?? -1)}
        AND NOT EXISTS (${laterOf('proposed', ends, parameters)})
        AND ${caseWithin(caseId)}
      ORDER BY proposed.ordinal
      LIMIT ${parameters.add(limit)}`
    return session.rows<WaitingWriteOff>(statement, parameters.values)
  })
}

/** A later event of the same stream, of one of these types. */
function laterOf(row: string, types: readonly string[], parameters: Parameters): string {
  return `SELECT FROM register_fact AS later
    WHERE later.stream = ${row}.stream AND later.version > ${row}.version
      AND later.type = ANY(${parameters.add(types)})`
}
