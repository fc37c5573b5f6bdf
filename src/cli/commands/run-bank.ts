import { open, rename, rm } from 'node:fs/promises'
import type { Command } from 'commander'
import type { FileSink } from '../../application/payment/ports.js'
import { contradictionZh, unknownWords } from '../../application/payment/told.js'
import { inputFile } from '../input-files.js'
import type { CommandContext } from '../ports.js'
import { officer, type RunOptions, runCommand, runIdOf, takeStep } from './run-options.js'

interface LayoutOptions extends RunOptions {
  readonly layout: string
}

/** Writes the bank file under its name only when it is whole. */
export function addRunRelease(run: Command, context: CommandContext): void {
  runCommand(run, 'release <run>')
    .description('拨付，生成银行文件 · release: reserve the funds and write the bank file')
    .requiredOption('--layout <name>', '银行文件格式 · the name of a bank-file layout')
    .requiredOption('--out <file>', '银行文件路径 · where the file goes')
    .action((named: string, options: LayoutOptions & { readonly out: string }) =>
      takeStep(context, {
        options,
        roles: officer,
        act: async ({ payments }, caller) => {
          const asked = { runId: runIdOf(named), layout: options.layout }
          const file = await writingTo(options.out, (sink) =>
            payments.release(caller, { ...asked, sink }),
          )
          const { digest, lineCount, totalFen } = file
          return { ...asked, file: options.out, digest, lineCount, totalFen }
        },
      }),
    )
}

export function addRunAnswers(run: Command, context: CommandContext): void {
  runCommand(run, 'answers <run> <file>')
    .description('导入银行回盘 · record the answers of the bank')
    .requiredOption('--layout <name>', '回盘文件格式 · the name of an answer layout')
    .action((named: string, path: string, options: LayoutOptions) =>
      takeStep(context, {
        options,
        roles: officer,
        act: async ({ payments }, caller) => {
          const { bytes } = await inputFile(path)
          const asked = { runId: runIdOf(named), layout: options.layout, bytes }
          const report = await payments.recordAnswers(caller, asked)
          return {
            ...report,
            contradictionRows: report.contradictionRows.map(contradictionZh),
            unknownRows: report.unknownRows.map(({ row, why }) => `${row}: ${unknownWords[why]}`),
          }
        },
      }),
    )
}

async function writingTo<Result>(
  path: string,
  write: (sink: FileSink) => Promise<Result>,
): Promise<Result> {
  const draft = `${path}.part`
  const file = await open(draft, 'w', 0o600)
  try {
    const result = await write({
      async write(bytes) {
        await file.writeFile(bytes)
      },
    })
    await file.sync()
    await rename(draft, path)
    return result
  } finally {
    await file.close()
    await rm(draft, { force: true })
  }
}
