import type { BenchPart } from '../bench.js'
import type { BenchHttp } from '../bench-http.js'
import { caseAt, type Household } from '../invented-households.js'
import { measurement } from '../measurement.js'

const connections = 16
const blocks = 4

/** Entries approved and granted over HTTP, against the same route with nothing appended. */
export const httpGrants: BenchPart = {
  name: 'http-grants',
  async measure(bench) {
    const http = await bench.http()
    const { pending } = await bench.loaded()
    // The first block warms both services up, and is granted so that nobody is granted twice.
    const perBlock = Math.floor(pending.length / (blocks + 1))
    const sums = { limit: 0, measured: 0, requests: 0 }
    for (let block = 0; block <= blocks; block += 1) {
      const some = pending.slice(block * perBlock, (block + 1) * perBlock)
      const limit = await grant(http, http.originWithoutAppend, some)
      const measured = await grant(http, http.origin, some)
      if (block === 0) continue
      sums.limit += limit
      sums.measured += measured
      sums.requests += some.length
    }
    return [
      measurement({
        id: 'http-grants',
        what: 'approvals granted over HTTP, 16 at once, against the same route without an append',
        measured: (sums.requests / sums.measured) * 1000,
        limit: (sums.requests / sums.limit) * 1000,
        unit: 'requests/s',
        aim: '>= 0.5',
      }),
    ]
  },
}

async function grant(
  { client, headers }: BenchHttp,
  origin: string,
  households: readonly Household[],
): Promise<number> {
  const requests = households.map(({ at }) => {
    const key = `${new URL(origin).port}-grant-${at}`
    return {
      method: 'POST',
      path: `/v1/cases/${caseAt(at)}/entry`,
      headers: { ...headers, 'idempotency-key': key },
      body: JSON.stringify({ confirmedOn: '2012-01-25', reason: '收入低于标准' }),
    }
  })
  const { milliseconds } = await client.send({ origin, connections, requests })
  return milliseconds
}
