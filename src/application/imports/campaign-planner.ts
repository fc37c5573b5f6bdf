import type { Campaign } from '../../domain/bulk-decision/events.js'
import {
  coveredIn,
  headIn,
  type Member,
  membersIn,
  openingOf,
  placeIn,
} from '../../domain/case/case.js'
import type { CaseCommand } from '../../domain/case/commands.js'
import { type Case, factsOf } from '../../domain/case/facts.js'
import { DomainError } from '../../domain/errors.js'
import { assertDivision } from '../../domain/policy/divisions.js'
import { type Policy, programmeOf, ruleOn } from '../../domain/policy/policy.js'
import type { DivisionCode } from '../../domain/values/division.js'
import { BenefitClass, type UrbanRural } from '../../domain/values/document.js'
import { CaseId, type ImportId, type PersonId } from '../../domain/values/identifiers.js'
import { type Actor, assertWithinScope } from '../caller.js'
import { caseStream } from '../streams.js'
import { caseIdOfHousehold, caseIdOfRecipient, householdOfHead } from './import-ids.js'
import type { People } from './people.js'
import type { PersonDetails } from './person-details.js'
import type { StreamBook } from './stream-book.js'
import type { TableRow } from './table-rows.js'
import { type CampaignRow, personColumnOf } from './tables.js'

export interface CampaignParts {
  readonly actor: Actor
  readonly campaign: Campaign
  readonly cases: StreamBook<'case', Case, CaseCommand>
  readonly details: PersonDetails
  readonly importId: ImportId
  readonly people: People
  readonly policy: Policy
}

/** Who gets it and where: a household as it stands in the month, or one person. */
interface Recipient {
  readonly division: DivisionCode
  readonly urbanRural: UrbanRural
  readonly members: readonly {
    readonly personId: PersonId
    readonly relation: string
    readonly head: boolean
    readonly bornOn: Member['circumstances']['bornOn']
  }[]
}

const correction = '按导入名册更正'
const released = '一次性救助已发'

/** Gives each recipient of a campaign a one-off case with its supplement. */
export class CampaignPlanner {
  readonly #parts: CampaignParts
  readonly #lines = new Map<CaseId, number>()

  constructor(parts: CampaignParts) {
    this.#parts = parts
    const { campaign, policy } = parts
    const { kind } = programmeOf(policy, campaign.programme, campaign.month)
    if (kind !== 'one-off')
      throw new DomainError('programme-not-one-off', { programme: campaign.programme })
  }

  /** What finds the recipient again in another copy of the list. */
  recipientOf(row: CampaignRow): string {
    if (row.household_no !== undefined) {
      const head = this.#headOf(caseIdOfHousehold(row.household_no))
      return head === undefined ? `household/${row.household_no}` : householdOfHead(head)
    }
    if (row.identity_number ?? row.person_no) return `person/${this.#parts.people.idOf(row)}`
    return 'nobody'
  }

