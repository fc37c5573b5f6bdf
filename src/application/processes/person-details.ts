import { z } from 'zod'
import { DomainError } from '../../domain/errors.js'
import type { Details } from '../../domain/person/person.js'
import { PlainDate, plainDate } from '../../domain/values/calendar.js'
import { ShortText } from '../../domain/values/document.js'
import type { EventId, PersonId } from '../../domain/values/identifiers.js'
import {
  birthDateOf,
  type IdentityNumber,
  parseIdentityNumber,
  sexOf,
} from '../../domain/values/identity-number.js'
import { normalisedName } from '../../sealing/keyed-hashes.js'
import type { ProcessParts } from './parts.js'

/** Who somebody is, as people write it down. */
export const GivenDetails = z.strictObject({
  name: ShortText,
  /** 18 characters or the old 15; null for those who have none. */
  identityNumber: z.string().max(40).nullable(),
  /** Null where the number says it; needed where there is no number. */
  bornOn: PlainDate.nullable(),
  sex: z.enum(['male', 'female']).nullable(),
  address: ShortText.nullable(),
  phone: ShortText.nullable(),
})
export type GivenDetails = z.infer<typeof GivenDetails>

/** Given details that were checked and completed from the number. */
export interface OpenDetails {
  readonly name: string
  readonly identityNumber: IdentityNumber | null
  readonly bornOn: PlainDate
  readonly sex: 'male' | 'female'
  readonly address: string | null
  readonly phone: string | null
}

/**
 * Checks the number and takes from it what was not given. A date or sex that is given stands,
 * since registers have people whose number says another.
 *
 * @throws DomainError `identity-number-wrong`, `person-details-incomplete`, `name-blank`,
 *   `birth-date-out-of-range`
 */
export function completeDetails(given: GivenDetails, today: PlainDate): OpenDetails {
  const { identityNumber, bornOn, sex, ...others } = given
  if (isBlank(given.name)) throw new DomainError('name-blank')
  const number = identityNumber === null ? null : parseIdentityNumber(identityNumber)
  const born = bornOn ?? (number && birthDateOf(number))
  const sexSaid = sex ?? (number && sexOf(number))
  if (!born) throw new DomainError('person-details-incomplete', { field: 'bornOn' })
  if (!sexSaid) throw new DomainError('person-details-incomplete', { field: 'sex' })
  assertLivedThen(born, today)
  return { ...others, identityNumber: number, bornOn: born, sex: sexSaid }
}

/** Nobody alive, and nobody whose money is still asked after, was born before. */
export const earliestBirth = plainDate('1850-01-01')

export function isPossibleBirth(bornOn: PlainDate, today: PlainDate): boolean {
  return bornOn >= earliestBirth && bornOn <= today
}

function assertLivedThen(bornOn: PlainDate, today: PlainDate): void {
  if (isPossibleBirth(bornOn, today)) return
  throw new DomainError('birth-date-out-of-range', { bornOn, earliest: earliestBirth, today })
}

/** Of white space, format and control characters only: people see nothing. */
function isBlank(name: string): boolean {
  return !/[^\s\p{C}\p{Z}]/u.test(name)
}

interface Sealing {
  readonly personId: PersonId
  readonly eventId: EventId
  readonly details: OpenDetails
}

type SealedField = 'name' | 'identityNumber' | 'address' | 'phone'

/** The details as an event holds them; the same event id and details are the same bytes. */
export async function sealDetails(
  { vault, hashes }: Pick<ProcessParts, 'vault' | 'hashes'>,
  { personId, eventId, details }: Sealing,
): Promise<Details> {
  const { address, bornOn, identityNumber, name, phone, sex } = details
  const seal = async (field: SealedField, text: string | null) =>
    text === null ? null : vault.seal({ person: personId, eventId, field, text })
  return {
    name: await vault.seal({ person: personId, eventId, field: 'name', text: name }),
    identityNumber: await seal('identityNumber', identityNumber),
    identityHash: identityNumber && hashes.identity(identityNumber),
    bornOn,
    sex,
    address: await seal('address', address),
    phone: await seal('phone', phone),
  }
}

/** The details as they were given; null when the person was erased. */
export async function openDetails(
  { vault }: Pick<ProcessParts, 'vault'>,
  details: Details,
): Promise<OpenDetails | null> {
  const open = async (field: SealedField) => details[field] && vault.open(details[field])
  const name = await open('name')
  const number = await open('identityNumber')
  if (name === null) return null
  return {
    name,
    identityNumber: number === null ? null : parseIdentityNumber(number),
    bornOn: details.bornOn,
    sex: details.sex,
    address: await open('address'),
    phone: await open('phone'),
  }
}

/** Whether two say that they are one person: the same name, however typed, and the same birth. */
export function isSamePerson(left: OpenDetails, right: OpenDetails): boolean {
  return (
    normalisedName(left.name) === normalisedName(right.name) &&
    left.identityNumber === right.identityNumber &&
    left.bornOn === right.bornOn
  )
}

export function haveSameDetails(left: OpenDetails, right: OpenDetails): boolean {
  return (
    left.name === right.name &&
    left.identityNumber === right.identityNumber &&
    left.bornOn === right.bornOn &&
    left.sex === right.sex &&
    left.address === right.address &&
    left.phone === right.phone
  )
}
