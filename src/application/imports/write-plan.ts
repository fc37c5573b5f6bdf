import { DomainError } from '../../domain/errors.js'
import type { ImportId } from '../../domain/values/identifiers.js'
import type { Append, AppendOutcome } from '../../event-store/event-store.js'
import { canonicalJson } from '../../integrity/canonical-json.js'
import type { ImportParts, ImportPlan, ImportRequest } from './run-import.js'
import type { PlannedStream } from './stream-book.js'

/** Appends of one batch; other work on the ledger waits no longer than one. */
const appendsAtOnce = 500
const eventsAtMost = 200

interface Writing {
  readonly plan: ImportPlan
  readonly importId: ImportId
  readonly request: ImportRequest
}

/**
 * Writes a plan stage by stage, in batches. False where another had written to one of its streams
 * meanwhile: the stages after it were not begun, and the file has to be planned again.
 */
export async function writePlan(parts: ImportParts, writing: Writing): Promise<boolean> {
  const total = writing.plan.stages.reduce((sum, stage) => sum + stage.length, 0)
  let done = 0
  for (const stage of writing.plan.stages) {
    let clean = true
    let underWay: Promise<boolean> = Promise.resolve(true)
    for (let from = 0; from < stage.length; from += appendsAtOnce) {
      const streams = stage.slice(from, from + appendsAtOnce)
      // The next batch is sealed while the log writes this one.
      const sealed = await sealedAppends(parts, { ...writing, streams })
      clean = (await underWay) && clean
      underWay = appendAll(parts, sealed)
      underWay.catch(() => undefined)
      done += streams.length
      writing.request.onProgress?.({ stage: 'writing', done, total })
    }
    clean = (await underWay) && clean
    if (!clean) return false
  }
  return true
}

async function sealedAppends(
  { clock, hashes, vault }: ImportParts,
  writing: Writing & { readonly streams: readonly PlannedStream[] },
): Promise<readonly Append[]> {
  const common = {
    recorded: clock.now(),
    actor: writing.request.actor.sub,
    correlation: writing.importId,
    requestHash: '',
  }
  const appends = writing.streams.flatMap((stream) => appendsOf(stream, common))
  const sealed = await writing.plan.seals.seal(appends, vault)
  return sealed.map((append) => ({
    ...append,
    requestHash: hashes.request(
      canonicalJson({ stream: append.stream, events: append.events.map(({ data }) => data) }),
    ),
  }))
}

/**
 * A key says which version its append begins at: the same import after a crash, or another one at
 * the same moment, can't write one version twice.
 */
function appendsOf(
  { stream, version, events }: PlannedStream,
  common: Omit<Append, 'stream' | 'expected' | 'events' | 'key'>,
): readonly Append[] {
  const appends: Append[] = []
  for (let from = 0; from < events.length; from += eventsAtMost) {
    const before = version + from
    appends.push({
      ...common,
      stream,
      expected: before < 0 ? 'none' : before,
      events: events.slice(from, from + eventsAtMost),
      key: `import/${stream}/${before + 1}`,
    })
  }
  return appends
}

async function appendAll({ store }: ImportParts, appends: readonly Append[]): Promise<boolean> {
  const outcomes = await store.append(appends)
  return outcomes.map(isStored).every((stored) => stored)
}

function isStored(outcome: AppendOutcome): boolean {
  switch (outcome.kind) {
    case 'appended':
    case 'replayed':
      return true
    case 'conflict':
    case 'key-reused':
      return false
    case 'clock-refused':
      throw new DomainError('recorded-clock-refused', { storeClock: outcome.storeClock })
  }
}
