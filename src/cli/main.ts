#!/usr/bin/env node
import { pino } from 'pino'
import { createOperatorPorts } from '../compose/operators.js'
import { readConfig } from '../config.js'
import { exitCodes } from './failures.js'
import { runCommandLine } from './program.js'

const terminal = {
  environment: process.env,
  interactive: process.stderr.isTTY === true,
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
}

/** What runs goes to standard error, so that standard output holds the answer alone. */
async function main(): Promise<number> {
  try {
    const config = readConfig(process.env)
    const isServing = process.argv[2] === 'serve'
    const level = isServing || process.env['LOG_LEVEL'] ? config.logLevel : 'warn'
    const log = pino({ level }, pino.destination({ dest: isServing ? 1 : 2, sync: true }))
    const ports = createOperatorPorts(config, log)
    return await runCommandLine({ ports, terminal }, process.argv.slice(2))
  } catch (error) {
    terminal.err(`${error instanceof Error ? error.message : String(error)}\n`)
    return exitCodes.refused
  }
}

process.exitCode = await main()
