import { coveredIn } from '../../domain/case/case.js'
import type { CaseCommandOf } from '../../domain/case/commands.js'
import { DomainError } from '../../domain/errors.js'
import { assertDivision } from '../../domain/policy/divisions.js'
import type { PriceDecision } from '../../domain/price-link/price-link.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import { ComponentName } from '../../domain/values/document.js'
import type { PersonId } from '../../domain/values/identifiers.js'
import {
  AmountFen,
  addFen,
  type Fen,
  subtractFen,
  timesFen,
  zeroFen,
} from '../../domain/values/money.js'
import { assertWithinScope, type Caller } from '../caller.js'
import { assertInReach } from '../dates-in-reach.js'
import {
  type BulkOutcome,
  type BulkParts,
  decideOnRoll,
  type RefusedCase,
} from './decide-on-roll.js'
import { bulkDecisionOf, decided, type PriceLinkRequest, type Standing } from './price-decision.js'
import { type AlreadyGranted, monthsHad, splitByHad } from './price-months-had.js'
import {
  grantIn,
  isTakenBack,
  type Pass,
  passesOf,
  rollOf,
  supplementIdOf,
} from './price-passes.js'
import { retractionOf, takeBack } from './retract-price-link.js'
import type { Roll, RollCase } from './roll-reader.js'
import { prepareDecision } from './two-hands.js'

type Grant = CaseCommandOf<'GrantSupplement'>
type Given = Pick<Grant, 'amountFen' | 'persons'>
export interface PriceLinkOutcome {
  readonly decision: PriceDecision
  /**
   * Cases that get it, and the persons they get it for, whether now or before a crash; each once
   * for each month whose roll it is given by.
   */
  readonly cases: number
  readonly persons: number
  readonly amountFen: Fen
  /** Cases to which it was granted now. */
  readonly changed: number
  readonly refused: readonly RefusedCase[]
  /** Months not granted because an earlier decision gives them; the first thousand. */
  readonly alreadyGranted: readonly AlreadyGranted[]
  readonly alreadyGrantedCount: number
}

const alreadyGrantedKept = 1000

/**
 * Decides a price subsidy and grants it to everyone on the named rolls as its preparer counted
 * them: a person on two of them gets it through the first, and a month that an earlier decision
 * gives somebody is not given again. One person prepares it by a dry run, another has it carried
 * out. Sent again after a crash it goes on.
 *
 * @throws DomainError of the decision; `bulk-decision-not-prepared` also where an index or the
 *   terms changed what it comes to; a trigger that did not fire grants nothing and is no error
 */
export async function decidePriceLink(
  parts: BulkParts,
  request: PriceLinkRequest,
): Promise<PriceLinkOutcome> {
  await assertAskedWell(parts, request)
  const { decision, earlier } = await decided(parts, request)
  const total = { cases: 0, persons: 0, amountFen: zeroFen, changed: 0, alreadyGrantedCount: 0 }
  const refused: RefusedCase[] = []
  let refusedCount = 0
  const alreadyGranted: AlreadyGranted[] = []
  const onDue = ({ amountFen, persons }: Given) => {
    total.cases += 1
    total.persons += persons.length
    total.amountFen = addFen(total.amountFen, amountFen)
  }
  const onAlready = (already: readonly AlreadyGranted[]) => {
    total.alreadyGrantedCount += already.length
    alreadyGranted.push(...already.slice(0, alreadyGrantedKept - alreadyGranted.length))
  }
  const onRefused = ({ amountFen, persons }: Given) => {
    total.cases -= 1
    total.persons -= persons.length
    total.amountFen = subtractFen(total.amountFen, amountFen)
  }
  for (const pass of passesOf(decision)) {
    const granting = { decision, earlier, pass, onDue, onAlready, onRefused }
    const outcome = await grantOnRoll(parts, request, granting)
    total.changed += outcome.changed
    refusedCount += outcome.refusedCount
    refused.push(...outcome.refused)
  }
  // On record only when every roll could be read: nobody prepared what is refused as a whole.
  const { amountFen, cases: grants, persons } = total
  const counted = { grants, persons, amountFen: AmountFen.parse(amountFen), refused: refusedCount }
  if (request.dryRun)
    await prepareDecision(parts, { ...request, ...bulkDecisionOf(decision), counted })
  if (!request.dryRun) await assertStillStands(parts, request, decision)
  return { decision, ...total, refused, alreadyGranted }
}

