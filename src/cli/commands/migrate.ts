import type { Command } from 'commander'
import type { CommandContext } from '../ports.js'
import { printFacts } from '../printing.js'

export function addMigrate(program: Command, { ports, terminal }: CommandContext): void {
  program
    .command('migrate')
    .description('升级数据库结构 · bring the database up to date')
    .action(async () => printFacts(terminal, { migrations: await ports.migrate() }))
}
