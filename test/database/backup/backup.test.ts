import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import t from 'tap'
import type { ImportParts } from '../../../src/application/imports/run-import.js'
import { createPolicyReader } from '../../../src/application/policy-reader.js'
import { personStream } from '../../../src/application/streams.js'
import { backupLedger, restoreLedger, secretFilesOf } from '../../../src/compose/backup.js'
import { type Config, readConfig } from '../../../src/config.js'
import { startEmbeddedPostgres } from '../../../src/database/embedded/start.js'
import { migrate } from '../../../src/database/migrate.js'
import { createPool } from '../../../src/database/pool.js'
import { PersonId } from '../../../src/domain/values/identifiers.js'
import { openPostgresEventStore } from '../../../src/event-store/postgres/open.js'
import { createErasureFile } from '../../../src/sealing/erasure-list.js'
import { createKeyedHashes } from '../../../src/sealing/keyed-hashes.js'
import { openMasterKey } from '../../../src/sealing/master-key.js'
import { createPostgresPersonKeys } from '../../../src/sealing/postgres-person-keys.js'
import { createVault } from '../../../src/sealing/vault.js'
import { importHouseholds, importPolicy } from '../../application/imports/by-two.js'
import { csvFile } from '../../application/imports/import-files.js'
import {
  administrator,
  clerk,
  emptyWorld,
  eventsOf,
  identityNumber,
  policyFiles,
} from '../../application/imports/import-world.js'
import { testFolder } from '../../support/postgres.js'

const configOf = (folder: string) => readConfig({ DATA_DIR: folder, CLOCK: 'simulated' })

interface Opened {
  readonly world: ImportParts
  readonly admin: Parameters<typeof backupLedger>[1]
  readonly close: () => Promise<void>
}

/** The ledger of a folder as the service opens it. */
async function open(config: Config): Promise<Opened> {
  const server = await startEmbeddedPostgres({ dataDirectory: config.dataDirectory })
  await migrate({ admin: server.adminConnection })
  const store = await openPostgresEventStore({
    connection: server.serviceConnection,
    clock: 'simulated',
  })
  const pool = createPool(server.serviceConnection, { name: 'test', connections: 2 })
  const masterKey = await openMasterKey(config.masterKeyFile)
  const erasures = createErasureFile(secretFilesOf(config)['erased-persons'] ?? '')
  const vault = createVault({ keys: createPostgresPersonKeys(pool), erasures, masterKey })
  const hashes = createKeyedHashes(masterKey)
  const world = { ...emptyWorld(store), vault, hashes, policies: createPolicyReader(store) }
  return {
    world,
    admin: server.adminConnection,
    close: async () => {
      await store.close()
      await pool.end()
      await server.stop()
    },
  }
}

const wang = identityNumber('19500515', 1)

async function fill(world: ImportParts): Promise<void> {
  await importPolicy(world, policyFiles(), administrator)
  const cases = csvFile('cases.csv', [
    ['户编号', '项目', '区划', '首次享受月', '结清月', '来源', '家庭月收入', '当前月补差'],
    ['A-1', 'urban-dibao', '990101001001', '2010-03', '2011-12', '原\t系统\\"', '300', '740'],
  ])
  const members = csvFile('members.csv', [
    ['户编号', '身份证号', '姓名', '与户主关系', '人员编号', '性别', '出生日期'],
    ['A-1', wang, '王建国', '户主', '', '', ''],
    ['A-1', '', '王小妹', '女', 'P-1', '女', '1990-01-01'],
  ])
  const outcome = await importHouseholds(world, { cases, members }, clerk)
  t.equal(outcome.result, 'completed')
}

async function namesIn(world: ImportParts): Promise<readonly (string | null)[]> {
  const names: (string | null)[] = []
  for (const { type, data } of await eventsOf(world)) {
    const { name } = data
    if (type !== 'PersonRegistered' || typeof name !== 'object' || name === null) continue
    if (!('cipher' in name) || typeof name.cipher !== 'string') continue
    const person = PersonId.parse(data['personId'])
    names.push(await world.vault.open({ person, cipher: name.cipher }))
  }
  return names.sort()
}

