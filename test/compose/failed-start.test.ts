import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openService } from '../../src/compose/service.js'
import { readConfig } from '../../src/config.js'
import { productFolder } from '../../src/product-folder.js'
import { startFakeEventStoreDb } from '../event-store/fake-eventstoredb/server.js'
import { testFolder } from '../support/postgres.js'

const log = { info: () => undefined, warn: () => undefined }

async function settingsOf(t: Test, url: string, settleMilliseconds: number) {
  return {
    DATA_DIR: await testFolder(t),
    CLOCK: 'simulated',
    EVENT_STORE: 'eventstoredb',
    EVENTSTOREDB_URL: url,
    EVENTSTOREDB_SETTLE_MILLISECONDS: String(settleMilliseconds),
  }
}

/** Whether the embedded server of a ledger runs. */
const runs = (folder: string) => existsSync(join(folder, 'db', 'postmaster.pid'))

t.test('a start that finds no log leaves no server and no connection', async (t) => {
  const settings = await settingsOf(t, 'esdb://127.0.0.1:1?tls=false', 500)
  await t.rejects(openService(readConfig(settings), { log }), { code: 'log-unreachable' })
  t.notOk(runs(settings.DATA_DIR), 'the embedded server was ended')
})

t.test('a start on the log of another ledger leaves nothing either', async (t) => {
  const server = await startFakeEventStoreDb()
  t.teardown(() => server.stop())
  const settings = await settingsOf(t, server.connectionString, 20_000)
  const service = await openService(readConfig(settings), { log })
  await service.close()
  const other = readConfig({ ...settings, EVENTSTOREDB_LEDGER: 'empty' })
  await t.rejects(openService(other, { log }), { code: 'log-of-another-ledger' })
  t.notOk(runs(settings.DATA_DIR), 'the embedded server was ended')
})

t.test('a port that is taken ends the start with a sentence, and leaves nothing', async (t) => {
  const taken = createServer()
  await once(taken.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => taken.close())
  const address = taken.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const folder = await testFolder(t)
  const started = spawn(
    process.execPath,
    ['--import', 'tsx', join(productFolder, 'src/cli/main.ts'), 'serve'],
    { env: { ...process.env, DATA_DIR: folder, PORT: String(port), LOG_LEVEL: 'error' } },
  )
  t.teardown(() => started.kill('SIGKILL'))
  let said = ''
  started.stderr.on('data', (bytes) => {
    said += String(bytes)
  })
  const [exitCode] = await once(started, 'exit')
  t.equal(exitCode, 2)
  t.match(said, /PORT 端口已被其他程序占用/)
  t.notOk(runs(folder), 'the embedded server was ended')
})
