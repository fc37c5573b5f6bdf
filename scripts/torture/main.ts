import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { startLogServers } from './attacked-log.js'
import { attackNames } from './attacks.js'
import { disturbedEventStoreDb, disturbedPostgres } from './disturbed-log.js'
import type { Fault } from './history.js'
import { runSubscriptions } from './run-subscriptions.js'
import { isSound, runTorture } from './run-torture.js'

/**
 * `--minutes 30 --cycles 200 --seed 1 --writers 8`: attacks on the service and its database;
 * `--attacks cut-network,kill-server`: these alone.
 * `--part subscriptions --events 1000000 --writers 16`: subscriptions to a disturbed log, in
 * EventStoreDB with `--log`.
 * `--log esdb://127.0.0.1:2113?tls=false --log-server 'command'`: the log in EventStoreDB, by the
 * commands that start its nodes, which are killed too.
 */
const Options = z.strictObject({
  part: z.enum(['attacks', 'subscriptions']).default('attacks'),
  minutes: z.coerce.number().min(0).max(10_000).default(5),
  cycles: z.coerce.number().int().min(1).max(1_000_000).default(20),
  attacks: z
    .string()
    .transform((names) => names.split(','))
    .pipe(z.array(z.enum(attackNames)))
    .default([...attackNames]),
  events: z.coerce.number().int().min(1).max(100_000_000).default(1_000_000),
  seed: z.coerce.number().int().min(1).max(4_294_967).default(1),
  writers: z.coerce.number().int().min(1).max(256).default(16),
  log: z.string().optional(),
  'log-server': z.array(z.string()).default([]),
  out: z.string().min(1).default('torture-out'),
})

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    part: text,
    minutes: text,
    cycles: text,
    attacks: text,
    events: text,
    seed: text,
    writers: text,
    log: text,
    'log-server': { type: 'string', multiple: true },
    out: text,
  },
})
const options = Options.parse(values)
const say = (line: string) => process.stdout.write(`${line}\n`)

interface Outcome {
  readonly report: { readonly faults: readonly Fault[] }
  readonly isSound: boolean
}

async function attacked(): Promise<Outcome> {
  const { attacks, cycles, log: url, minutes, seed, writers } = options
  const log = url === undefined ? {} : { log: await startLogServers(url, options['log-server']) }
  const report = await runTorture({
    ...log,
    attacks,
    cycles,
    minutes,
    seed,
    writers,
    onCycle: (cycle, name, writes) => say(`${cycle}  ${name}  ${writes} writes`),
  })
  await log.log?.close()
  return { report, isSound: isSound(report) }
}

async function subscriptions(): Promise<Outcome> {
  let said = 0
  const { log: url, seed } = options
  const log = url === undefined ? disturbedPostgres() : disturbedEventStoreDb(url, seed)
  const report = await runSubscriptions(await log, {
    ...options,
    onProgress(events) {
      if (events < said + 50_000) return
      said = events
      say(`${events} events`)
    },
  })
  await (await log).close()
  return { report, isSound: report.faults.length === 0 }
}

say(`攻击测试 Torture: ${options.part}, seed ${options.seed}, ${options.writers} writers`)
const outcome = options.part === 'attacks' ? await attacked() : await subscriptions()
const { faults, ...figures } = outcome.report
await mkdir(options.out, { recursive: true })
const file = join(options.out, `${options.part}.json`)
await writeFile(file, `${JSON.stringify(outcome.report, null, 2)}\n`)
say(JSON.stringify({ ...figures, faults: faults.length }, null, 2))
for (const { detail, kind } of faults.slice(0, 20)) say(`✗ ${kind}: ${detail}`)
say(outcome.isSound ? '✓ 无差错 no fault' : `✗ 有差错 again with --seed ${options.seed}`)
process.exitCode = outcome.isSound ? 0 : 1
