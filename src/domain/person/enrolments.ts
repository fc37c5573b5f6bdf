import { endOfTime, type Month, previousMonth } from '../values/calendar.js'
import type { CampaignId } from '../values/document.js'
import type { CaseId, ProgrammeCode } from '../values/identifiers.js'
import type { PersonEvent } from './events.js'

/** Months in which a person belongs to one case; without a last month while it goes on. */
export interface Enrolment {
  readonly caseId: CaseId
  readonly programme: ProgrammeCode
  readonly excludes: readonly ProgrammeCode[]
  readonly covered: boolean
  readonly campaign: CampaignId | null
  readonly from: Month
  readonly lastMonth: Month | null
}

/** What a person has claimed, and how each case that let them go said so last. */
export interface Enrolments {
  readonly held: readonly Enrolment[]
  readonly released: readonly { readonly caseId: CaseId; readonly lastMonth: Month }[]
}

export const noEnrolments: Enrolments = { held: [], released: [] }

type Claimed = Extract<PersonEvent, { type: 'EnrolmentClaimed' }>['data']
type Released = Extract<PersonEvent, { type: 'EnrolmentReleased' }>['data']

/** A claim says how it is from its month on; what the same case said of later months goes. */
export function withClaim(enrolments: Enrolments, claim: Claimed): Enrolments {
  return {
    held: [...cut(enrolments.held, claim.caseId, previousMonth(claim.from)), open(claim)],
    released: enrolments.released.filter((release) => release.caseId !== claim.caseId),
  }
}

/** A release ends the enrolment with its last month; from before its first, it never was. */
export function withRelease(enrolments: Enrolments, release: Released): Enrolments {
  const { caseId, lastMonth } = release
  const others = enrolments.released.filter((one) => one.caseId !== caseId)
  return {
    held: cut(enrolments.held, caseId, lastMonth),
    released: [...others, { caseId, lastMonth }],
  }
}

function open(claim: Claimed): Enrolment {
  return { ...claim, lastMonth: null }
}

function cut(held: readonly Enrolment[], caseId: CaseId, lastMonth: Month): readonly Enrolment[] {
  return held.flatMap((one) => {
    if (one.caseId !== caseId || lastMonthOf(one) <= lastMonth) return [one]
    return one.from > lastMonth ? [] : [{ ...one, lastMonth }]
  })
}

export function lastMonthOf(enrolment: Enrolment): Month {
  return enrolment.lastMonth ?? endOfTime
}

/** A claim as it is asked for: from a month on, without an end. */
export interface Claim {
  readonly caseId: CaseId
  readonly programme: ProgrammeCode
  readonly excludes: readonly ProgrammeCode[]
  readonly repeatable: boolean
  readonly covered: boolean
  readonly campaign: CampaignId | null
  readonly from: Month
  /** The case that goes on under this one: it ends before this one begins. */
  readonly continues: CaseId | null
}

/** Another case through which the person had the same campaign, whatever its month. */
export function sameCampaignOf(
  { held }: Enrolments,
  { campaign, caseId }: Pick<Claim, 'campaign' | 'caseId'>,
): Enrolment | undefined {
  if (campaign === null) return undefined
  return held.find((one) => one.campaign === campaign && one.caseId !== caseId)
}

/**
 * The enrolment of another case that stands against a claim; undefined when nothing does. Two
 * cases of one programme conflict unless it is repeatable; programmes that exclude each other do
 * where both cover the person, since one who is only assessed gets nothing from the case.
 */
export function conflictOf(enrolments: Enrolments, claim: Claim): Enrolment | undefined {
  return enrolments.held.find((one) => {
    if (one.caseId === claim.caseId || one.caseId === claim.continues) return false
    if (lastMonthOf(one) < claim.from) return false
    if (one.programme === claim.programme) return !claim.repeatable
    const excluded =
      claim.excludes.includes(one.programme) || one.excludes.includes(claim.programme)
    return excluded && one.covered && claim.covered
  })
}
