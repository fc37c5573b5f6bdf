import { z } from 'zod'
import { Month } from '../values/calendar.js'
import { DivisionCode } from '../values/division.js'
import { BenefitClass, ComponentName, PolicyDocument, ShortText } from '../values/document.js'
import { PersonId, ProgrammeCode } from '../values/identifiers.js'
import { AmountFen, Fen } from '../values/money.js'

/** One part of a monthly benefit; `personId` where it is for one person of the household. */
export const BenefitComponent = z.strictObject({
  component: ComponentName,
  personId: PersonId.nullable(),
  amountFen: AmountFen,
})
export type BenefitComponent = z.infer<typeof BenefitComponent>

/** A standard as it stood when a decision used it. */
export const StandardUsed = z.strictObject({
  programme: ProgrammeCode,
  division: DivisionCode,
  benefitClass: BenefitClass,
  from: Month,
  monthlyFen: AmountFen,
  document: PolicyDocument,
})
export type StandardUsed = z.infer<typeof StandardUsed>

/** One line of arithmetic that a person can follow: `3 × 390.00 元 − 412.50 元`. */
const WorkingStep = z.strictObject({ what: ShortText, amountFen: Fen })
export type WorkingStep = z.infer<typeof WorkingStep>

/** Why an amount is what it is. `explain` prints it; nothing recomputes it from later policy. */
export const Workings = z.strictObject({
  month: Month,
  standards: z.array(StandardUsed),
  ruleFrom: Month,
  ruleDocument: PolicyDocument,
  coveredMembers: z.int().nonnegative(),
  assessedMembers: z.int().nonnegative(),
  householdIncomeFen: AmountFen,
  steps: z.array(WorkingStep),
})
export type Workings = z.infer<typeof Workings>
