import type { Command } from 'commander'
import { caseIdOfHousehold } from '../../application/imports/import-ids.js'
import { DomainError } from '../../domain/errors.js'
import { CaseId } from '../../domain/values/identifiers.js'
import { actingAs, type TokenOption, withLedger } from '../authority.js'
import type { CommandContext } from '../ports.js'

const readers = ['auditor', 'clerk', 'reviewer', 'approver', 'payment-officer', 'administrator']

/** A case that nobody knows is told as it was typed, not by the id that its number would have. */
function asNamed(error: unknown, named: string): unknown {
  const isUnknown = error instanceof DomainError && error.code === 'case-unknown'
  return isUnknown ? new DomainError('case-unknown', { caseId: named }) : error
}

export function addExplain(program: Command, context: CommandContext): void {
  program
    .command('explain <case> <month>')
    .description('说明某户某月金额的由来 · explain an amount: case id or household number, YYYY-MM')
    .option(
      '--as-known-at <when>',
      '当时所知：序号、日期 2012-06-06 或时刻 2012-06-06T10:00:00+08:00 · as known at',
    )
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
          const lines = await ledger.explain(question).catch((error: unknown) => {
            throw asNamed(error, named)
          })
          for (const line of lines) context.terminal.out(`${line}\n`)
        }),
    )
}
