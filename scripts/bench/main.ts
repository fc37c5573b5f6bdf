import { readOptions } from './options.js'
import { runBench } from './run-bench.js'

const options = readOptions(process.argv.slice(2))
await runBench(options, (line) => process.stdout.write(`${line}\n`))
