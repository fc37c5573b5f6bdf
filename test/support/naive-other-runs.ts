import { openingOf, placeIn } from '../../src/domain/case/case.js'
import type { RunParameters } from '../../src/domain/payment-run/events.js'
import { ancestorAt, type DivisionCode, isWithin } from '../../src/domain/values/division.js'
import { beforeFirst, type CaseId, type Ordinal } from '../../src/domain/values/identifiers.js'
import { codec } from '../../src/event-store/codec.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { type NaiveLedger, naiveLedgerAt } from './naive-ledger.js'

interface Asked {
  readonly division: DivisionCode
  readonly ordinal: Ordinal
  readonly admitted: Ordinal
}

/** Whether a case is in a run that another county admitted first and had not settled. */
export async function naiveOtherRuns(
  store: EventStore,
  asked: Asked,
): Promise<(caseId: CaseId) => boolean> {
  const open = new Map<string, RunParameters>()
  const own = `payer-${ancestorAt(asked.division, 'county')}`
  for (const stored of await store.readAll({ after: beforeFirst, limit: asked.admitted })) {
    if (!stored.stream.startsWith('payer-') || stored.stream === own) continue
    const event = codec.eventOf('payer', stored)
    if (event.type === 'RunAdmitted') open.set(event.data.parameters.runId, event.data.parameters)
    if (event.type === 'RunSettled' && stored.ordinal <= asked.ordinal)
      open.delete(event.data.runId)
  }
  const seen: { readonly run: RunParameters; readonly ledger: NaiveLedger }[] = []
  for (const run of open.values())
    seen.push({ run, ledger: await naiveLedgerAt(store, run.ordinal) })
  return (caseId) =>
    seen.some(({ run, ledger }) => {
      const state = ledger.cases.get(caseId)
      const programme = state && openingOf(state)?.programme
      const place = state && placeIn(state, run.period)
      if (!programme || !place) return false
      return run.programmes.includes(programme) && isWithin(place.division, run.division)
    })
}
