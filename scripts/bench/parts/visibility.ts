import { caseStream } from '../../../src/application/streams.js'
import type { LedgerService } from '../../../src/compose/service.js'
import { plainDate } from '../../../src/domain/values/calendar.js'
import type { CaseId } from '../../../src/domain/values/identifiers.js'
import { codec } from '../../../src/event-store/codec.js'
import type { BenchPart } from '../bench.js'
import { clerk } from '../invented-district.js'
import { caseAt } from '../invented-households.js'
import { measurement } from '../measurement.js'
import { percentile } from '../timing.js'

const patienceMilliseconds = 10_000

/** How long after an append began a reader sees it, against when it was committed. */
export const visibility: BenchPart = {
  name: 'visibility',
  async measure(bench) {
    const service = await bench.service()
    const samples = Math.min(bench.size.samples, bench.options.cases)
    const committed: number[] = []
    const visible: number[] = []
    const warming = Math.ceil(samples / 10)
    for (let at = 0; at < samples; at += 1) {
      const found = await recordReview(service, caseAt(at))
      if (at < warming) continue
      committed.push(found.committed)
      visible.push(found.visible)
    }
    return [
      measurement({
        id: 'append-to-visible-p99',
        what: 'p99 from an append to its rows in every read model, against p99 of its commit',
        measured: percentile(visible, 0.99),
        limit: percentile(committed, 0.99),
        unit: 'ms',
        aim: '<= 5',
      }),
    ]
  },
}

/** A reviewed case, one at a time, as a clerk's own write would be. */
async function recordReview({ clock, processes, projector, store }: LedgerService, caseId: CaseId) {
  const stream = caseStream(caseId)
  const version = (await store.readStream(stream.name)).length - 1
  const event = codec.encode('case', {
    type: 'ReviewRecorded',
    data: {
      on: plainDate('2012-03-10'),
      level: 'village',
      kind: 'spot-check',
      result: 'unchanged',
      note: null,
      by: clerk,
    },
  })
  const start = performance.now()
  const [outcome] = await store.append([
    {
      stream: stream.name,
      expected: version,
      events: [event],
      key: `bench-review/${caseId}`,
      requestHash: processes.hashes.request(caseId),
      recorded: clock.now(),
      actor: clerk,
      correlation: 'bench',
    },
  ])
  const committed = performance.now() - start
  if (outcome?.kind !== 'appended') throw new Error(`a review was answered ${outcome?.kind}`)
  if (!(await projector.waitFor(outcome.ordinal, patienceMilliseconds)))
    throw new Error('the read models did not catch up with one review')
  return { committed, visible: performance.now() - start }
}
