import { type CommandOf, dataOf } from '../command.js'
import { DomainError } from '../errors.js'
import type { PriceLinkCommand } from './commands.js'
import type { PriceLinkEvent } from './events.js'
import type { PriceLink } from './price-link.js'

export function prepareRetraction(
  command: CommandOf<PriceLinkCommand, 'PreparePriceRetraction'>,
  state: PriceLink,
): readonly PriceLinkEvent[] {
  assertNotRetracted(command, state)
  assertStands(command, state)

  return [{ type: 'PriceRetractionPrepared', data: dataOf(command) }]
}

/** For the reason that somebody else prepared; what is retracted is only carried on with. */
export function retractDecision(
  command: CommandOf<PriceLinkCommand, 'RetractPriceLink'>,
  state: PriceLink,
): readonly PriceLinkEvent[] {
  const { by, decisionId, division, reason } = command
  if (state.retracted.some(({ retraction }) => isOf(retraction, command))) return []
  assertStands(command, state)
  const same = state.retractionsPrepared.filter(
    (one) => isOf(one, { decisionId, division }) && one.reason === reason,
  )
  if (same.length === 0) throw new DomainError('price-retraction-not-prepared', { decisionId })
  const other = same.findLast((one) => one.by !== by)
  if (!other)
    throw new DomainError('same-person-prepares-and-approves', { by, step: 'price-retraction' })

  return [{ type: 'PriceLinkRetracted', data: { ...dataOf(command), preparedBy: other.by } }]
}

/** A retracted decision gives nothing again: what is right has another id. */
export function assertNotRetracted(
  { decisionId }: { readonly decisionId: string },
  { retracted }: PriceLink,
): void {
  const found = retracted.find(({ decision }) => decision.decisionId === decisionId)
  if (!found) return
  const { reason, retractedOn } = found.retraction
  throw new DomainError('price-decision-retracted', { decisionId, retractedOn, reason })
}

type Named = Pick<CommandOf<PriceLinkCommand, 'RetractPriceLink'>, 'decisionId' | 'division'>

function assertStands(named: Named, { decisions }: PriceLink): void {
  if (decisions.some((one) => isOf(one, named))) return
  throw new DomainError('price-decision-unknown', { ...named })
}

function isOf(one: Named, { decisionId, division }: Named): boolean {
  return one.decisionId === decisionId && one.division === division
}
