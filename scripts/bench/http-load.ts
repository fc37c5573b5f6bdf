import { z } from 'zod'
import { BenchChild } from './child-process.js'
import { HttpConnection } from './http-connection.js'

export const LoadOrder = z.strictObject({
  origin: z.string(),
  connections: z.int().positive(),
  requests: z.array(
    z.strictObject({
      method: z.string(),
      path: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string().optional(),
    }),
  ),
})
export type LoadOrder = z.infer<typeof LoadOrder>

const LoadReport = z.strictObject({
  milliseconds: z.number(),
  /** Of each request, in the order of their answers. */
  latencies: z.array(z.number()),
  /** The first answer that was no success. */
  failure: z.string().nullable(),
})
export type LoadReport = z.infer<typeof LoadReport>

/** A client in a process of its own, so that its work delays no answer of the service. */
export class LoadClient {
  readonly #child = new BenchChild('http-load-child')

  /** Sends all requests; throws when one is not a success. */
  async send(order: LoadOrder): Promise<LoadReport> {
    const report = LoadReport.parse(await this.#child.ask(order))
    if (report.failure !== null) throw new Error(`the service refused: ${report.failure}`)
    return report
  }

  close(): Promise<void> {
    return this.#child.close()
  }
}

/** Sends all requests, each connection the next one as soon as it has its answer. */
export async function runLoad(order: LoadOrder): Promise<LoadReport> {
  const { connections, origin, requests } = order
  const latencies: number[] = []
  let failure: string | null = null
  let next = 0
  const lane = async () => {
    const connection = await HttpConnection.open(origin)
    for (let at = next++; at < requests.length && failure === null; at = next++) {
      const request = requests[at]
      if (!request) break
      const sent = performance.now()
      const { body, status } = await connection.send(request)
      latencies.push(performance.now() - sent)
      if (status >= 300) failure = `${status} ${request.method} ${request.path} ${body}`
    }
    connection.close()
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: Math.min(connections, requests.length) }, lane))
  return { milliseconds: performance.now() - start, latencies, failure }
}
