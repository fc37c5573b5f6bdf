import t, { type Test } from 'tap'
import { openEventStoreDb } from '../../src/event-store/eventstoredb/open.js'
import { parseServerAddress } from '../../src/event-store/eventstoredb/server-address.js'
import { eventStoreContract } from './contract.js'
import { serverBehaviour } from './eventstoredb-server.js'
import { startFakeEventStoreDb } from './fake-eventstoredb/server.js'

/** A real server for the same tests: `KURRENTDB_URL=esdb://127.0.0.1:2113?tls=false`. */
const realServer = process.env['KURRENTDB_URL']

t.test('a fake server', async (t) => {
  const server = await startFakeEventStoreDb()
  t.teardown(() => server.stop())
  await t.test('does as a real one does', (t) => serverBehaviour(t, server.connectionString))
  await t.test('keeps the log', (t) => keepsTheLog(t, server.connectionString))
  t.equal(server.plan.calls('append') > 100, true)
})

if (realServer)
  t.test('a real server', async (t) => {
    await t.test('does as it was seen to do', (t) => serverBehaviour(t, realServer))
    await t.test('keeps the log', (t) => keepsTheLog(t, realServer))
  })

/** The log can't be emptied: each part has a ledger of its own beside the others. */
async function keepsTheLog(t: Test, connectionString: string): Promise<void> {
  await eventStoreContract(t, () =>
    openEventStoreDb({
      connectionString,
      clock: 'simulated',
      ledger: `contract-${crypto.randomUUID()}`,
    }),
  )
}

t.test('an address is read whole, or refused with a sentence', async (t) => {
  t.match(parseServerAddress('esdb://admin:chang%40eit@db.example:2114?tls=true'), {
    settings: { endpoint: { address: 'db.example', port: 2114 } },
    channel: { insecure: false },
    credentials: { username: 'admin', password: 'chang@eit' },
  })
  t.match(parseServerAddress('kurrentdb+discover://db.example?tls=false&gossip_timeout=7'), {
    settings: { discover: { address: 'db.example', port: 2113 }, gossipTimeout: 7 },
    channel: { insecure: true },
  })
  t.match(parseServerAddress('kurrentdb://a:1,b:2,c/?nodePreference=Leader'), {
    settings: {
      endpoints: [
        { address: 'a', port: 1 },
        { address: 'b', port: 2 },
        { address: 'c', port: 2113 },
      ],
    },
  })
  const refusals: readonly (readonly [string, RegExp])[] = [
    ['http://u:secret@h', /must look like esdb/],
    ['esdb://u:secret@h?tlsVerifyCert=false', /tlsVerifyCert .* can only be true/],
    ['esdb://u:secret@h?TLS_Verify_Cert=False', /tlsVerifyCert .* can only be true/],
    ['esdb://u:secret@h?throwOnAppendFailure=false', /throwOnAppendFailure .* can only be true/],
    ['esdb://u:secret@h?nodePreference=follower', /nodePreference .* can only be leader/],
    ['esdb://u:secret@h?keepAliveInterval=soon', /keepAliveInterval .* whole number/],
    ['esdb://u:secret@h?colour=red', /unknown option: colour/],
    ['esdb://u:secret@h:port', /not name:port/],
    ['esdb://u:secret@h?tls=maybe', /tls .* true or false/],
    ['esdb://u:secret@h?tlsCAFile=missing.pem', /file of the option tlsCAFile/],
    ['esdb://u:secret@h?userCertFile=package.json', /userCertFile and userKeyFile go together/],
    ['esdb://u:%secret@h', /not percent-encoded/],
  ]
  for (const [address, sentence] of refusals) {
    const error = t.throws(() => parseServerAddress(address), { message: sentence })
    t.notMatch(JSON.stringify([error, String(error)]), 'secret')
  }
})

t.test('a password comes into no warning and no error', async (t) => {
  const said: string[] = []
  t.capture(console, 'warn', (...words: unknown[]) => said.push(String(words)))
  const connectionString = 'esdb://admin:secret@127.0.0.1:1?tls=false&defaultDeadline=200'
  const timing = { callMilliseconds: 100, settleMilliseconds: 200 }
  const error = await openEventStoreDb({ connectionString, clock: 'simulated', timing }).then(
    () => undefined,
    (refused: unknown) => refused,
  )
  t.match(error, { code: 'log-unreachable' })
  t.notMatch(JSON.stringify([said, error, String(error)]), 'secret')
})