/** The backup with its contents changed and its checksum put right, as a forger would. */
async function forged(file: string, change: (text: string) => string): Promise<string> {
  const text = gunzipSync(await readFile(file)).toString('utf8')
  const body = change(text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1))
  const sha256 = createHash('sha256').update(body).digest('hex')
  const path = `${file}.forged`
  await writeFile(path, gzipSync(`${body}${JSON.stringify({ end: true, sha256 })}\n`))
  return path
}

t.test('a backup comes back event for event, sealed names and erasures too', async (t) => {
  const first = configOf(await testFolder(t))
  const files = await testFolder(t)
  const file = join(files, 'ledger.backup.gz')
  const keysFile = join(files, 'ledger.keys')
  const secret = { passphrase: '一个足够长的口令', takenAt: '2012-01-05' }
  const request = { file, keysFile, overwrite: false, ...secret }
  const original = await open(first)
  await fill(original.world)
  const events = await eventsOf(original.world)
  const taken = await backupLedger(first, original.admin, request)
  t.equal(taken.ordinal, events.length - 1)
  t.match(taken.rows, { 'ledger.events': events.length, 'vault.person_key': 2 })
  // Erased after the backup: what comes back must be erased again.
  const erased = events.find(({ type, data }) => type === 'PersonRegistered' && !data['address'])
  await original.world.vault.destroy([PersonId.parse(erased?.data['personId'])])
  await original.close()

  await t.test('and nobody who reads the files alone has a name or a key', async (t) => {
    const text = gunzipSync(await readFile(file)).toString('utf8')
    const master = (await readFile(first.masterKeyFile, 'utf8')).trim()
    t.notOk(text.includes('王建国'))
    t.notOk(text.includes(master))
    t.notOk((await readFile(keysFile, 'utf8')).includes(master))
  })

  await t.test('into a new folder, with the newer erasure list', async (t) => {
    const second = configOf(join(await testFolder(t), 'new'))
    const erasures = secretFilesOf(first)['erased-persons'] ?? ''
    const restored = await restoreLedger(second, { ...request, erasures })
    t.match(restored, { ordinal: events.length - 1, erased: 1 })
    const copy = await open(second)
    t.same(await eventsOf(copy.world), events)
    const names = await namesIn(copy.world)
    t.equal(names.filter((name) => name === null).length, 1)
    t.equal(names.length, 2)
    await importPolicy(copy.world, policyFiles(), administrator)
    t.same(await eventsOf(copy.world), events, 'its policy is known and it can go on')
    t.ok(
      (
        await copy.world.store.readStream(
          personStream(PersonId.parse(erased?.data['personId'])).name,
        )
      ).length > 0,
    )
    await copy.close()
    await t.rejects(restoreLedger(second, request), { code: 'restore-target-not-empty' })
  })

  await t.test(
    'but not without its keys, with a wrong passphrase, or when it was changed',
    async (t) => {
      const folder = join(await testFolder(t), 'new')
      const target = configOf(folder)
      const refused = async (
        change: Partial<typeof request>,
        expected: { code: string; facts?: object },
      ) => {
        await t.rejects(restoreLedger(target, { ...request, ...change }), expected)
        t.same(await readdir(folder).catch(() => []), [])
      }
      await refused({ keysFile: join(files, 'none') }, { code: 'backup-keys-missing' })
      await refused({ passphrase: 'another' }, { code: 'backup-passphrase-wrong' })
      const cut = join(files, 'cut.gz')
      await writeFile(cut, (await readFile(file)).subarray(0, 2000))
      await refused({ file: cut }, { code: 'backup-broken' })
      const edited = await forged(file, (text) =>
        text.replace('"amountFen": 74000', '"amountFen": 94000'),
      )
      await refused(
        { file: edited },
        { code: 'backup-broken', facts: { reason: 'the leaf hash of an event is another' } },
      )
      const shortened = await forged(file, (text) => {
        const lines = text.split('\n')
        const at = lines.findIndex((line) => line.includes('MemberJoined'))
        return lines.filter((_, index) => index !== at).join('\n')
      })
      await refused(
        { file: shortened },
        { code: 'backup-broken', facts: { reason: 'an event is missing' } },
      )
    },
  )
})
