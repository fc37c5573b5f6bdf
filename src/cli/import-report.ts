import { writeFile } from 'node:fs/promises'
import { faultsAsCsv, type RowFault } from '../application/imports/row-faults.js'
import type { ImportOutcome } from '../application/imports/run-import.js'
import { DomainError } from '../domain/errors.js'
import { Reported } from './failures.js'
import type { CommandContext } from './ports.js'
import { printFacts } from './printing.js'

export interface ReportOptions {
  /** Where the faults go as a file, .csv or .json. */
  readonly report?: string | undefined
  readonly json?: boolean | undefined
}

/** Faults that a terminal still shows; a report file has them all. */
const shownAtMost = 200

/** Prints what an import came to; refused rows one by one, then the command ends as refused. */
export async function printImport(
  context: CommandContext,
  outcome: ImportOutcome,
  options: ReportOptions,
): Promise<void> {
  const { faults, events, ...facts } = outcome
  const counted = Object.entries(events).map(([type, count]) => `${type} ${count}`)
  printFacts(context.terminal, { ...facts, events: counted }, options.json)
  await printFaults(context, faults, options)
}

/** @throws Reported where there are faults */
export async function printFaults(
  { ports, terminal }: CommandContext,
  faults: readonly RowFault[],
  { report }: ReportOptions,
): Promise<void> {
  if (faults.length === 0) return
  const sentenceOf = ({ code, facts }: Pick<RowFault, 'code' | 'facts'>) =>
    ports.sentencesOf(new DomainError(code, facts))
  for (const fault of faults.slice(0, shownAtMost)) {
    const { zh, en } = fault.reason ?? sentenceOf(fault)
    const column = fault.column === null ? '' : ` [${fault.column}]`
    terminal.err(`${fault.file}:${fault.line}${column} ${zh} ${en} (${fault.code})\n`)
  }
  if (report !== undefined) {
    const isJson = report.endsWith('.json')
    const text = isJson ? `${JSON.stringify(faults, null, 2)}\n` : faultsAsCsv(faults, sentenceOf)
    await writeFile(report, text)
  }
  const { zh, en } = sentenceOf({ code: 'import-refused', facts: { count: faults.length } })
  terminal.err(`${zh}\n${en}\n`)
  throw new Reported()
}
