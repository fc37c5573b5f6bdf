import { z } from 'zod'
import { DomainError } from '../../domain/errors.js'
import type { PayerCommand } from '../../domain/fund/commands.js'
import { payerDecider } from '../../domain/fund/decide.js'
import { nextRunNumber, type Payer } from '../../domain/fund/payer.js'
import { paymentRunDecider } from '../../domain/payment-run/decide.js'
import { RunKind, type RunParameters } from '../../domain/payment-run/events.js'
import { assertDivision } from '../../domain/policy/divisions.js'
import { programmeOf } from '../../domain/policy/policy.js'
import {
  lastDayOf,
  Month,
  monthOf,
  nextMonth,
  shanghaiDateOf,
} from '../../domain/values/calendar.js'
import { DivisionCode } from '../../domain/values/division.js'
import { type Ordinal, ProgrammeCode, RunId } from '../../domain/values/identifiers.js'
import { assertWithinScope, type Caller, derivedId } from '../caller.js'
import { payerStream, paymentRunStream } from '../streams.js'
import { calculationVersion, type DerivedRun } from './derive-lines.js'
import type { PaymentParts } from './parts.js'
import { catchUpPayer, countyOf, type PayerSeen, payerOf } from './payer-of-county.js'

/** What is asked for when a run is opened; the ledger fills in the rest. */
export const OpenRun = z.strictObject({
  kind: RunKind,
  programmes: z.array(ProgrammeCode).min(1),
  division: DivisionCode,
  period: Month,
})
export type OpenRun = z.infer<typeof OpenRun>

/** Other openings at the same county that one opening may meet. */
const meetingsAtMost = 20

/**
 * Opens a run: the payer of the county admits it first, and that freezes its ordinal. The ordinal
 * is never before the payer's newest event, so what an earlier run committed is always seen. Sent
 * again with its key, the run that was admitted is opened, with the ordinal it was admitted with.
 *
 * @throws DomainError `run-already-open`, `earlier-run-unsettled`, `later-run-undecided`,
 *   `reassessment-behind`,
 *   `programme-not-of-run-kind`, `run-above-county`, `division-unknown`, `division-outside-scope`,
 *   `period-ahead`
 */
export async function openRun(
  parts: PaymentParts,
  caller: Caller,
  asked: OpenRun,
): Promise<RunParameters> {
  assertWithinScope(caller.actor, asked.division)
  const parameters = await admit(parts, caller, asked)
  await parts.handler.handle({
    stream: paymentRunStream(parameters.runId),
    decider: paymentRunDecider,
    command: { type: 'OpenPaymentRun', parameters, by: caller.actor.sub },
    caller,
    step: 'open',
    request: asked,
  })
  return parameters
}

/** The run as it would be admitted now; admits nothing. */
export async function runIfOpened(
  parts: PaymentParts,
  caller: Caller,
  asked: OpenRun,
): Promise<DerivedRun> {
  assertWithinScope(caller.actor, asked.division)
  const payer = await payerOf(parts, asked.division)
  const parameters = await freshParameters(parts, caller, { asked, payer })
  const admitted = await parts.store.head()
  await parts.progress.knownOrdinal(admitted)
  return { parameters, admitted }
}

async function admit(parts: PaymentParts, caller: Caller, asked: OpenRun): Promise<RunParameters> {
  const runId = derivedId(RunId, caller, 'payment-run')
  for (let meeting = 0; meeting < meetingsAtMost; meeting += 1) {
    const payer = await payerOf(parts, asked.division)
    const known = admittedAs(payer, runId)
    const parameters = known ?? (await freshParameters(parts, caller, { asked, payer }))
    // After the ordinal was chosen: what the payer is not told of by then, the lines do not see.
    if (!known && (await catchUpPayer(parts, caller, payer.state))) continue
    const command = admissionOf(parts, caller, parameters)
    if (!known) assertAdmissible(payer.state, command)
    const version = known ? undefined : payer.version
    if (!(await admitted(parts, caller, { asked, command, version }))) continue
    // The same click may have come twice at once; what the payer wrote is what both are told.
    return known ?? admittedAs(await payerOf(parts, asked.division), runId) ?? parameters
  }
  throw new DomainError('log-busy', { stream: payerStream(countyOf(asked.division)).name })
}

