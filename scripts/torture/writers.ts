import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { seededRandom } from '../demo/generator/random.js'
import type { AttackedPlace } from './attacked-place.js'
import type { RecordedWrite, WriteOutcome } from './history.js'

/** Writers who hold and hold again the money of a few persons, so that they meet in streams. */
export interface Writers {
  readonly writes: readonly RecordedWrite[]
  /** The longest that one request took, milliseconds; and those that were never answered. */
  readonly longestRequest: () => number
  readonly unansweredRequests: () => number
  /** Ends after what is under way was answered. */
  stop(): Promise<void>
}

const Answer = z.looseObject({ version: z.int(), ordinal: z.int() })
const Registered = z.looseObject({ result: z.looseObject({ personId: z.string() }) })
const Problem = z.looseObject({ code: z.string() })

/** What the service promises: no request takes longer than this, whatever breaks under it. */
export const requestDeadlineMilliseconds = 30_000
const giveUpMilliseconds = 120_000

export async function startWriters(
  place: AttackedPlace,
  with_: { readonly writers: number; readonly persons: number; readonly seed: number },
): Promise<Writers> {
  const client = new Client(place)
  const persons: string[] = []
  for (let number = 0; number < with_.persons; number += 1)
    persons.push(await client.register(number))
  const writes: RecordedWrite[] = []
  let isOver = false
  const running = Array.from({ length: with_.writers }, async (_, writer) => {
    const random = seededRandom(with_.seed * 1000 + writer)
    for (let number = 0; !isOver; number += 1) {
      const id = `hold-${writer}-${number}`
      writes.push(
        await client.hold({ id, personId: random.pick(persons), service: writer + number }),
      )
    }
  })
  return {
    writes,
    longestRequest: () => client.longestRequest,
    unansweredRequests: () => client.unansweredRequests,
    async stop() {
      isOver = true
      await Promise.all(running)
    },
  }
}

interface Hold {
  readonly id: string
  readonly personId: string
  /** Which service is asked first; the next one when it does not answer. */
  readonly service: number
}

class Client {
  longestRequest = 0
  unansweredRequests = 0
  readonly #place: AttackedPlace

  constructor(place: AttackedPlace) {
    this.#place = place
  }

  async register(number: number): Promise<string> {
    const body = {
      name: `某人${number}`,
      identityNumber: null,
      bornOn: '1950-01-01',
      sex: 'male',
      address: null,
      phone: null,
    }
    const answer = await this.#post(
      { path: '/v1/persons', key: `person-${number}`, service: 0 },
      body,
    )
    return Registered.parse(await answer.json()).result.personId
  }

  /** Sends a write until it is answered for good, with the same key each time. */
  async hold({ id, personId, service }: Hold): Promise<RecordedWrite> {
    const invokedAt = performance.now()
    const path = `/v1/persons/${personId}/holds`
    const body = { from: '2026-01', holdId: id, scope: 'person', reason: '核查' }
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#tried(
        { path, key: `key-${id}`, service: service + attempt },
        body,
      )
      const endedAt = performance.now()
      const isOver = endedAt - invokedAt > giveUpMilliseconds
      if (outcome.kind !== 'unknown' || isOver)
        return { id, stream: `person-${personId}`, invokedAt, endedAt, outcome }
      await sleep(50)
    }
  }

  async #tried(to: Request, body: object): Promise<WriteOutcome> {
    try {
      const answer = await this.#post(to, body)
      const json: unknown = await answer.json()
      if (answer.ok) return { kind: 'acknowledged', ...placeOf(Answer.parse(json)) }
      const isOver = answer.status < 500 && answer.status !== 429
      return isOver ? { kind: 'refused', code: Problem.parse(json).code } : { kind: 'unknown' }
    } catch {
      return { kind: 'unknown' }
    }
  }

  async #post({ key, path, service }: Request, body: object): Promise<Response> {
    const { services, token } = this.#place
    const origin = services[service % services.length]?.origin
    const sentAt = performance.now()
    try {
      return await fetch(`${origin}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'idempotency-key': key,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(requestDeadlineMilliseconds + 1000),
      })
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') this.unansweredRequests += 1
      throw error
    } finally {
      this.longestRequest = Math.max(this.longestRequest, performance.now() - sentAt)
    }
  }
}

interface Request {
  readonly path: string
  readonly key: string
  readonly service: number
}

function placeOf({ ordinal, version }: z.infer<typeof Answer>) {
  return { version, ordinal }
}
