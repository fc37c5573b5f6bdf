import type { ErrorCode } from '../../domain/error-codes.js'
import { campaignTable, casesTable, membersTable, personColumnOf } from './tables.js'

/** Which column of a template has what a refusal is about; the others are of the whole row. */
export type FaultColumns = Readonly<Partial<Record<ErrorCode, string>>>

const ofCase = casesTable.names

export const caseColumns: FaultColumns = {
  'household-unknown': ofCase.household_no[0],
  'programme-unknown': ofCase.programme[0],
  'case-already-opened': ofCase.programme[0],
  'division-above-town': ofCase.division[0],
  'division-unknown': ofCase.division[0],
  'division-outside-scope': ofCase.division[0],
  'roll-of-programme-differs': ofCase.urban_rural[0],
  'benefit-class-unknown': ofCase.class[0],
  'opening-entry-after-settlement': ofCase.entry_month[0],
}

/** Of a member: who it is, or the household they are in. */
export function memberColumnsOf(row: { readonly identity_number?: unknown }): FaultColumns {
  const person = personColumnOf(row)
  return {
    'household-unknown': membersTable.names.household_no[0],
    'row-twice': person,
    'enrolment-conflict': person,
  }
}

/** Of a recipient: the household by its number, or the person. */
export function recipientColumnsOf(row: {
  readonly household_no?: unknown
  readonly identity_number?: unknown
}): FaultColumns {
  const { names } = campaignTable
  const recipient = row.household_no === undefined ? personColumnOf(row) : names.household_no[0]
  return {
    'household-unknown': recipient,
    'household-without-members': recipient,
    'row-twice': recipient,
    'recipient-twice': recipient,
    'campaign-had-already': recipient,
    'enrolment-conflict': recipient,
    'division-above-town': names.division[0],
    'division-unknown': names.division[0],
    'division-outside-scope': names.division[0],
    'amount-over-cap': names.amount[0],
  }
}
