import { DomainError } from '../../domain/errors.js'
import type { RunParameters } from '../../domain/payment-run/events.js'
import { recoveryDecider } from '../../domain/recovery/decide.js'
import { type Month, shanghaiDateOf } from '../../domain/values/calendar.js'
import { type CaseId, RecoveryId } from '../../domain/values/identifiers.js'
import { AmountFen } from '../../domain/values/money.js'
import { codec } from '../../event-store/codec.js'
import { type Caller, derivedId } from '../caller.js'
import { recoveryStream } from '../streams.js'
import { deriveLines, type Overpayment } from './derive-lines.js'
import { admittedRun } from './opened-run.js'
import type { PaymentParts } from './parts.js'
import type { OnProgress, PayeeReader } from './ports.js'

interface Finding {
  readonly parameters: RunParameters
  readonly onProgress?: OnProgress | undefined
}

/** Other findings of one case that one finding may meet. */
const meetingsAtMost = 20

/** Finding needs no rule; only an offset does. */
const decider = recoveryDecider({ offsetAllowed: false })

/** Who would be paid does not matter here, and asking would cost as much as the run did. */
const nobody: PayeeReader = { payeesOf: async () => new Map() }

/** Records what a run found to be paid too much, case by case; how many cases were new. */
export async function findOverpayments(
  parts: PaymentParts,
  caller: Caller,
  finding: Finding,
): Promise<number> {
  let cases = 0
  let recoveries = 0
  const sources = { owed: parts.owed, payees: nobody }
  const run = await admittedRun(parts, finding.parameters)
  for await (const page of deriveLines(sources, run)) {
    for (const overpayment of page.overpayments)
      if (await found(parts, caller, { ...finding, overpayment })) recoveries += 1
    cases += page.cases
    finding.onProgress?.({ stage: 'recoveries', cases, lines: recoveries })
  }
  return recoveries
}

async function found(
  parts: PaymentParts,
  caller: Caller,
  finding: Finding & { readonly overpayment: Overpayment },
): Promise<boolean> {
  for (let meeting = 0; meeting < meetingsAtMost; meeting += 1) {
    const outcome = await foundOnce(parts, caller, finding)
    if (outcome !== 'stale') return outcome === 'found'
  }
  throw new DomainError('log-busy', { stream: recoveryStream(finding.overpayment.caseId).name })
}

async function foundOnce(
  parts: PaymentParts,
  caller: Caller,
  finding: Finding & { readonly overpayment: Overpayment },
): Promise<'found' | 'nothing-new' | 'stale'> {
  const { parameters, overpayment } = finding
  const { caseId } = overpayment
  const since = await foundSince(parts, { caseId, parameters })
  const months = overpayment.months
    .map(({ monthFor, amountFen }) => ({
      monthFor,
      amountFen: AmountFen.parse(Math.max(0, amountFen - (since.byMonth.get(monthFor) ?? 0))),
    }))
    .filter(({ amountFen }) => amountFen > 0)
  if (since.byThisRun || months.length === 0) return 'nothing-new'
  try {
    const { changed } = await parts.handler.handle({
      stream: recoveryStream(caseId),
      decider,
      command: {
        type: 'FindOverpayment',
        foundOn: shanghaiDateOf(parts.clock.now()),
        recoveryId: derivedId(RecoveryId, caller, `recovery of ${caseId}`),
        caseId,
        runId: parameters.runId,
        months,
        cause: `committed above what is owed, ${parameters.kind} run of ${parameters.period}`,
      },
      caller,
      step: `recovery-${caseId}`,
      request: { runId: parameters.runId, caseId },
      expectedVersion: since.version,
    })
    return changed ? 'found' : 'nothing-new'
  } catch (error) {
    if (error instanceof DomainError && error.code === 'stream-version-stale') return 'stale'
    throw error
  }
}

/**
 * What other runs have found of a case since this run was frozen: two runs that were prepared one
 * after the other both see an overpayment that neither had found yet.
 */
async function foundSince(
  { store }: PaymentParts,
  of: { readonly caseId: CaseId; readonly parameters: RunParameters },
): Promise<{
  readonly version: number
  readonly byThisRun: boolean
  readonly byMonth: ReadonlyMap<Month, number>
}> {
  const { kind, name } = recoveryStream(of.caseId)
  const stored = await store.readStream(name)
  const byMonth = new Map<Month, number>()
  let byThisRun = false
  for (const event of stored.map((one) => codec.decode(kind, one))) {
    if (event.type !== 'OverpaymentFound' || event.ordinal <= of.parameters.ordinal) continue
    byThisRun ||= event.data.runId === of.parameters.runId
    for (const { monthFor, amountFen } of event.data.months)
      byMonth.set(monthFor, (byMonth.get(monthFor) ?? 0) + amountFen)
  }
  return { version: stored.length - 1, byThisRun, byMonth }
}
