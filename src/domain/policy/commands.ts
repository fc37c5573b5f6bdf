import { z } from 'zod'
import { divisionEvents, programmeEvents, standardEvents } from './events.js'

/** Commands of a `programme-<code>` stream. */
export const ProgrammeCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('DefineProgramme'),
    ...programmeEvents.ProgrammeDefined.data.shape,
  }),
  z.strictObject({ type: z.literal('SetRule'), ...programmeEvents.RuleSet.data.shape }),
  z.strictObject({
    type: z.literal('SetPriceTerms'),
    ...programmeEvents.PriceTermsSet.data.shape,
  }),
  z.strictObject({
    type: z.literal('PlaceProgrammeHold'),
    ...programmeEvents.ProgrammeHoldPlaced.data.shape,
  }),
  z.strictObject({
    type: z.literal('LiftProgrammeHold'),
    ...programmeEvents.ProgrammeHoldLifted.data.shape,
  }),
])
export type ProgrammeCommand = z.infer<typeof ProgrammeCommand>

/** Commands of a `standard-<programme>-<division>` stream. */
export const StandardCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('SetStandard'), ...standardEvents.StandardSet.data.shape }),
])
export type StandardCommand = z.infer<typeof StandardCommand>

/** Commands of a `division-<id>` stream. */
export const DivisionCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('DefineDivision'),
    ...divisionEvents.DivisionDefined.data.shape,
  }),
  z.strictObject({
    type: z.literal('RenameDivision'),
    ...divisionEvents.DivisionRenamed.data.shape,
  }),
  z.strictObject({ type: z.literal('MergeDivision'), ...divisionEvents.DivisionMerged.data.shape }),
])
export type DivisionCommand = z.infer<typeof DivisionCommand>
