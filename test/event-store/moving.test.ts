import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openDatabase } from '../../src/compose/database.js'
import { openLog } from '../../src/compose/log.js'
import { exportLogOf, importLogInto } from '../../src/compose/move-log.js'
import { type Config, readConfig } from '../../src/config.js'
import { createPool } from '../../src/database/pool.js'
import { beforeFirst } from '../../src/domain/values/identifiers.js'
import type { EventStore, StoredEvent } from '../../src/event-store/event-store.js'
import { anAppend, anEvent } from '../support/appends.js'
import { testFolder } from '../support/postgres.js'
import { startFakeEventStoreDb } from './fake-eventstoredb/server.js'

const log = { info: () => undefined, warn: () => undefined }
const quiet = () => undefined

async function write(config: Config, work: (store: EventStore) => Promise<void>): Promise<void> {
  const database = await openDatabase(config, log)
  const { close, store } = await openLog({
    settings: config.eventStore,
    database,
    clock: 'simulated',
    log,
    requestMilliseconds: config.requestMilliseconds,
  })
  await work(store)
  await store.close()
  await close()
  await database.close()
}

/** A ledger in PostgreSQL with some policy-like streams, several events an append among them. */
async function writeSome(config: Config, rounds = 30): Promise<void> {
  await write(config, async (store) => {
    for (let n = 0; n < rounds; n += 1)
      await store.append([
        anAppend({ stream: `a-${n % 3}`, expected: n < 3 ? 'none' : 'exists', key: `k${n}` }),
        anAppend({
          stream: `b-${n}`,
          key: `b${n}`,
          events: [anEvent({ text: 'a\u2028b\r\n\\' }), anEvent()],
        }),
      ])
  })
}

async function contentOf(config: Config): Promise<readonly StoredEvent[]> {
  const database = await openDatabase(config, log)
  const { eventStore: settings, requestMilliseconds } = config
  const clock = 'simulated'
  const { close, store } = await openLog({ settings, database, clock, log, requestMilliseconds })
  const events = await store.readAll({ after: beforeFirst, limit: 10_000 })
  await store.close()
  await close()
  await database.close()
  return events
}

async function aPlace(t: Test, url?: string): Promise<Config> {
  return readConfig({
    DATA_DIR: await testFolder(t),
    CLOCK: 'simulated',
    ...(url === undefined ? {} : { EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: url }),
  })
}

t.test('a log moves from PostgreSQL to EventStoreDB and back, every event the same', async (t) => {
  const server = await startFakeEventStoreDb()
  t.teardown(() => server.stop())
  const folder = await testFolder(t)
  const first = await aPlace(t)
  await writeSome(first)
  const file = join(folder, 'first.ndjson')
  const moved = await exportLogOf(first, log, { file, onProgress: quiet })
  t.match(moved, { events: 90, appends: 60 })

  const second = await aPlace(t, server.connectionString)
  t.match(await importLogInto(second, log, { file, onProgress: quiet }), { events: 90 })
  const content = await contentOf(first)
  t.same(await contentOf(second), content)

  const back = join(folder, 'back.ndjson')
  const again = await exportLogOf(second, log, { file: back, onProgress: quiet })
  t.equal(again.sha256, moved.sha256, 'the same bytes from either log')
  const third = await aPlace(t)
  await importLogInto(third, log, { file: back, onProgress: quiet })
  t.same(await contentOf(third), content)

  await t.test(
    'an import that was broken off goes on, and a whole one changes nothing',
    async (t) => {
      const half = await aPlace(t)
      await writeSome(half, 16)
      t.equal((await contentOf(half)).length, 48)
      t.match(await importLogInto(half, log, { file, onProgress: quiet }), { events: 90 })
      t.same(await contentOf(half), content)
      t.match(await importLogInto(half, log, { file, onProgress: quiet }), { events: 90 })
      t.same(await contentOf(half), content)
    },
  )

  await t.test('into no log with other events', async (t) => {
    const other = await aPlace(t)
    await write(other, async (store) => {
      await store.append([anAppend({ stream: 'other', key: 'other' })])
    })
    const refused = importLogInto(other, log, { file: back, onProgress: quiet })
    await t.rejects(refused, { code: 'log-not-empty', facts: { events: 1 } })
  })

  await t.test('a file that was changed is refused and nothing is written', async (t) => {
    const text = await readFile(file, 'utf8')
    const lines = text.split('\n')
    const changes: readonly (readonly [string, RegExp])[] = [
      [text.replace('"actor":"', '"actor":"x'), /leaf hash/],
      [text.slice(0, -80), /no JSON|end is missing/],
      [[...lines.slice(0, 5), ...lines.slice(6)].join('\n'), /ordinal \d+ is missing/],
      [
        text
          .replace('"requestHash":"', '"requestHash":"0')
          .replace(/(0[0-9a-f]{63})[0-9a-f]"/, '$1"'),
        /checksum/,
      ],
    ]
    const empty = await aPlace(t)
    for (const [changed, fault] of changes) {
      const path = join(folder, 'changed.ndjson')
      await writeFile(path, changed)
      const importing = importLogInto(empty, log, { file: path, onProgress: quiet })
      await t.rejects(importing, { code: 'log-file-broken', facts: { fault } })
    }
    t.same(await contentOf(empty), [])
  })
})

t.test('a log with persons goes into a database that has their keys', async (t) => {
  const first = await aPlace(t)
  const personId = crypto.randomUUID()
  await write(first, async (store) => {
    const registered = { ...anEvent(), type: 'PersonRegistered' }
    const stream = `person-${personId}`
    await store.append([
      anAppend({ stream: 'a-1', key: 'a' }),
      anAppend({ stream, key: 'p', events: [registered] }),
    ])
  })
  const file = join(await testFolder(t), 'persons.ndjson')
  await exportLogOf(first, log, { file, onProgress: quiet })
  const second = await aPlace(t)
  const importing = () => importLogInto(second, log, { file, onProgress: quiet })
  await t.rejects(importing(), { code: 'log-keys-missing', facts: { persons: 1, personId } })
  t.same(await contentOf(second), [])

  const database = await openDatabase(second, log)
  const pool = createPool(database.connection, { name: 'test', connections: 1 })
  const insert = "INSERT INTO vault.person_key (person_id, wrapped_key) VALUES ($1, 'wrapped')"
  await pool.query(insert, [personId])
  await pool.end()
  await database.close()
  t.match(await importing(), { events: 2 })
})
