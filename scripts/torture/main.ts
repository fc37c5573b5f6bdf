import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { isSound, runTorture } from './run-torture.js'

const Options = z.strictObject({
  minutes: z.coerce.number().min(0).max(10_000).default(5),
  cycles: z.coerce.number().int().min(1).max(1_000_000).default(20),
  seed: z.coerce.number().int().min(1).max(4_294_967).default(1),
  writers: z.coerce.number().int().min(1).max(256).default(8),
  out: z.string().min(1).default('torture-out'),
})

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: { minutes: text, cycles: text, seed: text, writers: text, out: text },
})
const { out, ...options } = Options.parse(values)
const say = (line: string) => process.stdout.write(`${line}\n`)

say(
  `攻击测试 Torture: seed ${options.seed}, ${options.minutes} minutes, ${options.writers} writers`,
)
const report = await runTorture({
  ...options,
  onCycle: (cycle, name, writes) => say(`${cycle}  ${name}  ${writes} writes`),
})
await mkdir(out, { recursive: true })
await writeFile(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
say(JSON.stringify({ ...report, faults: report.faults.length }, null, 2))
for (const { detail, kind } of report.faults.slice(0, 20)) say(`✗ ${kind}: ${detail}`)
say(isSound(report) ? '✓ 无差错 no fault' : `✗ 有差错 again with --seed ${options.seed}`)
process.exitCode = isSound(report) ? 0 : 1
