import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { startEmbeddedPostgres } from '../../src/database/embedded/start.js'
import { migrate } from '../../src/database/migrate.js'
import { createPool } from '../../src/database/pool.js'
import { beforeFirst } from '../../src/domain/values/identifiers.js'
import { openPostgresEventStore } from '../../src/event-store/postgres/open.js'
import { anAppend } from '../support/appends.js'
import { testFolder } from '../support/postgres.js'

async function serverProcess(dataDirectory: string): Promise<number> {
  const text = await readFile(join(dataDirectory, 'db', 'postmaster.pid'), 'utf8')
  return Number(text.split('\n')[0])
}

t.test('a server starts, is adopted while it runs, and stops', async (t) => {
  const dataDirectory = await testFolder(t)
  const server = await startEmbeddedPostgres({ dataDirectory })
  const visitor = await startEmbeddedPostgres({ dataDirectory })
  t.equal(server.adopted, false)
  t.equal(visitor.adopted, true)
  t.same(visitor.serviceConnection, server.serviceConnection)

  await server.stop()
  const again = await startEmbeddedPostgres({ dataDirectory })
  t.equal(again.adopted, false)
  await again.stop()
})

t.test('of three first starts at once on an empty folder, one makes the server', async (t) => {
  const dataDirectory = await testFolder(t)
  const starts = [1, 2, 3].map(() => startEmbeddedPostgres({ dataDirectory }))
  const servers = await Promise.all(starts)
  t.equal(servers.filter(({ adopted }) => !adopted).length, 1)
  const left = (await readdir(dataDirectory)).filter((name) => name.startsWith('db'))
  t.strictSame(left, ['db'])
  for (const server of servers) {
    const pool = createPool(server.adminConnection, { name: 'test', connections: 1 })
    t.strictSame((await pool.query('SELECT 1 AS one')).rows, [{ one: 1 }])
    await pool.end()
  }
  await servers.find(({ adopted }) => !adopted)?.stop()
})

t.test('migrations run once, also when two start at once, and are never edited', async (t) => {
  const dataDirectory = await testFolder(t)
  const server = await startEmbeddedPostgres({ dataDirectory })
  t.teardown(() => server.stop())
  const folder = join(dataDirectory, 'migrations')
  await mkdir(folder)
  await writeFile(join(folder, '001-one.sql'), 'CREATE ROLE ledger_owner; CREATE TABLE one ()')
  const options = { admin: server.adminConnection, folder }
  const runs = await Promise.all([migrate(options), migrate(options), migrate(options)])
  t.same(runs.flat(), ['001-one.sql'])

  await writeFile(join(folder, '002-broken.sql'), 'CREATE TEMP TABLE two (); SELECT 1 / 0')
  await t.rejects(migrate(options), { message: /002-broken.sql failed and changed nothing/ })
  await writeFile(join(folder, '001-one.sql'), 'CREATE TABLE other ()')
  await t.rejects(migrate(options), { message: /001-one.sql was edited after it ran/ })
})

t.test('what was acknowledged before a crash is there after it', async (t) => {
  const dataDirectory = await testFolder(t)
  const server = await startEmbeddedPostgres({ dataDirectory })
  await migrate({ admin: server.adminConnection })
  const store = await openPostgresEventStore({
    connection: server.serviceConnection,
    clock: 'simulated',
  })
  const acknowledged: number[] = []
  let isOver = false
  const writers = Array.from({ length: 16 }, async (_, writer) => {
    for (let n = 0; !isOver; n += 1) {
      const key = `${writer}-${n}`
      const [outcome] = await store.append([anAppend({ stream: key, key })])
      if (outcome && 'ordinal' in outcome) acknowledged.push(outcome.ordinal)
    }
  })
  await new Promise((resolve) => setTimeout(resolve, 500))
  process.kill(await serverProcess(dataDirectory), 'SIGKILL')
  const before = [...acknowledged]
  const restarted = await startEmbeddedPostgres({ dataDirectory })
  t.teardown(() => restarted.stop())
  t.equal(restarted.adopted, false)
  isOver = true
  // The writers' unknown appends are settled by sending them again to the restarted server.
  await Promise.all(writers)

  const events = await store.readAll({ after: beforeFirst, limit: 1_000_000 })
  t.ok(before.length > 16)
  t.ok(acknowledged.every((ordinal) => ordinal < events.length))
  t.equal(new Set(acknowledged).size, acknowledged.length)
  t.equal(events.length, acknowledged.length)
  await store.close()
})

t.test('a pid file that names a living stranger does not block the start', async (t) => {
  const dataDirectory = await testFolder(t)
  const server = await startEmbeddedPostgres({ dataDirectory })
  await server.stop()
  const stranger = spawn('sleep', ['60'])
  t.teardown(async () => {
    stranger.kill()
    await once(stranger, 'exit')
  })
  await writeFile(join(dataDirectory, 'db', 'postmaster.pid'), `${stranger.pid}\n`)

  const again = await startEmbeddedPostgres({ dataDirectory })
  t.equal(again.adopted, false)
  await again.stop()
  t.equal(stranger.exitCode, null)
})

t.test('a long path gets a short folder for its socket', async (t) => {
  const dataDirectory = join(await testFolder(t), 'x'.repeat(90))
  const server = await startEmbeddedPostgres({ dataDirectory })
  t.teardown(() => server.stop())
  t.ok(String(server.adminConnection.host).length < 80)
})

t.test('columns come as the values of the domain', async (t) => {
  const dataDirectory = await testFolder(t)
  const server = await startEmbeddedPostgres({ dataDirectory })
  t.teardown(() => server.stop())
  const pool = createPool(server.adminConnection, { name: 'test', connections: 1 })
  const { rows } = await pool.query(
    `SELECT 9007199254740991 AS whole, DATE '2012-05-31' AS day,
       TIMESTAMPTZ '2012-06-06 10:00:00.05+08' AS at, TIMESTAMPTZ '2012-06-06 02:00:00Z' AS sharp`,
  )
  await t.rejects(pool.query('SELECT 9007199254740992'), { message: /no safe integer/ })
  await pool.end()

  t.same(rows, [
    {
      whole: 9007199254740991,
      day: '2012-05-31',
      at: '2012-06-06T02:00:00.050Z',
      sharp: '2012-06-06T02:00:00.000Z',
    },
  ])
})

t.test('a folder that the server cannot enter is refused by the name of its setting', async (t) => {
  if (process.getuid?.() !== 0) return t.pass('only root starts the server as someone else')
  const folder = await testFolder(t)
  await mkdir(join(folder, 'closed'), { mode: 0o700 })
  await t.rejects(startEmbeddedPostgres({ dataDirectory: join(folder, 'closed', 'data') }), {
    message: /^DATA_DIR: PostgreSQL runs as user id \d+, which cannot enter .*closed/,
  })
})
