import t from 'tap'
import { openEventStoreDb } from '../../src/event-store/eventstoredb/open.js'
import { eventStoreContract } from './contract.js'
import { startFakeEventStoreDb } from './fake-eventstoredb/server.js'

t.test('the log in EventStoreDB, as a fake server speaks it', async (t) => {
  const server = await startFakeEventStoreDb()
  t.teardown(() => server.stop())
  let ledgers = 0
  await eventStoreContract(t, async () => {
    ledgers += 1
    const { connectionString } = server
    return openEventStoreDb({ connectionString, clock: 'simulated', ledger: `ledger-${ledgers}` })
  })
})
