import { z } from 'zod'
import { DivisionCode } from '../values/division.js'
import { deathListEvents, importEvents, reportedFigureEvents } from './events.js'

/** Commands of an `import-<id>` stream. */
export const ImportCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('PrepareImport'), ...importEvents.ImportPrepared.data.shape }),
  z.strictObject({
    type: z.literal('WithdrawImport'),
    ...importEvents.ImportWithdrawn.data.omit({ preparedBy: true }).shape,
    /** Whose preparations `by` may take back besides their own: nobody's where it is null. */
    division: DivisionCode.nullable(),
  }),
  z.strictObject({ type: z.literal('StartImport'), ...importEvents.ImportStarted.data.shape }),
  z.strictObject({
    type: z.literal('CompleteImport'),
    ...importEvents.ImportCompleted.data.shape,
  }),
])
export type ImportCommand = z.infer<typeof ImportCommand>

/** Commands of a `deathList-<id>` stream. */
export const DeathListCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ReceiveDeathList'),
    ...deathListEvents.DeathListReceived.data.shape,
  }),
])
export type DeathListCommand = z.infer<typeof DeathListCommand>

/** Commands of a `reportedFigure-<id>` stream. */
export const ReportedFigureCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('RecordReportedFigure'),
    ...reportedFigureEvents.ReportedFigureRecorded.data.shape,
  }),
])
export type ReportedFigureCommand = z.infer<typeof ReportedFigureCommand>
