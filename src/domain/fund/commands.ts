import { z } from 'zod'
import { PlainDate } from '../values/calendar.js'
import { ShortText } from '../values/document.js'
import { ProgrammeCode, RunId } from '../values/identifiers.js'
import { AmountFen } from '../values/money.js'
import { payerEvents } from './events.js'

const OfProgramme = z.strictObject({ programme: ProgrammeCode, amountFen: AmountFen })

/** Commands of a `payer-<county>` stream. */
export const PayerCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('AdmitRun'), ...payerEvents.RunAdmitted.data.shape }),
  z.strictObject({ type: z.literal('SettleRun'), ...payerEvents.RunSettled.data.shape }),
  z.strictObject({ type: z.literal('AllocateFund'), ...payerEvents.FundAllocated.data.shape }),
  z.strictObject({
    type: z.literal('ReserveFunds'),
    reservedOn: PlainDate,
    runId: RunId,
    /** What the run pays, by programme; funds are found for each among those that may pay it. */
    needs: z.array(OfProgramme),
  }),
  z.strictObject({
    type: z.literal('ReturnFunds'),
    returnedOn: PlainDate,
    runId: RunId,
    /** All that came back of the run so far, by programme. */
    cameBack: z.array(OfProgramme),
  }),
  z.strictObject({
    type: z.literal('ReleaseFunds'),
    releasedOn: PlainDate,
    runId: RunId,
    reason: ShortText,
  }),
])
export type PayerCommand = z.infer<typeof PayerCommand>
