import { shanghaiDateOf } from '../../domain/values/calendar.js'
import {
  beforeFirst,
  type CaseId,
  type ImportId,
  type Ordinal,
} from '../../domain/values/identifiers.js'
import { codec } from '../../event-store/codec.js'
import type { EventStore } from '../../event-store/event-store.js'
import { importStream } from '../streams.js'
import {
  type ImportParts,
  type ImportPlan,
  type ImportRequest,
  recordImport,
} from './run-import.js'

const eventsAtOnce = 5000

/**
 * Completes earlier imports that stopped half way, where this file named every case that they
 * opened: a corrected file then takes the place of the broken one. The others stay unfinished and
 * their cases unpaid, until their own file is imported again.
 */
export async function completeTakenOver(
  parts: ImportParts,
  { plan, request }: { readonly plan: ImportPlan; readonly request: ImportRequest },
): Promise<void> {
  for (const importId of plan.openedBy) {
    const cases = await casesOpenedBy(parts.store, importId)
    if (!cases.every((caseId) => plan.cases.has(caseId))) continue
    await recordImport(
      parts,
      { importId, request },
      {
        type: 'CompleteImport',
        completedOn: shanghaiDateOf(parts.clock.now()),
        importId,
        written: cases.length,
        unchanged: 0,
      },
    )
  }
}

/** Which of these imports began and never ended. */
export async function unfinishedOf(
  store: Pick<EventStore, 'readStream'>,
  imports: Iterable<ImportId>,
): Promise<ReadonlySet<ImportId>> {
  const unfinished = new Set<ImportId>()
  for (const importId of imports) {
    const events = await store.readStream(importStream(importId).name)
    if (!events.some(({ type }) => type === 'ImportCompleted')) unfinished.add(importId)
  }
  return unfinished
}

/** By reading the whole log: a crash in the middle of an import is rare. */
async function casesOpenedBy(
  store: Pick<EventStore, 'readAll'>,
  importId: ImportId,
): Promise<readonly CaseId[]> {
  const cases: CaseId[] = []
  let after: Ordinal = beforeFirst
  for (;;) {
    const events = await store.readAll({ after, limit: eventsAtOnce })
    for (const stored of events) {
      if (stored.type !== 'CaseOpened') continue
      const event = codec.eventOf('case', stored)
      if (event.type === 'CaseOpened' && event.data.importId === importId)
        cases.push(event.data.caseId)
    }
    const last = events.at(-1)
    if (!last) return cases
    after = last.ordinal
  }
}
