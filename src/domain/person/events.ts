import { z } from 'zod'
import { type EventOf, event } from '../event-schema.js'
import { Month, PlainDate } from '../values/calendar.js'
import { CampaignId, ShortText } from '../values/document.js'
import { ActorId, CaseId, PersonId, ProgrammeCode } from '../values/identifiers.js'
import { KeyedHash, Sealed } from '../values/sealed.js'

const details = {
  name: Sealed,
  identityNumber: Sealed.nullable(),
  identityHash: KeyedHash.nullable(),
  bornOn: PlainDate,
  sex: z.enum(['male', 'female']),
  address: Sealed.nullable(),
  phone: Sealed.nullable(),
}

/** Where a person's money is to go: another account, or another person who receives it. */
export const PayeeChange = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('account'),
    bank: ShortText,
    account: Sealed,
    holder: Sealed,
  }),
  z.strictObject({ kind: z.literal('payee'), payee: PersonId, reason: ShortText }),
])
export type PayeeChange = z.infer<typeof PayeeChange>

export const HoldId = z.string().min(1).max(64)

/** `person-<id>`: who somebody is, where their money goes, and which enrolments they hold. */
export const personEvents = {
  PersonRegistered: event(1, 'registeredOn', {
    personId: PersonId,
    registeredOn: PlainDate,
    ...details,
  }),
  PersonDetailsCorrected: event(1, 'correctedOn', {
    correctedOn: PlainDate,
    reason: ShortText,
    ...details,
  }),
  PersonsMerged: event(1, 'mergedOn', { mergedOn: PlainDate, into: PersonId, reason: ShortText }),
  PersonDied: event(1, 'diedOn', { diedOn: PlainDate, source: ShortText }),
  DeathRetracted: event(1, 'retractedOn', { retractedOn: PlainDate, reason: ShortText }),
  LifeVerified: event(1, 'verifiedOn', {
    verifiedOn: PlainDate,
    method: ShortText,
    validThrough: Month,
  }),
  PersonErased: event(1, 'erasedOn', { erasedOn: PlainDate, reason: ShortText }),
  /** Nothing is paid by it until another person confirms it. */
  PayeeChangeProposed: event(1, 'from', {
    from: PlainDate,
    /** Counts the proposals of a person, from 1. */
    proposal: z.int().positive(),
    change: PayeeChange,
    by: ActorId,
  }),
  /** Followed by the account or the payee as it is from then on. */
  PayeeChangeConfirmed: event(1, 'from', {
    from: PlainDate,
    proposal: z.int().positive(),
    by: ActorId,
  }),
  PayeeAccountSet: event(1, 'from', {
    from: PlainDate,
    accountVersion: z.int().positive(),
    bank: ShortText,
    account: Sealed,
    holder: Sealed,
  }),
  PayeeDesignated: event(1, 'from', { from: PlainDate, payee: PersonId, reason: ShortText }),
  PersonHoldPlaced: event(1, 'from', {
    from: Month,
    holdId: HoldId,
    scope: z.enum(['person', 'account']),
    reason: ShortText,
  }),
  PersonHoldLifted: event(1, 'from', { from: Month, holdId: HoldId, reason: ShortText }),
  EnrolmentClaimed: event(1, 'from', {
    from: Month,
    caseId: CaseId,
    programme: ProgrammeCode,
    /** Programmes that may not run beside this one, as the policy said when it was claimed. */
    excludes: z.array(ProgrammeCode),
    covered: z.boolean(),
    /** Of which the case is given its share; null for what is no campaign. */
    campaign: CampaignId.nullable(),
  }),
  EnrolmentReleased: event(1, 'lastMonth', {
    lastMonth: Month,
    caseId: CaseId,
    reason: ShortText,
  }),
} as const
export type PersonEvent = EventOf<typeof personEvents>

/** `identity-<keyed hash>`: one person a number. */
export const identityEvents = {
  IdentityReserved: event(1, 'reservedOn', { reservedOn: PlainDate, personId: PersonId }),
} as const
export type IdentityEvent = EventOf<typeof identityEvents>
