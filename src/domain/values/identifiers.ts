import { z } from 'zod'

/** Our own ids: UUIDs that derive from (actor, Idempotency-Key), so a retry makes the same ones. */
const Id = z.uuid()

export const PersonId = Id.brand<'PersonId'>()
export type PersonId = z.infer<typeof PersonId>
export const CaseId = Id.brand<'CaseId'>()
export type CaseId = z.infer<typeof CaseId>
export const RunId = Id.brand<'RunId'>()
export type RunId = z.infer<typeof RunId>
export const RecoveryId = Id.brand<'RecoveryId'>()
export type RecoveryId = z.infer<typeof RecoveryId>
export const DivisionId = Id.brand<'DivisionId'>()
export type DivisionId = z.infer<typeof DivisionId>
export const ImportId = Id.brand<'ImportId'>()
export type ImportId = z.infer<typeof ImportId>
export const EventId = Id.brand<'EventId'>()
export type EventId = z.infer<typeof EventId>

/** The catalogue's short name of a programme, `urban-dibao`; lower case, digits and hyphens. */
export const ProgrammeCode = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}$/, 'lower-case letters, digits and hyphens')
  .brand<'ProgrammeCode'>()
export type ProgrammeCode = z.infer<typeof ProgrammeCode>

/** The immutable `sub` of who acted; at most 128 characters, never a name shown on a screen. */
export const ActorId = z.string().min(1).max(128).brand<'ActorId'>()
export type ActorId = z.infer<typeof ActorId>

/** The 0-based index of an event among all ledger events in log order; equal on every adapter. */
export const Ordinal = z.int().min(-1).brand<'Ordinal'>()
export type Ordinal = z.infer<typeof Ordinal>

/** The ordinal before the first event. */
export const beforeFirst = -1 as Ordinal

export function ordinal(value: number): Ordinal {
  return Ordinal.parse(value)
}
