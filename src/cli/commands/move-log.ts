import type { Command } from 'commander'
import type { CommandContext } from '../ports.js'
import { printFacts, withProgress } from '../printing.js'

export function addExportLog(program: Command, { ports, terminal }: CommandContext): void {
  program
    .command('export-log <file>')
    .description('导出日志以便迁移 · write the log into a file, to move it to another server')
    .action(async (file: string) => {
      const moved = await withProgress(terminal, 'export', (onProgress) =>
        ports.exportLog({ file, onProgress }),
      )
      printFacts(terminal, moved)
    })
}

export function addImportLog(program: Command, { ports, terminal }: CommandContext): void {
  program
    .command('import-log <file>')
    .description('导入日志到空的日志库 · write a log file into the empty log of EVENT_STORE')
    .action(async (file: string) => {
      const moved = await withProgress(terminal, 'import', (onProgress) =>
        ports.importLog({ file, onProgress }),
      )
      printFacts(terminal, moved)
    })
}
