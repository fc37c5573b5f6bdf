import type { Command } from 'commander'
import type { CommandContext } from '../ports.js'
import { printFacts } from '../printing.js'

export function addFound(program: Command, { ports, terminal }: CommandContext): void {
  program
    .command('found <name>')
    .description('建立台账（已有则显示）· found the ledger, or show the one that is there')
    .action(async (name: string) => printFacts(terminal, { ...(await ports.found(name)) }))
}
