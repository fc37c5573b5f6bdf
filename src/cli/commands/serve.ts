import type { Command } from 'commander'
import type { CommandContext } from '../ports.js'

export function addServe(program: Command, { ports }: CommandContext): void {
  program
    .command('serve')
    .description('启动服务 · start the service')
    .action(() => ports.serve())
}
