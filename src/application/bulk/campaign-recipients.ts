import type { z } from 'zod'
import type { Campaign } from '../../domain/bulk-decision/events.js'
import { openingOf } from '../../domain/case/case.js'
import type { CaseCommand } from '../../domain/case/commands.js'
import { caseDecider } from '../../domain/case/decide.js'
import { type Case, factsOf } from '../../domain/case/facts.js'
import type { Decider } from '../../domain/decider.js'
import { DomainError } from '../../domain/errors.js'
import type { PersonCommand } from '../../domain/person/commands.js'
import { personDecider } from '../../domain/person/decide.js'
import type { Person } from '../../domain/person/person.js'
import { type Policy, programmeOf, ruleOn } from '../../domain/policy/policy.js'
import type { PlainDate } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import { BenefitClass, type UrbanRural } from '../../domain/values/document.js'
import type { CaseId, PersonId } from '../../domain/values/identifiers.js'
import { type AmountFen, addFen, type Fen, zeroFen } from '../../domain/values/money.js'
import { canonicalJson } from '../../integrity/canonical-json.js'
import { appendKeyOf, type Caller } from '../caller.js'
import { caseIdOfRecipient } from '../imports/import-ids.js'
import { type PlannedStream, StreamBook } from '../imports/stream-book.js'
import { caseStream, personStream } from '../streams.js'
import type { BulkParts, RefusedCase } from './decide-on-roll.js'

/** Who gets a campaign, and where. */
export interface Recipient {
  /** The case through which they are on the roll. */
  readonly from: CaseId
  /** What makes the recipient the same one again: a person, a household by its head. */
  readonly recipient: string
  readonly division: DivisionCode
  readonly urbanRural: UrbanRural
  readonly members: readonly {
    readonly personId: PersonId
    readonly relation: string
    readonly head: boolean
    readonly bornOn: PlainDate
  }[]
  readonly amountFen: z.infer<typeof AmountFen>
  /** Who it is for; empty where it is for the household as one. */
  readonly persons: readonly PersonId[]
}

interface Granting {
  readonly campaign: Campaign
  readonly recipients: readonly Recipient[]
  readonly policy: Policy
  readonly caller: Caller
  readonly dryRun?: boolean
}

interface Granted {
  readonly changed: number
  /** Members of those that changed, and what they get. */
  readonly persons: number
  readonly amountFen: Fen
  readonly refused: readonly RefusedCase[]
}

/** Plans of one chunk that others may overtake before it gives up. */
const plansAtMost = 10

/** Gives a chunk of recipients their cases; planned anew where others wrote meanwhile. */
export async function grantRecipients(parts: BulkParts, granting: Granting): Promise<Granted> {
  for (let plans = 0; plans < plansAtMost; plans += 1) {
    const { cases, claims, ...granted } = await planChunk(parts, granting)
    if (granting.dryRun) return granted
    // The members' months are claimed before their cases are opened.
    if (!(await appendAll(parts, granting.caller, claims))) continue
    if (await appendAll(parts, granting.caller, cases)) return granted
  }
  throw new DomainError('log-busy', { campaign: granting.campaign.campaignId })
}

interface Books {
  readonly persons: StreamBook<'person', Person, PersonCommand>
  readonly cases: StreamBook<'case', Case, CaseCommand>
}

async function planChunk(parts: BulkParts, granting: Granting) {
  const { campaign, policy, recipients } = granting
  const books: Books = {
    persons: new StreamBook('person', parts, personDecider(policy)),
    cases: new StreamBook('case', parts, caseDecider(policy)),
  }
  const ids = recipients.map(({ recipient }) =>
    caseIdOfRecipient({ campaign: campaign.campaignId, recipient }),
  )
  await books.cases.load(ids.map(caseStream))
  await books.persons.load(
    recipients.flatMap(({ members }) => members.map(({ personId }) => personStream(personId))),
  )
  const refused: RefusedCase[] = []
  const given = { changed: 0, persons: 0, amountFen: zeroFen }
  for (const [at, caseId] of ids.entries()) {
    const to = recipients[at]
    if (!to) continue
    try {
      if (!planOne(books, { ...granting, caseId, to })) continue
      given.changed += 1
      given.persons += to.members.length
      given.amountFen = addFen(given.amountFen, to.amountFen)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      refused.push({ caseId: to.from, code: error.code })
    }
  }
  return { ...given, refused, cases: books.cases.planned(), claims: books.persons.planned() }
}

