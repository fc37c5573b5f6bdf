import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import {
  type AttackedPlace,
  type AttackedService,
  openAttackedPlace,
} from '../../scripts/torture/attacked-place.js'
import { createPool } from '../../src/database/pool.js'

const requestSeconds = 6
/** Half the time of a request: so long nobody else writes for a holder that was not heard of. */
const leaseMilliseconds = (requestSeconds * 1000) / 2
/** This machine may be busy with other work. */
const slackMilliseconds = 15_000

interface Checkpoint {
  readonly owner: string
  readonly epoch: number
  readonly ordinal: number
}

const selectCheckpoint = 'SELECT owner, epoch, ordinal FROM read_model.checkpoint'

async function aPersonThrough({ origin }: AttackedService, { token, number }: Registered) {
  const answer = await fetch(`${origin}/v1/persons`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'idempotency-key': `person-${number}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      name: `某人${number}`,
      identityNumber: null,
      bornOn: '1950-01-01',
      sex: 'male',
      address: null,
      phone: null,
    }),
  })
  const body: unknown = await answer.json()
  if (typeof body !== 'object' || body === null || !('ordinal' in body))
    throw new Error(JSON.stringify(body))
  return Number(body.ordinal)
}

interface Registered {
  readonly token: string
  readonly number: number
}

t.test('of two services one writes the read models, and the other when it is lost', async (t) => {
  const settings = { REQUEST_SECONDS: String(requestSeconds) }
  const place: AttackedPlace = await openAttackedPlace(2, { settings })
  const pool = createPool(place.server().adminConnection, { name: 'test', connections: 1 })
  t.teardown(async () => {
    await pool.end()
    await place.close()
  })
  const checkpoint = async () => {
    const { rows } = await pool.query<Checkpoint>(selectCheckpoint)
    return rows[0] ?? { owner: '', epoch: 0, ordinal: -1 }
  }
  const holderIn = ({ owner }: Checkpoint) =>
    place.services.find((service) => owner.endsWith(`/${service.processId()}`))
  let number = 0

  /** Loses the holder, writes through the other one; milliseconds until the write is to be read. */
  const takenOverAfter = async (lose: (holder: AttackedService) => unknown) => {
    const before = await checkpoint()
    const holder = holderIn(before)
    const other = place.services.find((service) => service !== holder)
    if (!holder || !other) throw new Error(`nobody of ours is ${before.owner}`)
    const lostAt = performance.now()
    lose(holder)
    number += 1
    const ordinal = await aPersonThrough(other, { token: place.token, number })
    for (;;) {
      const now = await checkpoint()
      if (now.ordinal >= ordinal) {
        t.ok(now.epoch > before.epoch, 'under a lease of its own')
        t.equal(holderIn(now), other)
        return { milliseconds: performance.now() - lostAt, holder }
      }
      if (performance.now() - lostAt > 60_000) throw new Error('nobody took over')
      await sleep(20)
    }
  }

  const killed = await takenOverAfter((holder) => holder.kill())
  t.comment(`a holder that was killed was replaced after ${Math.round(killed.milliseconds)} ms`)
  t.ok(killed.milliseconds < slackMilliseconds)

  await Promise.all(place.services.map((service) => service.ready()))
  // As a machine that is out of the network: its sessions stay open and nobody ends them.
  const silent = await takenOverAfter((holder) => holder.signal('SIGSTOP'))
  t.comment(`a holder that fell silent was replaced after ${Math.round(silent.milliseconds)} ms`)
  t.ok(silent.milliseconds < leaseMilliseconds + slackMilliseconds)

  silent.holder.signal('SIGCONT')
  await silent.holder.ready()
  const ordinal = await aPersonThrough(silent.holder, { token: place.token, number: 100 })
  while ((await checkpoint()).ordinal < ordinal) await sleep(20)
  t.not(holderIn(await checkpoint()), silent.holder, 'who comes back has no lease any more')
  t.same(await place.check(), [], 'every row is there once')
})
