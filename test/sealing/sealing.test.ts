import { randomBytes, randomUUID } from 'node:crypto'
import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { EventId, PersonId } from '../../src/domain/values/identifiers.js'
import { parseIdentityNumber } from '../../src/domain/values/identity-number.js'
import { Sealed } from '../../src/domain/values/sealed.js'
import { createErasureFile, createInMemoryErasureList } from '../../src/sealing/erasure-list.js'
import { createKeyedHashes, normalisedName } from '../../src/sealing/keyed-hashes.js'
import {
  createMasterKey,
  masterKeyOf,
  openMasterKey,
  readMasterKey,
} from '../../src/sealing/master-key.js'
import { createInMemoryPersonKeys } from '../../src/sealing/person-keys.js'
import { createVault } from '../../src/sealing/vault.js'

const masterKey = masterKeyOf(Buffer.alloc(32, 7))

function vaultOf(keys = createInMemoryPersonKeys(), erasures = createInMemoryErasureList()) {
  return { keys, erasures, vault: createVault({ keys, erasures, masterKey }) }
}

function requestOf(text: string) {
  const person = PersonId.parse(randomUUID())
  return { person, eventId: EventId.parse(randomUUID()), field: 'name', text }
}

t.test('any text comes back, and its sealed form is the same at every try', async (t) => {
  const { vault } = vaultOf()
  const seed = Date.now()
  t.comment(`seed ${seed}`)
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (text) => {
      const request = requestOf(text)
      const [first, again] = [await vault.seal(request), await vault.seal(request)]
      t.same(Sealed.parse(first), again)
      t.equal(await vault.open(first), text)
    }),
    { numRuns: 50, seed },
  )
})

t.test('no nonce is used for two texts, and equal texts do not show as equal', async (t) => {
  const { vault } = vaultOf()
  const request = requestOf('张三')
  const others = await vault.sealAll([
    request,
    { ...request, text: '张四' },
    { ...request, field: 'holder' },
    { ...request, eventId: EventId.parse(randomUUID()) },
  ])

  t.equal(new Set(others.map(({ cipher }) => cipher.slice(0, 16))).size, others.length)
})

t.test('many at once make one key a person', async (t) => {
  const { vault } = vaultOf()
  const request = requestOf('张三')
  const sealed = await Promise.all(Array.from({ length: 50 }, () => vault.seal(request)))

  t.equal(new Set(sealed.map(({ cipher }) => cipher)).size, 1)
})

t.test('an erased person can neither be opened nor sealed again, others can', async (t) => {
  const { vault } = vaultOf()
  const [erased, other] = [requestOf('张三'), requestOf('李四')]
  const sealed = await vault.sealAll([erased, other])
  await vault.destroy([erased.person])

  t.same(await vault.openAll(sealed), [null, '李四'])
  await t.rejects(vault.seal(erased), { code: 'person-erased' })
  await vault.destroy([erased.person])
  t.same(await vault.openAll(sealed), [null, '李四'], 'erasing twice is erasing once')
})

t.test('a person who never had a key can be erased before one is made', async (t) => {
  const { vault } = vaultOf()
  const request = requestOf('张三')
  await vault.destroy([request.person])
  await t.rejects(vault.seal(request), { code: 'person-erased' })
})

t.test('a restore that brings a key back loses it again', async (t) => {
  const file = createErasureFile(join(t.testdir(), 'keys', 'erasures'))
  const { keys, vault } = vaultOf(createInMemoryPersonKeys(), file)
  const request = requestOf('张三')
  const sealed = await vault.seal(request)
  const backup = await keys.read([request.person])
  await vault.destroy([request.person])

  const restored = createInMemoryPersonKeys()
  await restored.add(new Map([[request.person, backup.get(request.person) ?? '']]))
  const after = createVault({ keys: restored, erasures: file, masterKey })
  t.equal(await after.open(sealed), '张三', 'as long as the list was not applied')
  t.equal(await after.reapplyErasures(), 1)
  t.equal(await after.open(sealed), null)
})

t.test('what was not sealed here is refused', async (t) => {
  const { keys, vault } = vaultOf()
  const request = requestOf('张三')
  const sealed = await vault.seal(request)
  const other = await vault.seal(requestOf('李四'))
  const changed = `${sealed.cipher.startsWith('A') ? 'B' : 'A'}${sealed.cipher.slice(1)}`

  await t.rejects(vault.open({ ...sealed, cipher: changed }), { code: 'sealed-field-broken' })
  await t.rejects(vault.open({ ...sealed, person: other.person }), { code: 'sealed-field-broken' })
  await t.rejects(vault.open({ ...sealed, person: requestOf('').person }), {
    code: 'sealed-field-broken',
  })

  const wrong = masterKeyOf(randomBytes(32))
  const stranger = createVault({ keys, erasures: createInMemoryErasureList(), masterKey: wrong })
  await t.rejects(stranger.assertMasterKeyFits(), { code: 'master-key-unfit' })
  await vault.assertMasterKeyFits()
})

t.test('the master key is made once, in a file for nobody else', async (t) => {
  const path = join(t.testdir(), 'keys', 'master.key')
  const made = await openMasterKey(path)

  t.same(await openMasterKey(path), made, 'the second start reads it')
  t.equal((await stat(path)).mode & 0o777, 0o600)
  t.match(await readFile(path, 'utf8'), /^[0-9a-f]{64}\n$/)
  await t.rejects(createMasterKey(path), { code: 'EEXIST' })
  await t.rejects(readMasterKey(`${path}.lost`), { code: 'master-key-missing' })
  await chmod(path, 0o640)
  await t.rejects(readMasterKey(path), { code: 'master-key-unfit' })
  await chmod(path, 0o600)
  await writeFile(path, 'secret')
  await t.rejects(openMasterKey(path), { code: 'master-key-unfit' })
  t.throws(() => masterKeyOf(Buffer.alloc(16)), { code: 'master-key-unfit' })
})

t.test('a keyed hash finds the same name however it was typed, under one key only', async (t) => {
  const hashes = createKeyedHashes(masterKey)
  const others = createKeyedHashes(masterKeyOf(randomBytes(32)))
  const number = parseIdentityNumber('11010519491231002X')

  t.equal(normalisedName(' 买买提・ＡＬＩ '), '买买提·ali')
  t.equal(hashes.name('张 三'), hashes.name('张三'))
  t.not(hashes.name('张三'), hashes.name('张四'))
  t.equal(hashes.identity(number), hashes.identity(parseIdentityNumber('11010519491231002x')))
  t.not(hashes.identity(number), others.identity(number))
  t.not(hashes.name('张三'), hashes.nameParts('张三')[0], 'no two uses share a key')

  t.equal(hashes.nameParts('欧阳修欧阳').length, 3, '欧阳 阳修 修欧')
  t.same(hashes.nameParts('欧阳修')[0], hashes.nameParts('欧阳')[0])
  t.equal(hashes.nameParts('𠮷').length, 1)
  t.same(hashes.nameParts('  '), [])
})
