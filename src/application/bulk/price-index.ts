import { assertDivision } from '../../domain/policy/divisions.js'
import type { PriceLinkCommand } from '../../domain/price-link/commands.js'
import { priceLinkDecider } from '../../domain/price-link/decide.js'
import type { PriceLinkEvent } from '../../domain/price-link/events.js'
import { firstDayOf } from '../../domain/values/calendar.js'
import { assertWithinScope, type Caller } from '../caller.js'
import type { Handled } from '../command-handler.js'
import { priceLinkStream } from '../streams.js'
import type { BulkParts } from './decide-on-roll.js'

export interface IndexPublication {
  readonly command: Extract<PriceLinkCommand, { type: 'PublishPriceIndex' }>
  readonly caller: Caller
}

/** @throws DomainError `division-outside-scope`, `division-unknown` */
export async function publishPriceIndex(
  { handler, policies }: Pick<BulkParts, 'handler' | 'policies'>,
  { caller, command }: IndexPublication,
): Promise<Handled<PriceLinkEvent>> {
  assertWithinScope(caller.actor, command.division)
  const { policy } = await policies.latest()
  const { division, month } = command
  assertDivision(policy, { division, on: firstDayOf(month) })
  return handler.handle({
    stream: priceLinkStream(command.division),
    decider: priceLinkDecider(policy),
    command,
    caller,
    step: `index/${command.division}/${command.month}`,
  })
}
