import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { backupLedger, restoreLedger, secretFilesOf } from '../../src/compose/backup.js'
import { createOperatorPorts } from '../../src/compose/operators.js'
import { type LedgerService, openService } from '../../src/compose/service.js'
import { readConfig } from '../../src/config.js'
import { beforeFirst, type Ordinal, PersonId } from '../../src/domain/values/identifiers.js'
import type { StoredEvent } from '../../src/event-store/event-store.js'
import { leafHash } from '../../src/integrity/leaf-hash.js'
import { importHouseholds, importPolicy } from '../application/imports/by-two.js'
import { csvFile } from '../application/imports/import-files.js'
import {
  administrator,
  clerk,
  identityNumber,
  policyFiles,
} from '../application/imports/import-world.js'
import { testFolder } from '../support/postgres.js'

const silent = { info: () => undefined, warn: () => undefined }
const configOf = (folder: string) => readConfig({ DATA_DIR: folder, CLOCK: 'simulated' })
const open = (folder: string) => openService(configOf(folder), { log: silent })

async function importHousehold({ imports }: LedgerService, number: number): Promise<void> {
  const cases = csvFile('cases.csv', [
    ['户编号', '项目', '区划', '首次享受月', '结清月', '来源', '家庭月收入', '当前月补差'],
    [`A-${number}`, 'urban-dibao', '990101001001', '2010-03', '2011-12', '原系统', '300', '740'],
  ])
  const members = csvFile('members.csv', [
    ['户编号', '身份证号', '姓名', '与户主关系', '人员编号', '性别', '出生日期'],
    [`A-${number}`, identityNumber('19500515', number), '王建国', '户主', '', '', ''],
    [`A-${number}`, '', '王小妹', '女', `P-${number}`, '女', '1990-01-01'],
  ])
  const outcome = await importHouseholds(imports, { cases, members }, clerk)
  t.equal(outcome.result, 'completed')
}

/** What a consumer hears after the last event it was handed, until the end of the log as it is. */
async function heardAfter(
  { store }: LedgerService,
  { after, until }: { readonly after: Ordinal; readonly until: Ordinal },
): Promise<readonly StoredEvent[]> {
  const heard: StoredEvent[] = []
  const subscription = store.subscribe(after, async (events) => void heard.push(...events))
  while ((heard.at(-1)?.ordinal ?? after) < until) await sleep(20)
  await subscription.stop()
  return heard
}

const wholeLog = ({ store }: LedgerService) => store.readAll({ after: beforeFirst, limit: 5000 })
const fingerprints = (events: readonly StoredEvent[]) =>
  events.map(({ leafHash: hash, ordinal }) => `${ordinal} ${hash}`)

t.test('a ledger that was lost goes on in a new cluster where its backup ends', async (t) => {
  const [lost, files] = [await testFolder(t), await testFolder(t)]
  const fresh = join(await testFolder(t), 'new')
  const backup = {
    file: join(files, 'ledger.backup'),
    keysFile: join(files, 'ledger.keys'),
    passphrase: '一个足够长的口令',
    takenAt: '2012-01-05',
    overwrite: false,
  }

  const original = await open(lost)
  await importPolicy(original.imports, policyFiles(), administrator)
  await importHousehold(original, 1)
  const log = await wholeLog(original)
  const head = await original.store.head()
  // One consumer was cut off in the middle of the log, another one had heard all of it.
  const middle = log[Math.floor(log.length / 2)]?.ordinal ?? beforeFirst
  const consumers = [
    { at: middle, heard: await heardUpTo(original, middle) },
    { at: head, heard: await heardUpTo(original, head) },
  ]
  await backupLedger(original.config, original.database.admin, backup)
  const erased = PersonId.parse(
    log.find(({ type }) => type === 'PersonRegistered')?.data['personId'],
  )
  await original.processes.vault.destroy([erased])
  const erasures = secretFilesOf(original.config)['erased-persons'] ?? ''
  await original.close()

  const restored = await restoreLedger(configOf(fresh), { ...backup, erasures })
  t.match(restored, { ordinal: head, erased: 1 })
  const copy = await open(fresh)

  t.same(fingerprints(await wholeLog(copy)), fingerprints(log), 'event for event')
  await importHousehold(copy, 2)
  const whole = await wholeLog(copy)
  const newHead = await copy.store.head()
  t.ok(newHead > head, 'it takes new events')
  for (const event of whole) t.equal(leafHash(event), event.leafHash, `event ${event.ordinal}`)

  for (const { at, heard } of consumers) {
    const later = await heardAfter(copy, { after: at, until: newHead })
    t.same(
      fingerprints([...heard, ...later]),
      fingerprints(whole),
      `who had heard ${at} goes on, and hears every event once`,
    )
  }

  t.ok(await copy.projector.waitFor(newHead, 60_000), 'its read models go on too')
  const name = whole.find(
    ({ data, type }) => type === 'PersonRegistered' && data['personId'] === erased,
  )?.data['name']
  const cipher = typeof name === 'object' && name !== null && 'cipher' in name ? name.cipher : ''
  t.equal(
    await copy.processes.vault.open({ person: erased, cipher: String(cipher) }),
    null,
    'who was erased after the backup is erased again',
  )
  await copy.close()

  const operators = await createOperatorPorts(configOf(fresh), silent).open()
  t.same(await operators.check(() => undefined), [], 'and every row is what the log says')
  await operators.close()
})

async function heardUpTo(service: LedgerService, until: Ordinal): Promise<readonly StoredEvent[]> {
  const heard = await heardAfter(service, { after: beforeFirst, until })
  return heard.filter(({ ordinal }) => ordinal <= until)
}
