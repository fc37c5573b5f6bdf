import { patiently } from '../../src/compose/patient-pool.js'
import { openService } from '../../src/compose/service.js'
import { beforeFirst } from '../../src/domain/values/identifiers.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { allProjections } from '../../src/projections/all-projections.js'
import { rebuildReadModel } from '../../src/projections/rebuild.js'
import type { BenchPlace } from './bench-place.js'
import { timed } from './timing.js'

/** What building every read model took, and reading the log to its end. */
export interface Filled {
  readonly rebuildMilliseconds: number
  readonly readMilliseconds: number
}

const eventsAtOnce = 5000

/** Builds all read models beside empty ones, as an operator's `rebuild` does. */
export async function fillReadModel(place: BenchPlace): Promise<Filled> {
  const service = await openService(place.config, { log: place.log })
  try {
    await service.projector.stop()
    const { database, processes, store } = service
    await place.admin.query('VACUUM ANALYZE ledger.events')
    const readMilliseconds = await timed(() => readToEnd(store))
    const projections = allProjections(processes)
    const { milliseconds } = await patiently(database.connection, (pool) =>
      rebuildReadModel({ pool, store, projections }),
    )
    return { readMilliseconds, rebuildMilliseconds: milliseconds }
  } finally {
    await service.close()
  }
}

async function readToEnd(store: EventStore): Promise<void> {
  let after = beforeFirst
  for (;;) {
    const last = (await store.readAll({ after, limit: eventsAtOnce })).at(-1)
    if (!last) return
    after = last.ordinal
  }
}
