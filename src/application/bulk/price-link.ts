import type { CaseCommandOf } from '../../domain/case/commands.js'
import { DomainError } from '../../domain/errors.js'
import type { PriceLinkCommand } from '../../domain/price-link/commands.js'
import { priceLinkDecider } from '../../domain/price-link/decide.js'
import type { PriceLinkEvent } from '../../domain/price-link/events.js'
import type { PriceDecision } from '../../domain/price-link/price-link.js'
import { type Month, monthsOf } from '../../domain/values/calendar.js'
import { ComponentName } from '../../domain/values/document.js'
import type { PersonId, ProgrammeCode } from '../../domain/values/identifiers.js'
import { AmountFen, addFen, type Fen, timesFen, zeroFen } from '../../domain/values/money.js'
import { assertWithinScope, type Caller } from '../caller.js'
import type { Handled } from '../command-handler.js'
import { priceLinkStream } from '../streams.js'
import {
  type BulkOptions,
  type BulkOutcome,
  type BulkParts,
  decideOnRoll,
  type RefusedCase,
} from './decide-on-roll.js'
import type { Roll, RollCase } from './roll-reader.js'

/** Publishes an index of a month in a place; it counts for every place below as well. */
export interface IndexPublication {
  readonly command: Extract<PriceLinkCommand, { type: 'PublishPriceIndex' }>
  readonly caller: Caller
}

export async function publishPriceIndex(
  { handler, policies }: Pick<BulkParts, 'handler' | 'policies'>,
  { caller, command }: IndexPublication,
): Promise<Handled<PriceLinkEvent>> {
  assertWithinScope(caller.actor, command.division)
  const { policy } = await policies.latest()
  return handler.handle({
    stream: priceLinkStream(command.division),
    decider: priceLinkDecider(policy),
    command,
    caller,
    step: `index/${command.division}/${command.month}`,
  })
}

type Grant = CaseCommandOf<'GrantSupplement'>
type Decide = Extract<PriceLinkCommand, { type: 'DecidePriceLink' }>

export interface PriceLinkRequest extends BulkOptions {
  /** Its roll is the one known when it was first decided. */
  readonly decision: Omit<Decide, 'type' | 'rollOrdinal'>
  readonly caller: Caller
}

export interface PriceLinkOutcome {
  readonly decision: PriceDecision
  /** Cases that get it, and the persons they get it for, whether now or before a crash. */
  readonly cases: number
  readonly persons: number
  readonly amountFen: Fen
  /** Cases to which it was granted now. */
  readonly changed: number
  readonly refused: readonly RefusedCase[]
}

/**
 * Decides a price subsidy and grants it to everyone on the named rolls as known when it was
 * decided: a person on two of them gets it through the first. Sent again after a crash it goes on.
 *
 * @throws DomainError of the decision; a trigger that did not fire grants nothing and is no error
 */
export async function decidePriceLink(
  parts: BulkParts,
  request: PriceLinkRequest,
): Promise<PriceLinkOutcome> {
  assertWithinScope(request.caller.actor, request.decision.division)
  const decision = await decided(parts, request)
  const total = { cases: 0, persons: 0, amountFen: zeroFen, changed: 0 }
  const refused: RefusedCase[] = []
  const onDue = ({ amountFen, persons }: Grant) => {
    total.cases += 1
    total.persons += persons.length
    total.amountFen = addFen(total.amountFen, amountFen)
  }
  for (const pass of passesOf(decision)) {
    const outcome = await grantOnRoll(parts, request, { decision, pass, onDue })
    total.changed += outcome.changed
    refused.push(...outcome.refused)
  }
  return { decision, ...total, refused }
}

/** The decision that stands in the stream, or in a dry run the one that would. */
async function decided(
  { handler, policies, store }: BulkParts,
  { caller, decision, dryRun }: PriceLinkRequest,
): Promise<PriceDecision> {
  const { policy } = await policies.latest()
  const decider = priceLinkDecider(policy)
  const stream = priceLinkStream(decision.division)
  const command: Decide = {
    type: 'DecidePriceLink',
    ...decision,
    rollOrdinal: await store.head(),
  }
  if (dryRun) {
    const { state } = await handler.load(stream, decider)
    const after = decider.decide(command, state).reduce(decider.evolve, state)
    return standing(after.decisions, decision.decisionId)
  }
  await handler.handle({ stream, decider, command, caller, step: 'decide', request: decision })
  const { state } = await handler.load(stream, decider)
  return standing(state.decisions, decision.decisionId)
}

function standing(decisions: readonly PriceDecision[], decisionId: string): PriceDecision {
  const decision = decisions.find((one) => one.decisionId === decisionId)
  if (!decision) throw new DomainError('price-already-decided', { decisionId })
  return decision
}

/** One going through of one roll: whose persons get how many months, and who had it before. */
interface Pass {
  readonly month: Month
  readonly months: number
  readonly programme: ProgrammeCode
  /** Rolls that come first: who is on one of them has it already. */
  readonly before: readonly ProgrammeCode[]
}

function passesOf(decision: PriceDecision): readonly Pass[] {
  if (decision.trigger === 'none' || decision.amountFen === 0) return []
  const months = monthsOf(decision)
  const references =
    decision.reference === 'on-roll-at-end'
      ? [{ month: decision.to, months: months.length }]
      : months.map((month) => ({ month, months: 1 }))
  return references.flatMap((reference) =>
    decision.programmes.map((programme, at) => ({
      ...reference,
      programme,
      before: decision.programmes.slice(0, at),
    })),
  )
}

const priceSubsidy = ComponentName.parse('price-subsidy')

function grantOnRoll(
  parts: BulkParts,
  { caller, dryRun = false, onProgress }: PriceLinkRequest,
  granting: {
    readonly decision: PriceDecision
    readonly pass: Pass
    readonly onDue: (grant: Grant) => void
  },
): Promise<BulkOutcome> {
  const { decision, onDue, pass } = granting
  const { division, rollOrdinal } = decision
  const roll = { programmes: [pass.programme], division, month: pass.month, ordinal: rollOrdinal }
  return decideOnRoll(parts, {
    roll,
    caller,
    dryRun,
    ...(onProgress ? { onProgress } : {}),
    step: `${decision.decisionId}/${pass.month}`,
    commandsFor: async (cases) => {
      const had = await alreadyGiven(parts, { ...roll, programmes: pass.before }, cases)
      return cases.map((on) => {
        const persons = on.persons.filter((person) => !had.has(person))
        if (persons.length === 0) return null
        const grant = grantTo(persons, { caller, decision, pass })
        onDue(grant)
        return grant
      })
    },
  })
}

async function alreadyGiven(
  { rolls }: BulkParts,
  before: Roll,
  cases: readonly RollCase[],
): Promise<ReadonlySet<PersonId>> {
  if (before.programmes.length === 0) return new Set()
  return rolls.personsOnRoll(
    before,
    cases.flatMap((on) => on.persons),
  )
}

function grantTo(
  persons: readonly PersonId[],
  of: { readonly caller: Caller; readonly decision: PriceDecision; readonly pass: Pass },
): Grant {
  const { caller, decision, pass } = of
  const amountFen = timesFen(decision.amountFen, pass.months * persons.length)
  return {
    type: 'GrantSupplement',
    month: pass.month,
    component: priceSubsidy,
    measure: 'cash',
    amountFen: AmountFen.parse(amountFen),
    persons: [...persons],
    supplementId: `${decision.decisionId}/${pass.month}`,
    document: decision.document,
    by: caller.actor.sub,
  }
}
