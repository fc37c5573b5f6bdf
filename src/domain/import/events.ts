import { z } from 'zod'
import { type EventOf, event } from '../event-schema.js'
import { Month, PlainDate } from '../values/calendar.js'
import { DivisionCode } from '../values/division.js'
import { ShortText } from '../values/document.js'
import { ActorId, ImportId, PersonId, ProgrammeCode } from '../values/identifiers.js'
import { AmountFen } from '../values/money.js'

const Digest = z.string().regex(/^[0-9a-f]{64}$/)

const file = {
  importId: ImportId,
  kind: z.enum(['policy', 'cases', 'members', 'accounts', 'deaths', 'campaign']),
  fileDigest: Digest,
  rows: z.int().nonnegative(),
  by: ActorId,
}

/** `import-<id>`: a file that was validated whole before a row of it was written. */
export const importEvents = {
  /** Somebody stands for what the file says; somebody else has it written. */
  ImportPrepared: event(1, 'preparedOn', {
    preparedOn: PlainDate,
    ...file,
    /** Whose places `by` works for: who works for them too may have it written. */
    division: DivisionCode,
    /** Where what the rows are about is, as it was then: towns, or counties where they are many. */
    places: z.array(DivisionCode),
  }),
  /** The word of those who prepared it is taken back: it makes nobody a second person any more. */
  ImportWithdrawn: event(1, 'withdrawnOn', {
    withdrawnOn: PlainDate,
    importId: ImportId,
    preparedBy: z.array(ActorId).min(1),
    by: ActorId,
    reason: ShortText,
  }),
  ImportStarted: event(1, 'startedOn', { startedOn: PlainDate, ...file }),
  ImportCompleted: event(1, 'completedOn', {
    completedOn: PlainDate,
    importId: ImportId,
    written: z.int().nonnegative(),
    unchanged: z.int().nonnegative(),
  }),
} as const
export type ImportEvent = EventOf<typeof importEvents>

/** `deathList-<id>`: a list of deaths as received; rows that match nobody make no person. */
export const deathListEvents = {
  DeathListReceived: event(1, 'receivedOn', {
    receivedOn: PlainDate,
    source: ShortText,
    rows: z.int().nonnegative(),
    matched: z.array(z.strictObject({ personId: PersonId, diedOn: PlainDate })),
    unmatched: z.int().nonnegative(),
    /** Row numbers of the file that matched nobody. */
    unmatchedRows: z.array(z.int().positive()),
    fileDigest: Digest,
    /** The list's own sums and remarks, as printed: `701 火化 + 3 外地`. */
    remarks: z.array(ShortText),
  }),
} as const
export type DeathListEvent = EventOf<typeof deathListEvents>

/** How far a printed figure can be trusted; flagged ones are never shown without their reason. */
export const ReportedStanding = z.enum(['reported', 'anomaly', 'inconsistent'])

/** `reportedFigure-<id>`: a figure that somebody printed; never mixed with computed ones. */
export const reportedFigureEvents = {
  ReportedFigureRecorded: event(1, 'from', {
    figureId: ShortText,
    from: Month,
    to: Month,
    division: DivisionCode,
    programme: ProgrammeCode.nullable(),
    what: ShortText,
    amountFen: AmountFen.nullable(),
    count: z.int().nonnegative().nullable(),
    unit: ShortText.nullable(),
    standing: ReportedStanding,
    reason: ShortText.nullable(),
    source: ShortText,
  }),
} as const
export type ReportedFigureEvent = EventOf<typeof reportedFigureEvents>
