import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { z } from 'zod'
import type { Random } from '../../scripts/demo/generator/random.js'
import { type AttackedPlace, openAttackedPlace } from '../../scripts/torture/attacked-place.js'
import type { Silence } from '../../scripts/torture/network-link.js'

const requestSeconds = 1.5
const latestMilliseconds = requestSeconds * 1000 + 1000
const Problem = z.looseObject({ code: z.string() })
const Acknowledged = z.looseObject({ version: z.int(), result: z.looseObject({}) })
const Person = z.looseObject({ result: z.looseObject({ personId: z.string() }) })

interface Answered {
  readonly status: number
  readonly milliseconds: number
  readonly json: unknown
}

async function post(place: AttackedPlace, path: string, { key, body }: Posted): Promise<Answered> {
  const sentAt = performance.now()
  const answer = await fetch(`${place.services[0]?.origin}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${place.token}`,
      'idempotency-key': key,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  })
  const json: unknown = await answer.json()
  return { status: answer.status, milliseconds: performance.now() - sentAt, json }
}

interface Posted {
  readonly key: string
  readonly body: object
}

async function aPerson(place: AttackedPlace): Promise<string> {
  const body = { name: '某人', identityNumber: null, bornOn: '1950-01-01', sex: 'male' }
  const full = { ...body, address: null, phone: null }
  const { json } = await post(place, '/v1/persons', { key: 'person-0', body: full })
  return Person.parse(json).result.personId
}

const hold = (holdId: string) => ({ from: '2026-01', holdId, scope: 'person', reason: '核查' })

/** Takes every connection, and always the same direction. */
const always = (direction: Silence): Random => ({
  between: (from) => from,
  pick: (items) => items.find((item) => item === direction) ?? items.slice(0, 1)[0] ?? never(),
  shuffled: (items) => [...items],
  chance: () => true,
})

function never(): never {
  throw new Error('nothing to pick from')
}

t.test('whatever the network to the database does, answers come in time', async (t) => {
  const place = await openAttackedPlace(1, {
    settings: { REQUEST_SECONDS: String(requestSeconds) },
  })
  t.teardown(() => place.close())
  const [service] = place.services
  if (!service) throw new Error('no service')
  const path = `/v1/persons/${await aPerson(place)}/holds`
  const holds = (id: string) => post(place, path, { key: `key-of-${id}`, body: hold(id) })
  const eventually = async (id: string) => {
    for (let tries = 0; tries < 40; tries += 1) {
      const answer = await holds(id)
      if (answer.status < 300) return Acknowledged.parse(answer.json).version
      await sleep(250)
    }
    throw new Error(`${id} was never written`)
  }
  const inTime = (t: Tap, { json, milliseconds, status }: Answered) => {
    t.equal(status, 503)
    t.match(Problem.parse(json).code, /^(request-took-too-long|database-unreachable|log-.*)$/)
    t.ok(milliseconds < latestMilliseconds, `answered after ${Math.round(milliseconds)} ms`)
  }

  await t.test('a network that stalls', async (t) => {
    const over = service.network.stall(4000)
    inTime(t, await holds('stalled'))
    await over
    t.equal(await eventually('stalled'), 1)
  })

  for (const [at, direction] of (['to-server', 'to-service'] as const).entries())
    await t.test(`connections that lose the way ${direction}`, async (t) => {
      service.network.halfOpen(always(direction), 60_000)
      inTime(t, await holds(direction))
      // Nobody tells the service: it has to find new connections by itself.
      t.equal(await eventually(direction), 2 + at)
    })

  await t.test('an answer that is lost right after COMMIT', async (t) => {
    service.network.stealNextAnswer()
    t.equal(await eventually('stolen'), 4)
    t.equal(service.network.stolenAnswers(), 1)
    service.network.cut()
    t.equal(await eventually('cut'), 5)
  })
  t.equal(service.ownEnds, 0)
})

type Tap = Pick<typeof t, 'equal' | 'match' | 'ok'>
