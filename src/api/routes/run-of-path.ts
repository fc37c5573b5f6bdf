import { z } from 'zod'
import { DomainError } from '../../domain/errors.js'
import { Month, monthFromIndex } from '../../domain/values/calendar.js'
import { DivisionCode } from '../../domain/values/division.js'
import { Ordinal, RunId } from '../../domain/values/identifiers.js'
import {
  paymentRun,
  type RunPlace,
  type RunRow,
  runPlace,
} from '../../projections/payments/runs.js'
import type { LedgerServices } from '../ledger-services.js'

export const runTag = '发放 Payment runs'
export const runReaders = ['payment-officer', 'approver', 'auditor'] as const
export const RunPath = z.strictObject({ runId: RunId })
export type RunPath = z.infer<typeof RunPath>

export const Run = z.strictObject({
  runId: RunId,
  kind: z.string(),
  programmes: z.array(z.string()),
  division: DivisionCode,
  period: Month,
  number: z.int(),
  frozenOrdinal: Ordinal,
  openedBy: z.string(),
  status: z.string(),
  creditedFen: z.int(),
  returnedFen: z.int(),
  /** The data of each decision about it; null until it was taken. */
  decisions: z.record(z.string(), z.json()),
})
export type Run = z.infer<typeof Run>

const decisionNames = [
  'prepared',
  'submitted',
  'approved',
  'rejected',
  'released',
  'closed',
] as const

export function runOf(row: RunRow): Run {
  const decisions = Object.fromEntries(decisionNames.map((name) => [name, row[name] ?? null]))
  const { creditedFen, division, frozenOrdinal, kind, number, openedBy, runId, status } = row
  const figures = { creditedFen, returnedFen: row.returnedFen, frozenOrdinal, number }
  return Run.parse({
    ...figures,
    runId,
    kind,
    division,
    openedBy,
    status,
    programmes: [...row.programmes],
    period: monthFromIndex(row.period),
    decisions,
  })
}

/** Refuses 'run-unknown'. */
export async function runOrRefuse({ model }: LedgerServices, { runId }: RunPath): Promise<RunRow> {
  const run = await paymentRun(model, { runId })
  if (!run) throw new DomainError('run-unknown', { runId })
  return run
}

/** What of a run stands from its opening, without its sums. Refuses 'run-unknown'. */
export async function runPlaceOrRefuse(
  { model }: LedgerServices,
  { runId }: RunPath,
): Promise<RunPlace> {
  const place = await runPlace(model, { runId })
  if (!place) throw new DomainError('run-unknown', { runId })
  return place
}

/** The place that a run pays in. */
export async function placeOfRun(
  services: LedgerServices,
  params: RunPath,
): Promise<readonly DivisionCode[]> {
  return [DivisionCode.parse((await runPlaceOrRefuse(services, params)).division)]
}