interface One extends Granting {
  readonly caseId: CaseId
  readonly to: Recipient
}

/** False where the recipient has it already. Refuses before anything of it is planned. */
function planOne(books: Books, one: One): boolean {
  const { campaign, caseId, policy, to } = one
  const stream = caseStream(caseId)
  const state = books.cases.stateOf(stream)
  const given = factsOf(state, 'SupplementGranted').some(
    ({ data }) => data.supplementId === campaign.campaignId,
  )
  if (given) return false
  const person = personDecider(policy)
  const claiming = to.members
    .map(({ personId }) => personStream(personId))
    .filter((each) => !hasClaimed(books.persons.stateOf(each), caseId))
  for (const each of claiming) person.decide(claimOf(one), books.persons.stateOf(each))
  const commands = caseCommandsOf(one, state)
  tryAll(caseDecider(policy), state, commands)

  for (const command of commands) books.cases.decide(stream, command)
  for (const each of claiming) {
    books.persons.decide(each, claimOf(one))
    books.persons.decide(each, releaseOf(one))
  }
  return true
}

/** Throws what any of the commands, one after the other, is refused for. */
function tryAll<State, Command, Event>(
  decider: Decider<State, Command, Event>,
  state: State,
  commands: readonly Command[],
): void {
  commands.reduce(
    (current, command) => decider.decide(command, current).reduce(decider.evolve, current),
    state,
  )
}

/** A crash between a claim and its case leaves the claim, which then need not be made again. */
function hasClaimed({ enrolments }: Person, caseId: CaseId): boolean {
  return enrolments.held.some((held) => held.caseId === caseId)
}

function claimOf({ campaign, caseId }: One): PersonCommand {
  const { campaignId, month: from, programme } = campaign
  const covered = true
  return { type: 'ClaimEnrolment', caseId, programme, from, covered, campaign: campaignId }
}

/** For the one month only: a campaign keeps nobody from anything later. */
function releaseOf({ campaign, caseId }: One): PersonCommand {
  const { month: lastMonth } = campaign
  return { type: 'ReleaseEnrolment', caseId, lastMonth, reason: '一次性救助已发' }
}

function caseCommandsOf(one: One, state: Case): readonly CaseCommand[] {
  const { campaign, caseId, policy, to } = one
  const { month, programme } = campaign
  const { division, members, urbanRural } = to
  const by = one.caller.actor.sub
  const opening: CaseCommand = {
    type: 'OpenCase',
    caseId,
    programme,
    division,
    urbanRural,
    benefitClass: BenefitClass.parse('general'),
    openedOn: campaign.decidedOn,
    importId: null,
    by,
  }
  const joins = members.map(({ bornOn, head, personId, relation }) => ({
    type: 'JoinMember' as const,
    from: month,
    personId,
    relation,
    head,
    circumstances: { assessed: true, covered: true, classifications: [], bornOn },
    by,
  }))
  const { rule } = ruleOn(policy, { programme, division, month })
  const grant: CaseCommand = {
    type: 'GrantSupplement',
    month,
    component: rule.component,
    measure: programmeOf(policy, programme, month).measure,
    amountFen: to.amountFen,
    persons: [...to.persons],
    supplementId: campaign.campaignId,
    document: campaign.document,
    decidedFor: 'roll',
    by,
  }
  return [...(openingOf(state) ? [] : [opening]), ...joins, grant]
}

/** False where another had written to one of the streams meanwhile. */
async function appendAll(
  { clock, hashes, store }: BulkParts,
  caller: Caller,
  planned: readonly PlannedStream[],
): Promise<boolean> {
  if (planned.length === 0) return true
  const outcomes = await store.append(
    planned.map(({ events, stream, version }) => ({
      stream,
      expected: version < 0 ? ('none' as const) : version,
      events,
      // With its version the key is of this append alone, also when a chunk is planned anew.
      key: appendKeyOf(caller, `${stream}/${version}`),
      requestHash: hashes.request(
        canonicalJson({ stream, events: events.map(({ data }) => data) }),
      ),
      recorded: clock.now(),
      actor: caller.actor.sub,
      correlation: caller.correlation,
    })),
  )
  const refused = outcomes.find(({ kind }) => kind === 'clock-refused')
  if (refused) throw new DomainError('recorded-clock-refused')
  return outcomes.every(({ kind }) => kind === 'appended' || kind === 'replayed')
}
