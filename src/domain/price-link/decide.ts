import { type CommandOf, dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import { type Policy, priceTermsOn, programmeOf } from '../policy/policy.js'
import { saysTheSame } from '../structural-equality.js'
import { monthsBetween } from '../values/calendar.js'
import { isWithin } from '../values/division.js'
import type { PriceLinkCommand } from './commands.js'
import type { PriceLinkEvent } from './events.js'
import {
  evolvePriceLink,
  indicesFor,
  monthlyAmountOf,
  noPriceLink,
  type PriceDecision,
  type PriceLink,
  sharesMonth,
  triggerOf,
} from './price-link.js'
import { regimeOn } from './regimes.js'
import { assertNotRetracted, prepareRetraction, retractDecision } from './retract.js'

type Decide = CommandOf<PriceLinkCommand, 'DecidePriceLink'>

/** What is asked for of a decision; the ledger works out the rest. */
export type AskedDecision = Omit<Decide, 'type' | 'rollOrdinal'>

/** Whether a price subsidy is due in one place and period, under a policy. */
export function priceLinkDecider(
  policy: Policy,
): Decider<PriceLink, PriceLinkCommand, PriceLinkEvent> {
  return {
    initial: noPriceLink,
    evolve: evolvePriceLink,
    decide: (command, state) => {
      switch (command.type) {
        case 'PublishPriceIndex':
          return publishIndex(command, state)
        case 'DecidePriceLink':
          return decidePriceLink(command, state, policy)
        case 'RecordPriceDecision':
          return recordDecision(dataOf(command), state)
        case 'PreparePriceRetraction':
          return prepareRetraction(command, state)
        case 'RetractPriceLink':
          return retractDecision(command, state)
      }
    },
  }
}

function publishIndex(
  command: CommandOf<PriceLinkCommand, 'PublishPriceIndex'>,
  state: PriceLink,
): readonly PriceLinkEvent[] {
  const data = dataOf(command)
  const standing = state.indices.findLast(
    (index) => index.month === data.month && index.division === data.division,
  )
  if (saysTheSame(standing, data)) return []

  return [{ type: 'PriceIndexPublished', data }]
}

function decidePriceLink(
  command: Decide,
  state: PriceLink,
  policy: Policy,
): readonly PriceLinkEvent[] {
  const { basis: _basis, ...stated } = dataOf(command)
  assertNotRetracted(command, state)
  const standing = state.decisions.find((one) => one.decisionId === stated.decisionId)
  if (standing && repeats(standing, stated)) return []
  assertFree(command, state)
  for (const programme of command.programmes) programmeOf(policy, programme, command.from)
  const regime = regimeOn(command.from)
  const data = { ...stated, regime, ...amountBy(command, state, policy) }

  return [{ type: 'PriceLinkDecided', data }]
}

function recordDecision(data: PriceDecision, state: PriceLink): readonly PriceLinkEvent[] {
  assertNotRetracted(data, state)
  if (state.decisions.some((one) => saysTheSame(one, data))) return []
  assertFree(data, state)

  return [{ type: 'PriceLinkDecided', data }]
}

/** Whether a decision is what was asked for, whatever roll it saw and whatever it came to. */
export function isAsked(decision: PriceDecision, asked: AskedDecision): boolean {
  const { basis: _basis, ...stated } = asked
  return repeats(decision, { ...stated, rollOrdinal: decision.rollOrdinal })
}

/** A retry may have seen another roll; the roll of the decision that stands is the one paid. */
function repeats(
  standing: PriceDecision,
  stated: Omit<PriceDecision, keyof WorkedOut | 'regime'>,
): boolean {
  const { regime, trigger, amountFen, workings, rollOrdinal } = standing
  return saysTheSame(standing, { ...stated, rollOrdinal, regime, trigger, amountFen, workings })
}

type Asked = Pick<PriceDecision, 'decisionId' | 'division' | 'from' | 'programmes' | 'to'>

/** One decision an id, and one paid subsidy a programme in a month, anywhere in a subtree. */
function assertFree(command: Asked, state: PriceLink): void {
  const rival = state.decisions.find((one) => {
    if (one.decisionId === command.decisionId) return true
    if (one.trigger === 'none' || !sharesMonth(one, command)) return false
    if (!isWithin(one.division, command.division) && !isWithin(command.division, one.division))
      return false
    return one.programmes.some((programme) => command.programmes.includes(programme))
  })
  if (!rival) return
  const { decisionId, division, from, programmes, to } = rival
  throw new DomainError('price-already-decided', { decisionId, division, from, to, programmes })
}

type WorkedOut = Pick<PriceDecision, 'trigger' | 'amountFen' | 'workings'>

function amountBy(command: Decide, state: PriceLink, policy: Policy): WorkedOut {
  const { basis, division, from, method, to } = command
  if (basis.kind === 'document') {
    if (method.kind !== 'fixed-monthly') throw new DomainError('price-method-needs-index')
    return { trigger: 'document', amountFen: method.amountFen, workings: null }
  }
  const asked = { programme: basis.termsOf, division, month: from }
  const { document: termsDocument, from: termsFrom, terms } = priceTermsOn(policy, asked)
  const months = monthsBetween({ from, to }) + 1
  if (months !== terms.periodMonths) {
    throw new DomainError('price-period-not-of-terms', { months, periodMonths: terms.periodMonths })
  }
  const period = { division, from, to }
  const trigger = triggerOf(state, period, terms)
  const { amountFen, arithmetic } = monthlyAmountOf(state, period, { trigger, method })
  const indices = [...indicesFor(state, period, terms)]
  const workings = { indices, termsFrom, terms, termsDocument, arithmetic }
  return { trigger, amountFen, workings }
}
