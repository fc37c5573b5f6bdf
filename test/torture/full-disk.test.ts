import { execFile } from 'node:child_process'
import { appendFile, chmod, mkdtemp, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { z } from 'zod'
import { type AttackedPlace, openAttackedPlace } from '../../scripts/torture/attacked-place.js'
import { checkHistory } from '../../scripts/torture/check-history.js'
import { openLog } from '../../scripts/torture/listener.js'
import { wholeLog } from '../../scripts/torture/read-log.js'
import { startWriters } from '../../scripts/torture/writers.js'

const run = promisify(execFile)
const diskMegabytes = 500
const Problem = z.looseObject({ code: z.string(), detailEn: z.string() })

/** A small disk of its own, which only root can make. */
async function smallDisk(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined
  const disk = await mkdtemp(join(tmpdir(), 'ledger-disk-'))
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m`, 'tmpfs', disk])
  } catch {
    await rmdir(disk)
    return undefined
  }
  await chmod(disk, 0o755)
  return disk
}

/** Takes every byte that is left. */
async function fill(file: string): Promise<void> {
  for (const bytes of [1024 * 1024, 4096])
    while (
      await appendFile(file, Buffer.alloc(bytes)).then(
        () => true,
        () => false,
      )
    );
}

async function register({ services, token }: AttackedPlace, number: number) {
  const answer = await fetch(`${services[0]?.origin}/v1/persons`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'idempotency-key': `someone-${number}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      name: `某人${number}`,
      identityNumber: null,
      bornOn: '1950-01-01',
      sex: 'male',
      address: '某'.repeat(100),
      phone: null,
    }),
  })
  const json: unknown = await answer.json()
  return { status: answer.status, json }
}

t.test('a full disk is told, loses nothing, and is forgotten when there is room', async (t) => {
  const disk = await smallDisk()
  if (disk === undefined) {
    t.comment('skipped: a small disk is mounted by root alone, and on Linux')
    return
  }
  t.teardown(async () => {
    await run('umount', [disk])
    await rmdir(disk)
  })
  const place = await openAttackedPlace(1, { parent: disk })
  t.teardown(() => place.close())
  const writers = await startWriters(place, { writers: 2, persons: 4, seed: 1 })
  const ballast = join(disk, 'ballast')
  await fill(ballast)

  const refusals: z.infer<typeof Problem>[] = []
  const statuses = new Set<number>()
  for (let number = 0; refusals.length < 5 && number < 20_000; number += 1) {
    const { json, status } = await register(place, number)
    statuses.add(status)
    if (status >= 400) refusals.push(Problem.parse(json))
  }
  t.comment([...statuses].join(), refusals.map(({ code }) => code).join())
  t.match(refusals[0], { code: 'database-full', detailEn: /free space/ })
  t.notOk(statuses.has(500), 'no failure without a word')
  t.equal((await fetch(`${place.services[0]?.origin}/healthz`)).status, 200)

  await rm(ballast)
  const end = performance.now() + 120_000
  while ((await register(place, 0)).status >= 400 && performance.now() < end) await sleep(200)
  t.ok(performance.now() < end, 'it goes on by itself')
  await writers.stop()
  t.equal(place.services[0]?.ownEnds, 0)
  const store = await openLog(place)
  const log = await wholeLog(store, 'holdId')
  await store.close()
  t.same(checkHistory({ writes: writers.writes, log, subscriptions: [] }), [])
  t.ok(writers.writes.some(({ outcome }) => outcome.kind === 'acknowledged'))
  t.same(await place.check(), [])
})
