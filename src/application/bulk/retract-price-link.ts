import { caseDecider } from '../../domain/case/decide.js'
import { DomainError } from '../../domain/errors.js'
import { priceLinkDecider } from '../../domain/price-link/decide.js'
import type { PriceDecision, PriceLink } from '../../domain/price-link/price-link.js'
import type { BulkCount } from '../../domain/values/bulk-count.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import { AmountFen, addFen, zeroFen } from '../../domain/values/money.js'
import { assertWithinScope, type Caller } from '../caller.js'
import { caseStream, priceLinkStream } from '../streams.js'
import {
  type BulkOptions,
  type BulkOutcome,
  type BulkParts,
  decideOnRoll,
  type RefusedCase,
} from './decide-on-roll.js'
import {
  grantIn,
  isTakenBack,
  type Pass,
  passesOf,
  rollOf,
  supplementIdOf,
} from './price-passes.js'
import type { RollCase } from './roll-reader.js'

export interface RetractionRequest extends BulkOptions {
  readonly decisionId: string
  /** That of the decision. */
  readonly division: DivisionCode
  readonly reason: string
  readonly caller: Caller
}

export interface RetractionOutcome extends BulkCount {
  readonly refusedCases: readonly RefusedCase[]
}

/**
 * Takes a price subsidy back as a whole: the decision counts no longer, and each of its grants is
 * retracted in its case. What was not paid is not owed any more; what was paid is overpaid, and
 * the next run finds it. One person prepares it by a dry run, another has it carried out. Sent
 * again after a crash, by anybody, it goes on.
 *
 * @throws DomainError `price-decision-unknown`, `price-decision-retracted` of a dry run,
 *   `price-retraction-not-prepared`, `same-person-prepares-and-approves`
 */
export async function retractPriceLink(
  parts: BulkParts,
  { caller, decisionId, division, reason, ...options }: RetractionRequest,
): Promise<RetractionOutcome> {
  assertWithinScope(caller.actor, division)
  const { policy } = await parts.policies.latest()
  const decider = priceLinkDecider(policy)
  const today = shanghaiDateOf(parts.clock.now())
  const handling = { stream: priceLinkStream(division), decider, caller }
  const said = { decisionId, division, reason }
  const by = caller.actor.sub
  if (!options.dryRun)
    await parts.handler.handle({
      ...handling,
      command: { type: 'RetractPriceLink', retractedOn: today, ...said, by },
      step: 'retract',
      request: said,
    })
  const { state } = await parts.handler.load(handling.stream, decider)
  const decision = decisionOf(state, { decisionId, division })
  const outcome = await takeBack(parts, { caller, decision, reason, ...options })
  const { refusedCases: _, ...counted } = outcome
  if (options.dryRun)
    await parts.handler.handle({
      ...handling,
      command: { type: 'PreparePriceRetraction', preparedOn: today, ...said, counted, by },
      step: 'prepare',
      request: said,
    })
  return outcome
}

/** Whether a decision was retracted since. */
export async function retractionOf(
  { handler, policies }: BulkParts,
  { decisionId, division }: PriceDecision,
) {
  const decider = priceLinkDecider((await policies.latest()).policy)
  const { state } = await handler.load(priceLinkStream(division), decider)
  return state.retracted.find(({ decision }) => decision.decisionId === decisionId)?.retraction
}

function decisionOf(
  { decisions, retracted }: PriceLink,
  named: Pick<RetractionRequest, 'decisionId' | 'division'>,
): PriceDecision {
  const found = [...decisions, ...retracted.map(({ decision }) => decision)].find(
    (one) => one.decisionId === named.decisionId && one.division === named.division,
  )
  if (!found) throw new DomainError('price-decision-unknown', { ...named })
  return found
}

interface TakingBack extends BulkOptions {
  readonly caller: Caller
  readonly decision: PriceDecision
  readonly reason: string
}

/** Retracts every grant of a decision that counts; those that were are counted too. */
export async function takeBack(parts: BulkParts, taking: TakingBack): Promise<RetractionOutcome> {
  const counts = { grants: 0, persons: 0, amountFen: zeroFen, refused: 0 }
  const refusedCases: RefusedCase[] = []
  for (const pass of passesOf(taking.decision)) {
    const { refused, refusedCount } = await takeBackOnRoll(parts, taking, {
      pass,
      onGrant: ({ amountFen, persons }) => {
        counts.grants += 1
        counts.persons += persons.length
        counts.amountFen = addFen(counts.amountFen, amountFen)
      },
    })
    counts.refused += refusedCount
    refusedCases.push(...refused)
  }
  return { ...counts, amountFen: AmountFen.parse(counts.amountFen), refusedCases }
}

type Granted = NonNullable<ReturnType<typeof grantIn>>['data']

function takeBackOnRoll(
  parts: BulkParts,
  { caller, decision, dryRun = false, onProgress, reason }: TakingBack,
  { onGrant, pass }: { readonly pass: Pass; readonly onGrant: (granted: Granted) => void },
): Promise<BulkOutcome> {
  const supplementId = supplementIdOf(decision, pass)
  const { rolls } = parts
  const upToDate = {
    ...parts,
    rolls: {
      ...rolls,
      casesOnRoll: async (page: Parameters<typeof rolls.casesOnRoll>[0]) =>
        Promise.all(
          (await rolls.casesOnRoll(page)).map((on) => withItsGrant(parts, on, supplementId)),
        ),
    },
  }
  return decideOnRoll(upToDate, {
    roll: rollOf(decision, pass),
    caller,
    dryRun,
    ...(onProgress ? { onProgress } : {}),
    step: `retract/${supplementId}`,
    commandsFor: async (cases) =>
      cases.map(({ state }) => {
        const granted = grantIn(state, supplementId)
        if (!granted) return null
        onGrant(granted.data)
        return {
          type: 'RetractFact',
          retractedOn: shanghaiDateOf(parts.clock.now()),
          retractsVersion: granted.version,
          reason,
          by: caller.actor.sub,
        }
      }),
  })
}

/** The read model may be behind the grant: where it shows none, the log is asked. */
async function withItsGrant(
  { handler, policies }: BulkParts,
  on: RollCase,
  supplementId: string,
): Promise<RollCase> {
  if (grantIn(on.state, supplementId) || isTakenBack(on.state, supplementId)) return on
  const { policy } = await policies.latest()
  const { state } = await handler.load(caseStream(on.caseId), caseDecider(policy))
  return { ...on, state }
}
