import { payerDecider } from '../../domain/fund/decide.js'
import type { RunParameters } from '../../domain/payment-run/events.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import type { ProgrammeCode } from '../../domain/values/identifiers.js'
import { AmountFen } from '../../domain/values/money.js'
import type { Caller } from '../caller.js'
import { payerStream } from '../streams.js'
import type { LineStandings } from './match-answers.js'
import type { PaymentParts } from './parts.js'
import { countyOf } from './payer-of-county.js'
import { storedLines } from './run-lines.js'

/** Gives the funds of a run what the bank brought back of it, by all answers so far. */
export async function returnFunds(
  { clock, handler, store }: PaymentParts,
  caller: Caller,
  of: {
    readonly parameters: RunParameters
    readonly standings: LineStandings
    readonly fileDigest: string
  },
): Promise<void> {
  const { fileDigest, parameters, standings } = of
  const { division, runId } = parameters
  const amounts = new Map<ProgrammeCode, number>()
  for await (const { line, programme } of storedLines(store, runId)) {
    const cameBack = standings.cameBackFen(line)
    if (cameBack > 0) amounts.set(programme, (amounts.get(programme) ?? 0) + cameBack)
  }
  if (amounts.size === 0) return
  const cameBack = [...amounts].map(([programme, amount]) => ({
    programme,
    amountFen: AmountFen.parse(amount),
  }))
  const returnedOn = shanghaiDateOf(clock.now())
  await handler.handle({
    stream: payerStream(countyOf(division)),
    decider: payerDecider,
    command: { type: 'ReturnFunds', returnedOn, runId, cameBack },
    caller,
    step: `return-funds-${runId}`,
    request: { runId, fileDigest },
  })
}
