import type { RunParameters } from '../../domain/payment-run/events.js'
import { excessOf } from '../../domain/payment-run/line.js'
import { recoveryDecider } from '../../domain/recovery/decide.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import { RecoveryId } from '../../domain/values/identifiers.js'
import { type Caller, derivedId } from '../caller.js'
import { recoveryStream } from '../streams.js'
import { changesOf, owedPages } from './derive-lines.js'
import type { PaymentParts } from './parts.js'
import type { OnProgress, OwedCase } from './ports.js'

interface Comparison {
  readonly parameters: RunParameters
  /** Leaves alone the cases of which nothing has to be withdrawn. */
  readonly withdrawOnly?: boolean
  readonly onProgress?: OnProgress | undefined
}

/** Comparing needs no rule; only an offset does. */
const decider = recoveryDecider({ offsetAllowed: false })

/**
 * Brings the recoveries of a run's cases to what was paid and is not owed, as it is known by now
 * and not when the run was frozen: of two runs that were prepared one after the other, whichever is
 * approved first finds it all. Answers in how many cases something was found or withdrawn.
 */
export async function compareRecoveries(
  parts: PaymentParts,
  caller: Caller,
  comparison: Comparison,
): Promise<number> {
  const ordinal = await parts.store.head()
  await parts.progress.knownOrdinal(ordinal)
  const run = { parameters: { ...comparison.parameters, ordinal }, admitted: ordinal }
  let cases = 0
  let recoveries = 0
  for await (const page of owedPages(parts.owed, run)) {
    for (const owed of page)
      if (await compared(parts, caller, { ...comparison, owed })) recoveries += 1
    cases += page.length
    comparison.onProgress?.({ stage: 'recoveries', cases, lines: recoveries })
  }
  return recoveries
}

async function compared(
  parts: PaymentParts,
  caller: Caller,
  { owed, parameters, withdrawOnly = false }: Comparison & { readonly owed: OwedCase },
): Promise<boolean> {
  const { found, withdrawn } = changesOf(owed)
  if (withdrawn.length === 0 && (withdrawOnly || found.length === 0)) return false
  const { caseId } = owed
  const { kind, period, runId } = parameters
  const { changed } = await parts.handler.handle({
    stream: recoveryStream(caseId),
    decider,
    command: {
      type: 'CompareWithPaid',
      comparedOn: shanghaiDateOf(parts.clock.now()),
      recoveryId: derivedId(RecoveryId, caller, `recovery of ${caseId}`),
      caseId,
      runId,
      throughMonth: period,
      excess: [...excessOf(owed)],
      cause: `committed compared with what is owed, ${kind} run of ${period}`,
    },
    caller,
    step: `recovery-${caseId}`,
    request: { runId, caseId },
  })
  return changed
}
