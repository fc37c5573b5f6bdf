import type { ImportEvent } from '../../domain/import/events.js'
import type { PlainDate } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { ActorId, CaseId, Ordinal } from '../../domain/values/identifiers.js'
import { placesNow } from '../places-now.js'
import { Parameters } from '../question.js'
import type { ReadModel } from '../read-model.js'

type Prepared = Extract<ImportEvent, { type: 'ImportPrepared' }>['data']

/** An import that somebody prepared, once for each who did, until it is written whole. */
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

/** Imports that wait for their second person, prepared for the places of a subtree; newest first. */
export function importsWaiting(
  model: ReadModel,
  { after, limit, within }: WaitingAsked,
): Promise<readonly WaitingImport[]> {
  return model.read((session) => {
    const parameters = new Parameters()
    const { divisionWithin } = placesNow(session, within, parameters)
    const statement = `
      SELECT p.data ->> 'importId' AS "importId", p.data ->> 'kind' AS kind,
        (p.data ->> 'rows')::integer AS rows, p.data ->> 'division' AS division,
        p.data ->> 'preparedOn' AS "preparedOn", p.data ->> 'fileDigest' AS "fileDigest",
        p.data ->> 'by' AS "preparedBy", p.recorded, p.ordinal,
        EXISTS (${laterOf('p', ['ImportStarted'], parameters)}) AS started
      FROM register_fact AS p
      WHERE p.type = 'ImportPrepared'
        AND p.ordinal < ${parameters.add(after ?? Number.MAX_SAFE_INTEGER)}
        AND ${divisionWithin('(p.data ->> \'division\') COLLATE "C"')}
        AND NOT EXISTS (${laterOf('p', ['ImportCompleted'], parameters)})
      ORDER BY p.ordinal DESC
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
    const caseId = `substr(p.stream, ${'recovery-'.length + 1})`
    const statement = `
      SELECT ${caseId} AS "caseId", (p.data ->> 'amountFen')::bigint AS "amountFen",
        p.data ->> 'reason' AS reason, p.data ->> 'proposedOn' AS "proposedOn",
        p.data ->> 'by' AS "proposedBy", p.recorded, p.ordinal
      FROM register_fact AS p
      WHERE p.type = 'WriteOffProposed' AND p.ordinal > ${parameters.add(after ?? -1)}
        AND NOT EXISTS (${laterOf('p', ends, parameters)})
        AND ${caseWithin(caseId)}
      ORDER BY p.ordinal
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
