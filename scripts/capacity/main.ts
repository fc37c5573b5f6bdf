import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { capacityReport } from './report.js'
import { speedsFrom } from './speeds.js'

/**
 * `--results bench-out/results.json --seed 1 --machine-yuan 40000 --out capacity-out`: how many
 * machines like the measured one a province and the nation need, and what they cost a year.
 */
const Options = z.strictObject({
  results: z.string().min(1).default('bench-out/results.json'),
  seed: z.coerce.number().int().min(1).default(1),
  'machine-yuan': z.coerce.number().int().positive().default(40_000),
  out: z.string().min(1).default('capacity-out'),
})

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: { results: text, seed: text, 'machine-yuan': text, out: text },
})
const options = Options.parse(values)
const speeds = speedsFrom(await readFile(options.results, 'utf8'))
const report = capacityReport(speeds, { seed: options.seed, machineYuan: options['machine-yuan'] })
await mkdir(options.out, { recursive: true })
await writeFile(
  join(options.out, 'capacity.json'),
  `${JSON.stringify({ speeds, ...report }, null, 2)}\n`,
)
process.stdout.write(`${report.lines.join('\n')}\n`)
