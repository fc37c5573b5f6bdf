import type { Command } from 'commander'
import { caseIdOfHousehold } from '../../application/imports/import-ids.js'
import { CaseId } from '../../domain/values/identifiers.js'
import { actingAs, type TokenOption, withLedger } from '../authority.js'
import type { CommandContext } from '../ports.js'

const readers = ['auditor', 'clerk', 'reviewer', 'approver', 'payment-officer', 'administrator']

export function addExplain(program: Command, context: CommandContext): void {
  program
    .command('explain <case> <month>')
    .description('说明某户某月金额的由来 · explain an amount: case id or household number, YYYY-MM')
    .option('--as-known-at <ordinal>', '当时所知（序号或时刻）· as known at an ordinal or instant')
    .option('--token <token>', '操作人令牌 · the token of a named person (or BENEFITS_TOKEN)')
    .action(
      async (
        named: string,
        month: string,
        options: TokenOption & { readonly asKnownAt?: string },
      ) =>
        withLedger(context, async (ledger) => {
          await actingAs(context, ledger, { options, roles: readers })
          const caseId = CaseId.safeParse(named).data ?? caseIdOfHousehold(named)
          const question = { caseId, month, asKnownAt: options.asKnownAt }
          for (const line of await ledger.explain(question)) context.terminal.out(`${line}\n`)
        }),
    )
}
