import type { Bench, BenchPart } from '../bench.js'
import { type BenchHttp, selectOnePath } from '../bench-http.js'
import { county, towns, urbanDibao, villageAt } from '../invented-district.js'
import { caseAt } from '../invented-households.js'
import { type Measurement, measurement } from '../measurement.js'
import { percentile } from '../timing.js'

const connections = 4

/** What is asked, and the address of the n-th question. */
interface Read {
  readonly id: string
  readonly what: string
  readonly pathOf: (at: number) => string
}

function readsOf(cases: number, head: number): readonly Read[] {
  // Past the district's own beginnings, also where the whole log is short.
  const first = Math.min(1000, Math.floor(head / 2))
  const townOf = (at: number) => towns[at % towns.length] ?? county
  const scattered = (at: number, below: number) => (at * 7919) % below
  return [
    {
      id: 'read-roll-page',
      what: 'a page of a village’s roll, with opened names',
      pathOf: (at) => `/v1/rolls?month=2012-03&division=${villageAt(scattered(at, cases))}`,
    },
    {
      id: 'read-totals',
      what: 'totals owed of the county by place and component',
      pathOf: (at) => `/v1/totals/owed?month=2012-0${1 + (at % 9)}&division=${townOf(at)}`,
    },
    {
      id: 'read-movements',
      what: 'movements of a town over three months',
      pathOf: (at) => `/v1/movements?from=2012-01&to=2012-03&division=${townOf(at)}`,
    },
    {
      id: 'read-one-case',
      what: 'one case with its members, money and movements',
      pathOf: (at) => `/v1/cases/${caseAt(scattered(at, cases))}`,
    },
    {
      id: 'read-totals-known-at',
      what: 'totals owed of a town as known at some ordinal',
      pathOf: (at) =>
        `/v1/totals/owed?month=2012-03&division=${townOf(at)}&programme=${urbanDibao}` +
        `&knownAt=${first + scattered(at, Math.max(1, head - first))}`,
    },
  ]
}

/** Reads over HTTP, four at once, against `SELECT 1` over a route with the same middleware. */
export const reads: BenchPart = {
  name: 'reads',
  async measure(bench) {
    const http = await bench.http()
    const head = await (await bench.service()).store.head()
    const found: Measurement[] = []
    for (const read of readsOf(bench.options.cases, head))
      found.push(...(await measureRead(bench, http, read)))
    return found
  },
}

async function measureRead(bench: Bench, http: BenchHttp, read: Read): Promise<Measurement[]> {
  await latenciesOf(bench, http, { ...read, warming: true })
  const selectOne = { ...read, pathOf: () => selectOnePath }
  const before = await latenciesOf(bench, http, selectOne)
  const measured = await latenciesOf(bench, http, read)
  const limit = [...before, ...(await latenciesOf(bench, http, selectOne))]
  return ([50, 99] as const).map((share) =>
    measurement({
      id: `${read.id}-p${share}`,
      what: `p${share} of ${read.what}, against SELECT 1 over the same way`,
      measured: percentile(measured, share / 100),
      limit: percentile(limit, share / 100),
      unit: 'ms',
      aim: share === 99 ? '<= 10' : null,
    }),
  )
}

async function latenciesOf(
  { size }: Bench,
  { client, headers, origin }: BenchHttp,
  read: Pick<Read, 'pathOf'> & { readonly warming?: boolean },
): Promise<readonly number[]> {
  const count = read.warming ? Math.ceil(size.samples / 10) : size.samples
  const requests = Array.from({ length: count }, (_, at) => ({
    method: 'GET',
    path: read.pathOf(at),
    headers,
  }))
  return (await client.send({ origin, connections, requests })).latencies
}