type AdmitRun = Extract<PayerCommand, { type: 'AdmitRun' }>

function admissionOf({ clock }: PaymentParts, caller: Caller, parameters: RunParameters): AdmitRun {
  const admittedOn = shanghaiDateOf(clock.now())
  return { type: 'AdmitRun', admittedOn, parameters, by: caller.actor.sub }
}

function admittedAs(payer: PayerSeen, runId: RunId): RunParameters | undefined {
  return payer.state.runs.find((run) => run.parameters.runId === runId)?.parameters
}

/** False when the payer went on since the ordinal was chosen: another one must be. */
async function admitted(
  { handler }: PaymentParts,
  caller: Caller,
  of: {
    readonly asked: OpenRun
    readonly command: AdmitRun
    readonly version: number | undefined
  },
): Promise<boolean> {
  const { asked, command, version } = of
  try {
    await handler.handle({
      stream: payerStream(countyOf(asked.division)),
      decider: payerDecider,
      command,
      caller,
      step: 'admit',
      request: asked,
      ...(version === undefined ? {} : { expectedVersion: version }),
    })
    return true
  } catch (error) {
    if (error instanceof DomainError && error.code === 'stream-version-stale') return false
    throw error
  }
}

async function freshParameters(
  parts: PaymentParts,
  caller: Caller,
  of: { readonly asked: OpenRun; readonly payer: PayerSeen },
): Promise<RunParameters> {
  const { asked, payer } = of
  assertPeriodNear(parts, asked)
  // Frozen is what became decisions, and never before what other runs were admitted with.
  const ordinal = await parts.progress.reassessedThrough()
  if (ordinal < payer.ordinal)
    throw new DomainError('reassessment-behind', {
      ordinal: payer.ordinal,
      reassessedThrough: ordinal,
    })
  await parts.progress.knownOrdinal(ordinal)
  await assertPayable(parts, asked, ordinal)
  return {
    ...asked,
    programmes: [...new Set(asked.programmes)].sort(),
    runId: derivedId(RunId, caller, 'payment-run'),
    number: nextRunNumber(payer.state, asked),
    ordinal,
    calculationVersion,
  }
}

/** Money is made ready for the coming month; nobody knows who will be owed it after that. */
function assertPeriodNear({ clock }: PaymentParts, { period }: OpenRun): void {
  const latest = nextMonth(monthOf(shanghaiDateOf(clock.now())))
  if (period > latest) throw new DomainError('period-ahead', { period, latest })
}

async function assertPayable(
  { policies }: PaymentParts,
  { division, kind, period, programmes }: OpenRun,
  ordinal: Ordinal,
): Promise<void> {
  const policy = await policies.policyAt(ordinal)
  assertDivision(policy, { division, on: lastDayOf(period) })
  for (const programme of programmes) {
    const isOneOff = programmeOf(policy, programme).kind === 'one-off'
    if (kind === 'emergency' || isOneOff === (kind === 'one-off')) continue
    throw new DomainError('programme-not-of-run-kind', { programme, kind })
  }
}

/**
 * The payer's own word, and one rule more: a case may move between towns while one of them is
 * being prepared, so a run waits for every run of the county that pays a programme of its own,
 * wherever it is for.
 */
function assertAdmissible(payer: Payer, command: AdmitRun): void {
  payerDecider.decide(command, payer)
  const { programmes } = command.parameters
  const unsettled = payer.runs.find(
    ({ standing, parameters }) =>
      standing === 'open' && parameters.programmes.some((one) => programmes.includes(one)),
  )
  if (!unsettled) return
  const { runId, kind, period } = unsettled.parameters
  throw new DomainError('earlier-run-unsettled', { runId, kind, period })
}