  #headOf(caseId: CaseId): PersonId | undefined {
    const { month } = this.#parts.campaign
    const state = this.#stateOf(caseId)
    return headIn(state, month) ?? coveredIn(state, month)[0]?.personId
  }

  /** Persons of a listed household, to be read before the row is planned. */
  householdMembers(row: CampaignRow): readonly PersonId[] {
    if (row.household_no === undefined) return []
    const state = this.#stateOf(caseIdOfHousehold(row.household_no))
    return coveredIn(state, this.#parts.campaign.month).map(({ personId }) => personId)
  }

  /** How many events the row adds. */
  plan({ place, row }: TableRow<CampaignRow>): number {
    const { campaign } = this.#parts
    const registered = this.#register({ place, row })
    const recipient = row.household_no === undefined ? this.#person(row) : this.#household(row)
    const named = { campaign: campaign.campaignId, recipient: this.recipientOf(row) }
    const caseId = caseIdOfRecipient(named)
    const otherLine = this.#lines.get(caseId)
    if (otherLine !== undefined) throw new DomainError('row-twice', { otherLine })
    this.#lines.set(caseId, place.line)
    assertWithinScope(this.#parts.actor, recipient.division)
    const opened = this.#open(caseId, { row, recipient })
    const joined = recipient.members.map((member) => this.#join(caseId, member))
    const before = registered + opened
    return before + joined.reduce((sum, events) => sum + events, 0) + this.#grant(caseId, row)
  }

  /** A list that names its people makes those known who are on no roll; it corrects nobody. */
  #register({ place, row }: TableRow<CampaignRow>): number {
    const { details, people } = this.#parts
    const { household_no: household, name } = row
    if (household !== undefined || name === undefined) return 0
    const person = people.idOf(row)
    if (people.stateOf(person).registration) return 0
    return details.learn({ place, row: { ...row, name } }, person) ?? 0
  }

  #household(row: CampaignRow): Recipient {
    const { month } = this.#parts.campaign
    const state = this.#stateOf(caseIdOfHousehold(row.household_no ?? ''))
    const place = placeIn(state, month)
    const covered = coveredIn(state, month)
    if (!openingOf(state) || !place)
      throw new DomainError('household-unknown', { household: row.household_no ?? '' })
    if (covered.length === 0) throw new DomainError('household-without-members', { month })
    const head = headIn(state, month)
    const named = covered.some(({ personId }) => personId === head) ? head : covered[0]?.personId
    const members = covered.map(({ personId, circumstances }) => ({
      personId,
      relation: personId === named ? '户主' : '成员',
      head: personId === named,
      bornOn: circumstances.bornOn,
    }))
    return { division: row.division ?? place.division, urbanRural: place.urbanRural, members }
  }

  #person(row: CampaignRow): Recipient {
    const { campaign, people, policy } = this.#parts
    const personId = people.idOf(row)
    const { details } = people.stateOf(personId)
    if (!details) throw new DomainError('person-of-row-unknown', { column: personColumnOf(row) })
    const { urbanRural } = programmeOf(policy, campaign.programme, campaign.month)
    const { bornOn } = details
    const members = [{ personId, relation: '本人', head: true, bornOn }]
    return { division: row.division ?? campaign.division, urbanRural, members }
  }

  #open(
    caseId: CaseId,
    { row, recipient }: { readonly row: CampaignRow; readonly recipient: Recipient },
  ): number {
    const { actor, campaign, importId, policy } = this.#parts
    if (openingOf(this.#stateOf(caseId))) return 0
    const { division, urbanRural } = recipient
    assertDivision(policy, { division, on: campaign.decidedOn })
    return this.#decide(caseId, {
      type: 'OpenCase',
      caseId,
      programme: campaign.programme,
      division,
      urbanRural,
      benefitClass: classOf(row.tier),
      openedOn: campaign.decidedOn,
      importId,
      by: actor.sub,
    })
  }

  #join(caseId: CaseId, member: Recipient['members'][number]): number {
    const { actor, campaign } = this.#parts
    const { month: from } = campaign
    const { personId, relation, head, bornOn } = member
    const known = membersIn(this.#stateOf(caseId), from).some((one) => one.personId === personId)
    if (known) return 0
    const circumstances = { assessed: true, covered: true, classifications: [], bornOn }
    return (
      this.#claim(caseId, personId) +
      this.#decide(caseId, {
        type: 'JoinMember',
        from,
        personId,
        relation,
        head,
        circumstances,
        by: actor.sub,
      })
    )
  }

  /** A claim for the one month, so that nobody gets a campaign through two cases. */
  #claim(caseId: CaseId, personId: PersonId): number {
    const { campaign, people } = this.#parts
    const { campaignId, month: from, programme } = campaign
    const claim = { caseId, programme, from, covered: true, campaign: campaignId }
    const release = { caseId, lastMonth: from, reason: released }
    try {
      return (
        people.decide(personId, { type: 'ClaimEnrolment', ...claim }) +
        people.decide(personId, { type: 'ReleaseEnrolment', ...release })
      )
    } catch (error) {
      throw this.#namedBefore(error)
    }
  }

  /** Where another row of this list stands against a claim, the row is named and not its case. */
  #namedBefore(error: unknown): unknown {
    if (!(error instanceof DomainError)) return error
    const other = CaseId.safeParse(error.facts['caseId'])
    const otherLine = other.success ? this.#lines.get(other.data) : undefined
    return otherLine === undefined ? error : new DomainError('recipient-twice', { otherLine })
  }

  #grant(caseId: CaseId, row: CampaignRow): number {
    const { actor, campaign, policy } = this.#parts
    const { campaignId: supplementId, decidedOn, document, month, programme } = campaign
    const { measure } = programmeOf(policy, programme, month)
    const state = this.#stateOf(caseId)
    const division = placeIn(state, month)?.division ?? campaign.division
    const { component } = ruleOn(policy, { programme, division, month }).rule
    const known = factsOf(state, 'SupplementGranted').find(
      ({ data }) => data.supplementId === supplementId,
    )
    const changed = known && known.data.amountFen !== row.amount
    const retracted = changed
      ? this.#decide(caseId, {
          type: 'RetractFact',
          retractedOn: decidedOn,
          retractsVersion: known.version,
          reason: correction,
          by: actor.sub,
        })
      : 0
    const grant = { supplementId, month, component, measure, document, amountFen: row.amount }
    const given = { type: 'GrantSupplement', decidedFor: 'roll', by: actor.sub, ...grant } as const
    return retracted + this.#decide(caseId, { ...given, persons: [] })
  }

  #stateOf(caseId: CaseId): Case {
    return this.#parts.cases.stateOf(caseStream(caseId))
  }

  #decide(caseId: CaseId, command: CaseCommand): number {
    return this.#parts.cases.decide(caseStream(caseId), command).length
  }
}

const tierWords = ['一', '二', '三', '四', '五', '六', '七', '八', '九']

/** `一档` is class tier-1; another tier must be written as a class. Refuses `cell-malformed`. */
function classOf(tier: string | undefined): BenefitClass {
  if (tier === undefined) return BenefitClass.parse('general')
  const number = tierWords.indexOf(/^第?(.)档$/.exec(tier)?.[1] ?? '') + 1
  const parsed = BenefitClass.safeParse(number > 0 ? `tier-${number}` : tier.toLowerCase())
  if (!parsed.success) throw new DomainError('cell-malformed', { column: '档次' })
  return parsed.data
}