/** What was granted while another retracted the decision is taken back, too. */
async function assertStillStands(
  parts: BulkParts,
  { caller }: PriceLinkRequest,
  decision: PriceDecision,
): Promise<void> {
  const found = await retractionOf(parts, decision)
  if (!found) return
  const { reason, retractedOn } = found
  await takeBack(parts, { caller, decision, reason })
  const { decisionId } = decision
  throw new DomainError('price-decision-retracted', { decisionId, retractedOn, reason })
}

/** A subsidy lies at most one month ahead, as every supplement does; and gives something. */
async function assertAskedWell(
  { clock, policies }: BulkParts,
  { caller, decision: { division, from, method, to } }: PriceLinkRequest,
): Promise<void> {
  assertWithinScope(caller.actor, division)
  const today = shanghaiDateOf(clock.now())
  if (from > to) throw new DomainError('months-reversed', { from, to })
  assertInReach({ field: 'to', month: to }, today, 1)
  if (method.kind === 'fixed-monthly' && method.amountFen === 0)
    throw new DomainError('supplement-without-amount', { field: 'method.amountFen' })
  assertDivision((await policies.latest()).policy, { division, on: today })
}

const priceSubsidy = ComponentName.parse('price-subsidy')

function grantOnRoll(
  parts: BulkParts,
  { caller, dryRun = false, onProgress }: PriceLinkRequest,
  granting: Standing & {
    readonly pass: Pass
    readonly onDue: (given: Given) => void
    readonly onAlready: (already: readonly AlreadyGranted[]) => void
    readonly onRefused: (given: Given) => void
  },
): Promise<BulkOutcome> {
  const { decision, earlier, onAlready, onDue, onRefused, pass } = granting
  const roll = rollOf(decision, pass)
  const supplementId = supplementIdOf(decision, pass)
  return decideOnRoll(parts, {
    roll,
    caller,
    dryRun,
    ...(onProgress ? { onProgress } : {}),
    step: supplementId,
    onRefused: (command) => {
      if (command.type === 'GrantSupplement') onRefused(command)
    },
    commandsFor: async (cases) => {
      const first = await onEarlierRoll(parts, { ...roll, programmes: pass.before }, cases)
      const { months } = pass
      const had = await monthsHad(parts.rolls, { earlier, months, cases })
      return cases.map(({ caseId, persons, state }) => {
        const asked = { caseId, persons: persons.filter((person) => !first.has(person)) }
        const { already, due } = splitByHad(asked, months, had)
        onAlready(already)
        const granted = grantIn(state, supplementId)
        if (granted) onDue(granted.data)
        if (granted || isTakenBack(state, supplementId)) return null
        // Who left since the rolls were counted takes nothing from those who stayed.
        const covered = new Set(coveredIn(state, pass.month).map(({ personId }) => personId))
        const still = due.filter(({ personId }) => covered.has(personId))
        if (still.length === 0) return null
        const grant = grantTo(still, { caller, decision, pass })
        onDue(grant)
        return grant
      })
    },
  })
}

async function onEarlierRoll(
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
  due: readonly { readonly personId: PersonId; readonly months: number }[],
  of: { readonly caller: Caller; readonly decision: PriceDecision; readonly pass: Pass },
): Grant {
  const { caller, decision, pass } = of
  const months = due.reduce((sum, one) => sum + one.months, 0)
  const amountFen = timesFen(decision.amountFen, months)
  return {
    type: 'GrantSupplement',
    month: pass.month,
    component: priceSubsidy,
    measure: 'cash',
    amountFen: AmountFen.parse(amountFen),
    persons: due.map(({ personId }) => personId),
    supplementId: supplementIdOf(decision, pass),
    document: decision.document,
    decidedFor: 'roll',
    by: caller.actor.sub,
  }
}
