import type { BulkDecision } from '../../domain/bulk-decision/events.js'
import type { BulkCount } from '../../domain/values/bulk-count.js'
import type { PlainDate } from '../../domain/values/calendar.js'
import type { ActorId, Ordinal } from '../../domain/values/identifiers.js'
import type { KeyedHash } from '../../domain/values/sealed.js'
import { placesNow } from '../places-now.js'
import { Parameters } from '../question.js'
import type { ReadModel } from '../read-model.js'
import type { WaitingAsked } from './waiting.js'

/**
 * A decision about whole rolls that somebody prepared, as they counted it last, until an approver
 * has it carried out. A subsidy may be approved and yet not decided, where that was cut short.
 */
export interface WaitingBulkDecision {
  /** That of its name: what several persons prepared under one name has one. */
  readonly bulkDecisionId: KeyedHash | null
  readonly decision: BulkDecision
  /** Why a subsidy that was decided is to be retracted; null of what is to be decided. */
  readonly retractionReason: string | null
  readonly rollOrdinal: Ordinal
  readonly counted: BulkCount
  readonly preparedBy: ActorId
  readonly preparedOn: PlainDate
  readonly approvedBy: ActorId | null
  readonly recorded: string
  readonly ordinal: Ordinal
}

/**
 * Decisions about whole rolls, and retractions of them, that wait for an approver, for places of a
 * subtree; newest first.
 */
export function bulkDecisionsWaiting(
  model: ReadModel,
  { after, limit, within }: WaitingAsked,
): Promise<readonly WaitingBulkDecision[]> {
  return model.read((session) => {
    const parameters = new Parameters()
    const { divisionWithin } = placesNow(session, within, parameters)
    const isWithin = (place: string) => divisionWithin(`(${place}) COLLATE "C"`)
    const before = parameters.add(after ?? Number.MAX_SAFE_INTEGER)
    const statement = `
      SELECT * FROM (${decisions(isWithin)} UNION ALL ${retractions(isWithin)}) AS waiting
      WHERE waiting.ordinal < ${before}
      ORDER BY waiting.ordinal DESC
      LIMIT ${parameters.add(limit)}`
    return session.rows<WaitingBulkDecision>(statement, parameters.values)
  })
}

type IsWithin = (place: string) => string

const saidByAll = `
  said.data -> 'counted' AS counted, said.data ->> 'by' AS "preparedBy",
  said.data ->> 'preparedOn' AS "preparedOn", said.recorded, said.ordinal`

const decision = "(said.data -> 'decision')"

function decisions(isWithin: IsWithin): string {
  const place = `COALESCE(${decision} ->> 'division', ${decision} #>> '{campaign,division}')`
  return `
    SELECT substr(said.stream, ${'bulkDecision-'.length + 1}) AS "bulkDecisionId",
      ${decision} AS decision, NULL::text AS "retractionReason",
      (said.data ->> 'rollOrdinal')::bigint AS "rollOrdinal",
      (SELECT approved.data ->> 'by' FROM register_fact AS approved
        WHERE approved.stream = said.stream AND approved.version > said.version
          AND approved.type = 'BulkDecisionApproved'
          AND approved.data -> 'decision' = said.data -> 'decision') AS "approvedBy",
      ${saidByAll}
    FROM register_fact AS said
    WHERE said.type = 'BulkDecisionPrepared' AND ${isWithin(place)}
      AND NOT EXISTS (
        SELECT FROM register_fact AS later
        WHERE later.stream = said.stream AND later.version > said.version
          AND later.data -> 'decision' = said.data -> 'decision'
          AND (later.type = 'BulkDecisionRefused'
            OR later.type = 'BulkDecisionApproved' AND ${decision} ->> 'kind' = 'campaign'
            OR later.type = 'BulkDecisionPrepared' AND later.data ->> 'by' = said.data ->> 'by'))
      AND NOT EXISTS (
        SELECT FROM register_fact AS withdrawn
        WHERE withdrawn.stream = said.stream AND withdrawn.version > said.version
          AND withdrawn.type = 'BulkDecisionWithdrawn'
          AND withdrawn.data -> 'preparedBy' ? (said.data ->> 'by'))
      AND NOT EXISTS (
        SELECT FROM register_fact AS decided
        WHERE decided.type = 'PriceLinkDecided'
          AND decided.data ->> 'decisionId' = ${decision} ->> 'decisionId'
          AND left(decided.data ->> 'division', 2) = left(${decision} ->> 'division', 2))`
}

function retractions(isWithin: IsWithin): string {
  return `
    SELECT NULL::text AS "bulkDecisionId",
      decided.data - 'rollOrdinal' || '{"kind": "price-link"}' AS decision,
      said.data ->> 'reason' AS "retractionReason",
      (decided.data ->> 'rollOrdinal')::bigint AS "rollOrdinal", NULL::text AS "approvedBy",
      ${saidByAll}
    FROM register_fact AS said
    JOIN register_fact AS decided
      ON decided.stream = said.stream AND decided.type = 'PriceLinkDecided'
        AND decided.data ->> 'decisionId' = said.data ->> 'decisionId'
    WHERE said.type = 'PriceRetractionPrepared' AND ${isWithin("said.data ->> 'division'")}
      AND NOT EXISTS (
        SELECT FROM register_fact AS later
        WHERE later.stream = said.stream AND later.version > said.version
          AND later.data ->> 'decisionId' = said.data ->> 'decisionId'
          AND (later.type = 'PriceLinkRetracted'
            OR later.type = 'PriceRetractionPrepared'
              AND later.data ->> 'by' = said.data ->> 'by'))`
}
