import { z } from 'zod'
import { ActorId, CaseId } from '../values/identifiers.js'
import { identityEvents, personEvents } from './events.js'

/** Commands of a `person-<id>` stream; names, numbers and accounts arrive sealed. */
export const PersonCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('RegisterPerson'),
    ...personEvents.PersonRegistered.data.shape,
  }),
  z.strictObject({
    type: z.literal('CorrectPersonDetails'),
    ...personEvents.PersonDetailsCorrected.data.shape,
  }),
  z.strictObject({ type: z.literal('MergePerson'), ...personEvents.PersonsMerged.data.shape }),
  z.strictObject({ type: z.literal('RecordDeath'), ...personEvents.PersonDied.data.shape }),
  z.strictObject({ type: z.literal('RetractDeath'), ...personEvents.DeathRetracted.data.shape }),
  z.strictObject({ type: z.literal('VerifyLife'), ...personEvents.LifeVerified.data.shape }),
  z.strictObject({ type: z.literal('ErasePerson'), ...personEvents.PersonErased.data.shape }),
  z.strictObject({
    type: z.literal('ProposePayeeChange'),
    ...personEvents.PayeeChangeProposed.data.omit({ proposal: true }).shape,
  }),
  z.strictObject({
    type: z.literal('ConfirmPayeeChange'),
    proposal: z.int().positive(),
    by: ActorId,
  }),
  /** Of an import, which goes through two hands itself. */
  z.strictObject({
    type: z.literal('SetPayeeAccount'),
    ...personEvents.PayeeAccountSet.data.omit({ accountVersion: true }).shape,
  }),
  z.strictObject({ type: z.literal('PlaceHold'), ...personEvents.PersonHoldPlaced.data.shape }),
  z.strictObject({ type: z.literal('LiftHold'), ...personEvents.PersonHoldLifted.data.shape }),
  z.strictObject({
    type: z.literal('ClaimEnrolment'),
    ...personEvents.EnrolmentClaimed.data.omit({ excludes: true }).shape,
  }),
  /** Claims for a case under which another, that the person is in still, is going on. */
  z.strictObject({
    type: z.literal('ContinueEnrolment'),
    continues: CaseId,
    ...personEvents.EnrolmentClaimed.data.omit({ excludes: true }).shape,
  }),
  z.strictObject({
    type: z.literal('ReleaseEnrolment'),
    ...personEvents.EnrolmentReleased.data.shape,
  }),
])
export type PersonCommand = z.infer<typeof PersonCommand>

/** Commands of an `identity-<keyed hash>` stream. */
export const IdentityCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ReserveIdentity'),
    ...identityEvents.IdentityReserved.data.shape,
  }),
])
export type IdentityCommand = z.infer<typeof IdentityCommand>
