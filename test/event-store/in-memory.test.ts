import t from 'tap'
import { instant } from '../../src/domain/values/calendar.js'
import { createInMemoryEventStore } from '../../src/event-store/in-memory.js'
import { anAppend } from '../support/appends.js'
import { eventStoreContract } from './contract.js'

t.test('the log in memory', (t) => eventStoreContract(t, async () => createInMemoryEventStore()))

t.test('on the real clock a wrong clock is refused', async (t) => {
  const storeClock = instant('2012-06-06T02:05:00.000Z')
  const store = createInMemoryEventStore({ realClock: () => storeClock })
  const appendAt = (time: string) =>
    store.append([
      anAppend({ stream: time, key: time, recorded: instant(`2012-06-06T${time}:00.000Z`) }),
    ])

  t.same(await appendAt('02:00'), [{ kind: 'appended', version: 0, ordinal: 0 }])
  t.same(await appendAt('01:59'), [{ kind: 'clock-refused', storeClock }])
  t.same(await appendAt('02:11'), [{ kind: 'clock-refused', storeClock }])
})

t.test('a closed log takes nothing', async (t) => {
  const store = createInMemoryEventStore()
  await store.close()
  await t.rejects(store.append([anAppend({ stream: 'a', key: 'k' })]), { code: 'log-closed' })
})
