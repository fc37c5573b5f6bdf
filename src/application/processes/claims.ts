import {
  type Membership,
  membershipsOf,
  membersIn,
  openingOf,
  spellsOf,
} from '../../domain/case/case.js'
import { type Case, factsOf } from '../../domain/case/facts.js'
import type { PersonCommand } from '../../domain/person/commands.js'
import { type Enrolment, lastMonthOf } from '../../domain/person/enrolments.js'
import type { Person } from '../../domain/person/person.js'
import { type Policy, programmeOf } from '../../domain/policy/policy.js'
import { endOfTime, type Month, nextMonth, previousMonth } from '../../domain/values/calendar.js'
import type { CaseId, PersonId, ProgrammeCode } from '../../domain/values/identifiers.js'

/** What a case needs its member to have claimed: the last stay, as long as it is on the roll. */
export interface NeededClaim {
  readonly caseId: CaseId
  readonly programme: ProgrammeCode
  readonly from: Month
  readonly to: Month
  readonly covered: boolean
  /** Of a one-off programme: claimed for its month only, and let go at once. */
  readonly oneOff: boolean
}

export type ClaimCommand = Extract<
  PersonCommand,
  { type: 'ClaimEnrolment' | 'ContinueEnrolment' | 'ReleaseEnrolment' }
>

/** Everyone who ever belonged to the household. */
export function personsOf(state: Case): readonly PersonId[] {
  return [...new Set(membershipsOf(state).map((stay) => stay.personId))]
}

/** The claim that a person's last stay needs; undefined when there is no stay. */
export function neededClaim(
  state: Case,
  { personId, policy }: { readonly personId: PersonId; readonly policy: Policy },
): NeededClaim | undefined {
  const opening = openingOf(state)
  const stay = membershipsOf(state)
    .filter((one) => one.personId === personId)
    .reduce<Membership | undefined>(
      (last, one) => (last && last.from > one.from ? last : one),
      undefined,
    )
  if (!opening || !stay) return undefined
  const { caseId, programme } = opening
  const { covered, since } = coverageOf(state, stay)
  if (isOneOff(policy, programme))
    return { caseId, programme, from: stay.from, to: stay.from, covered, oneOff: true }
  const spells = spellsOf(state)
  const spell = spells.at(-1)
  const isOver = spell?.end && stay.from <= spell.to
  const to = isOver && spell.to < stay.to ? spell.to : stay.to
  // Who comes back on the roll with their household needs nothing for the months between.
  const from = spells.length > 1 && spell && spell.from > since ? spell.from : since
  return { caseId, programme, from, to, covered, oneOff: false }
}

function isOneOff(policy: Policy, programme: ProgrammeCode): boolean {
  const known = policy.programmes.some((one) => one.programme === programme)
  return known && programmeOf(policy, programme).kind === 'one-off'
}

/** Whether the stay is covered at last, and since when without a change. */
function coverageOf(
  state: Case,
  stay: Membership,
): { readonly covered: boolean; readonly since: Month } {
  const changes = factsOf(state, 'MemberCircumstancesRecorded')
    .filter(({ data }) => data.personId === stay.personId && data.from > stay.from)
    .map(({ data }) => data.from)
    .filter((from) => from <= stay.to)
  let coverage = { covered: isCovered(state, stay, stay.from), since: stay.from }
  for (const since of [...new Set(changes)].sort()) {
    const covered = isCovered(state, stay, since)
    if (covered !== coverage.covered) coverage = { covered, since }
  }
  return coverage
}

function isCovered(state: Case, { personId }: Membership, month: Month): boolean {
  const member = membersIn(state, month).find((one) => one.personId === personId)
  return member?.circumstances.covered ?? false
}

/** The claims to make before the case may go on; empty when all is claimed. */
export function claimsToMake(
  person: Person,
  needed: NeededClaim | undefined,
): readonly ClaimCommand[] {
  if (!needed || needed.to < needed.from) return []
  const held = heldFor(person, needed.caseId)
  const { caseId, covered, from, programme, to } = needed
  const claim = { campaign: null, caseId, covered, programme }
  if (to === endOfTime) {
    const claimed = held.some(
      (one) => one.lastMonth === null && one.covered === covered && one.from <= from,
    )
    return claimed ? [] : [{ type: 'ClaimEnrolment', ...claim, from }]
  }
  const claimedTo = held.map(lastMonthOf).sort().at(-1)
  if (needed.oneOff && claimedTo === undefined) return [{ type: 'ClaimEnrolment', ...claim, from }]
  // Who leaves need not have claimed anything: leaving must not fail for months long past.
  if (claimedTo === undefined || claimedTo >= to) return []
  const missing = claimedTo >= from ? nextMonth(claimedTo) : from
  return [{ type: 'ClaimEnrolment', ...claim, from: missing }]
}

/** The releases that are due: months claimed for a case that does not need them any more. */
export function releasesDue(
  person: Person,
  due: {
    readonly caseId: CaseId
    readonly needed: NeededClaim | undefined
    readonly reason: string
  },
): readonly ClaimCommand[] {
  const { caseId, needed, reason } = due
  const held = heldFor(person, caseId)
  const [first] = held
  if (!first) return []
  const needless = needed && needed.to >= needed.from ? needed.to : previousMonth(first.from)
  const goesOn = held.some((one) => lastMonthOf(one) > needless)
  return goesOn ? [{ type: 'ReleaseEnrolment', caseId, lastMonth: needless, reason }] : []
}

function heldFor(person: Person, caseId: CaseId): readonly Enrolment[] {
  return person.enrolments.held.filter((one) => one.caseId === caseId)
}

/** The same claims for a case under which `continues` goes on. */
export function continuing(
  claims: readonly ClaimCommand[],
  continues: CaseId,
): readonly ClaimCommand[] {
  return claims.map((claim) =>
    claim.type === 'ClaimEnrolment'
      ? { ...claim, type: 'ContinueEnrolment' as const, continues }
      : claim,
  )
}
