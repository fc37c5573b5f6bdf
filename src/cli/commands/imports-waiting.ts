import type { Command } from 'commander'
import { actingAs, type TokenOption, withLedger } from '../authority.js'
import type { CommandContext } from '../ports.js'
import { importRoles } from './import-options.js'

interface WaitingOptions extends TokenOption {
  readonly json?: boolean
}

export function addImportsWaiting(parent: Command, { ports, terminal }: CommandContext): void {
  parent
    .command('waiting')
    .description('待确认的导入 · imports that wait for their second person, the newest first')
    .option('--json', '以 JSON 输出 · print JSON')
    .option('--token <token>', '操作人令牌 · the token of a named person (or BENEFITS_TOKEN)')
    .action(async (options: WaitingOptions) =>
      withLedger({ ports, terminal }, async (ledger) => {
        const roles = [...importRoles, 'auditor']
        const { division } = await actingAs({ ports, terminal }, ledger, { options, roles })
        const waiting = await ledger.importsWaiting(division)
        if (options.json) terminal.out(`${JSON.stringify(waiting)}\n`)
        else for (const one of waiting) terminal.out(`${Object.values(one).join('  ')}\n`)
      }),
    )
}
