import type { Campaign, CampaignTier, CampaignUnit } from '../../domain/bulk-decision/events.js'
import { headIn, membersIn } from '../../domain/case/case.js'
import { DomainError } from '../../domain/errors.js'
import { assertDivision } from '../../domain/policy/divisions.js'
import { type Policy, programmeOf } from '../../domain/policy/policy.js'
import type { Ordinal, PersonId, ProgrammeCode } from '../../domain/values/identifiers.js'
import { AmountFen, addFen, type Fen, zeroFen } from '../../domain/values/money.js'
import { assertWithinScope, type Caller } from '../caller.js'
import { householdOfHead } from '../imports/import-ids.js'
import { grantRecipients, type Recipient } from './campaign-recipients.js'
import type { BulkOptions, BulkOutcome, BulkParts, RefusedCase } from './decide-on-roll.js'
import { pagesOf, type Roll, type RollCase } from './roll-reader.js'
import { approveDecision, prepareDecision, rollOrdinalOf } from './two-hands.js'

/** A campaign whose recipients are those on rolls; lists are imported instead. */
export interface CampaignRequest extends BulkOptions {
  readonly campaign: Campaign
  readonly unit: CampaignUnit
  readonly tiers: readonly CampaignTier[]
  readonly caller: Caller
}

export interface CampaignOutcome extends BulkOutcome {
  /** The rolls are as known then: as the preparer counted them. */
  readonly rollOrdinal: Ordinal
  /** Of those who get it now: members of their households, or who they are, and the money. */
  readonly persons: number
  readonly amountFen: Fen
}

/** A campaign on the rolls of an ordinal. */
interface Running extends CampaignRequest {
  readonly rollOrdinal: Ordinal
}

/** Recipients planned and written at once: interactive work waits no longer than for one chunk. */
const recipientsPerChunk = 250

/**
 * Gives everyone on the rolls a one-off case with its supplement: opened, joined and granted in
 * one append. One person prepares it by a dry run, another has it carried out. A recipient gets a
 * campaign once, from a roll or from an imported list. Sent again after a crash it goes on.
 *
 * @throws DomainError `programme-not-one-off`, `division-outside-scope`,
 *   `bulk-decision-not-prepared`, `same-person-prepares-and-approves`
 */
export async function runCampaign(
  parts: BulkParts,
  request: CampaignRequest,
): Promise<CampaignOutcome> {
  assertWithinScope(request.caller.actor, request.campaign.division)
  const { policy } = await parts.policies.latest()
  const { campaign, caller, dryRun, tiers, unit } = request
  assertOneOff(campaign, policy)
  assertDivision(policy, { division: campaign.division, on: campaign.decidedOn })
  for (const { programme } of tiers) programmeOf(policy, programme, campaign.month)
  const decision = { kind: 'campaign' as const, campaign, unit, tiers: [...tiers] }
  const rollOrdinal = dryRun
    ? await rollOrdinalOf(parts, decision)
    : await approveDecision(parts, { caller, decision })
  const outcome = await giveAll(parts, { ...request, rollOrdinal }, policy)
  const { amountFen, changed: grants, persons, refusedCount: refused } = outcome
  const counted = { grants, persons, amountFen: AmountFen.parse(amountFen), refused }
  if (dryRun) await prepareDecision(parts, { caller, counted, decision, rollOrdinal })
  return { rollOrdinal, ...outcome }
}

async function giveAll(
  parts: BulkParts,
  request: Running,
  policy: Policy,
): Promise<Omit<CampaignOutcome, 'rollOrdinal'>> {
  const { onProgress, tiers } = request
  const counts = { examined: 0, changed: 0, refusedCount: 0, persons: 0, amountFen: zeroFen }
  const refused: RefusedCase[] = []
  for (const [at, tier] of tiers.entries()) {
    const roll = rollOf(request, [tier.programme])
    const before = rollOf(
      request,
      tiers.slice(0, at).map(({ programme }) => programme),
    )
    for await (const page of pagesOf(parts.rolls, roll, recipientsPerChunk)) {
      const recipients = await recipientsOn(parts, { before, page, request, tier })
      const granted = await grantRecipients(parts, { recipients, policy, ...request })
      counts.examined += recipients.length
      counts.changed += granted.changed
      counts.persons += granted.persons
      counts.amountFen = addFen(counts.amountFen, granted.amountFen)
      counts.refusedCount += granted.refused.length
      refused.push(...granted.refused.slice(0, 1000 - refused.length))
      onProgress?.({ examined: counts.examined, changed: counts.changed })
    }
  }
  return { ...counts, refused }
}

function assertOneOff({ month, programme }: Campaign, policy: Policy): void {
  if (programmeOf(policy, programme, month).kind !== 'one-off')
    throw new DomainError('programme-not-one-off', { programme })
}

function rollOf({ campaign, rollOrdinal }: Running, programmes: readonly ProgrammeCode[]): Roll {
  const { division, month } = campaign
  return { programmes, division, month, ordinal: rollOrdinal }
}

async function recipientsOn(
  { rolls }: BulkParts,
  on: {
    readonly before: Roll
    readonly page: readonly RollCase[]
    readonly request: CampaignRequest
    readonly tier: CampaignTier
  },
): Promise<readonly Recipient[]> {
  const { before, page, request, tier } = on
  const persons = page.flatMap((one) => one.persons)
  const had = before.programmes.length === 0 ? noOne : await rolls.personsOnRoll(before, persons)
  const { amountFen } = tier
  return page.flatMap((one) =>
    request.unit === 'household'
      ? householdOf(one, { amountFen, had, request })
      : personsOf(one, { amountFen, had, request }),
  )
}

const noOne: ReadonlySet<PersonId> = new Set()

interface Giving {
  readonly amountFen: CampaignTier['amountFen']
  readonly had: ReadonlySet<PersonId>
  readonly request: CampaignRequest
}

/** The household as one, unless its head's household had it through an earlier roll. */
function householdOf(on: RollCase, { amountFen, had, request }: Giving): readonly Recipient[] {
  const { month } = request.campaign
  const head = headIn(on.state, month) ?? on.persons[0]
  if (head === undefined || had.has(head)) return []
  const members = membersOf(on, request).map((member) => ({
    ...member,
    head: member.personId === head,
    relation: member.personId === head ? '户主' : '成员',
  }))
  return [{ ...placeOf(on), recipient: householdOfHead(head), members, amountFen, persons: [] }]
}

function personsOf(on: RollCase, { amountFen, had, request }: Giving): readonly Recipient[] {
  return membersOf(on, request)
    .filter(({ personId }) => !had.has(personId))
    .map((member) => ({
      ...placeOf(on),
      recipient: `person/${member.personId}`,
      members: [{ ...member, head: true, relation: '本人' }],
      amountFen,
      persons: [member.personId],
    }))
}

function placeOf({ caseId, division, urbanRural }: RollCase) {
  return { from: caseId, division, urbanRural }
}

function membersOf({ persons, state }: RollCase, { campaign }: CampaignRequest) {
  return membersIn(state, campaign.month)
    .filter(({ personId }) => persons.includes(personId))
    .map(({ circumstances, personId }) => ({ personId, bornOn: circumstances.bornOn }))
}
