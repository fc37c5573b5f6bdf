import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { z } from 'zod'
import { openAttackedPlace } from '../../scripts/torture/attacked-place.js'

const Answer = z.looseObject({ code: z.string().optional(), ordinal: z.int().optional() })
/** The service looks every 50 ms, unless the machine keeps it waiting. */
const jumpSeen = 1500

t.test('a clock that jumps far writes nothing, and goes on when it is right', async (t) => {
  const place = await openAttackedPlace(1)
  t.teardown(() => place.close())
  const [service] = place.services
  if (!service) throw new Error('no service')
  const register = async (number: number) => {
    const answer = await fetch(`${service.origin}/v1/persons`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${place.token}`,
        'idempotency-key': `somebody-${number}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        name: '某人',
        identityNumber: null,
        bornOn: '1950-01-01',
        sex: 'male',
        address: null,
        phone: null,
      }),
    })
    return { status: answer.status, ...Answer.parse(await answer.json()) }
  }
  const first = await register(1)
  t.equal(first.status, 201)
  for (const minutes of [10, -10]) {
    await service.setClockAhead(minutes * 60_000)
    await sleep(jumpSeen)
    t.match(await register(2), { status: 503, code: 'recorded-clock-refused' })
  }
  await service.setClockAhead(-60_000)
  await sleep(jumpSeen)
  const second = await register(2)
  t.match(second, { status: 201 }, 'a minute is within what clocks differ by')
  t.ok(Number(second.ordinal) > Number(first.ordinal), 'and the order is that of the log')
  await service.setClockAhead(0)
  t.same(await place.check(), [])
})
