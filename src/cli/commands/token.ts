import type { Command } from 'commander'
import type { Actor } from '../../application/caller.js'
import { actingAs, type TokenOption, withLedger } from '../authority.js'
import type { CommandContext, OperatorLedger } from '../ports.js'
import { printFacts } from '../printing.js'

interface IssueOptions extends TokenOption {
  readonly sub: string
  readonly name: string
  readonly role: readonly string[]
  readonly division: string
  readonly days: string
  readonly first?: boolean
}

interface RevokeOptions extends TokenOption {
  readonly reason: string
  readonly everyTokenOf?: boolean
}

export function addToken(program: Command, context: CommandContext): void {
  const token = program.command('token').description('令牌管理 · issue, revoke and list tokens')
  addIssue(token, context)
  addRevoke(token, context)
  token
    .command('list')
    .description('列出已吊销的令牌 · list what was revoked')
    .option('--token <token>', '管理员令牌 · the token of an administrator (or BENEFITS_TOKEN)')
    .action(async (options: TokenOption) =>
      withLedger(context, async (ledger) => {
        await actingAs(context, ledger, { options, roles: ['administrator', 'auditor'] })
        for (const revoked of await ledger.tokens.listRevoked())
          printFacts(context.terminal, revoked, true)
      }),
    )
}

function addIssue(token: Command, context: CommandContext): void {
  token
    .command('issue')
    .description('签发令牌 · issue a token; it always names a person')
    .requiredOption('--sub <id>', '人员账号（不变）· the immutable id of the person')
    .requiredOption('--name <name>', '姓名 · the name shown on their screen')
    .requiredOption('--role <role...>', '角色 · clerk, reviewer, approver, payment-officer, …')
    .requiredOption('--division <code>', '授权区划 · the subtree in which the roles hold')
    .option('--days <days>', '有效天数 · days until it ends', '90')
    .option('--first', '首个管理员令牌（空台账）· the first one, before anybody has a token')
    .option('--token <token>', '管理员令牌 · the token of an administrator (or BENEFITS_TOKEN)')
    .action(async (options: IssueOptions) =>
      withLedger(context, async (ledger) => {
        const by = await issuerOf(context, ledger, options)
        const { sub, name, role: roles, division, days } = options
        const order = { sub, name, roles, division, days: Number(days) }
        const issued = await ledger.tokens.issue(order, by)
        printFacts(context.terminal, issued)
      }),
    )
}

/**
 * Whoever holds the key file of the ledger can sign tokens; --first says so openly, and works once
 * a key. Everybody else shows the token of an administrator of that place or above.
 */
function issuerOf(
  context: CommandContext,
  ledger: OperatorLedger,
  options: IssueOptions,
): Promise<Actor> | null {
  return options.first ? null : actingAs(context, ledger, { options, roles: ['administrator'] })
}

function addRevoke(token: Command, context: CommandContext): void {
  token
    .command('revoke <id>')
    .description('吊销令牌 · revoke a token by its id, or every token of a person')
    .requiredOption('--reason <text>', '原因 · why')
    .option('--every-token-of', 'id 是人员账号 · the id is a person: all their tokens end')
    .option('--token <token>', '管理员令牌 · the token of an administrator (or BENEFITS_TOKEN)')
    .action(async (value: string, options: RevokeOptions) =>
      withLedger(context, async (ledger) => {
        const by = await actingAs(context, ledger, { options, roles: ['administrator'] })
        const kind = options.everyTokenOf ? 'actor' : 'token'
        const asked = { kind, value, reason: options.reason, by } as const
        const { beyond, ended } = await ledger.tokens.revoke(asked)
        const counts = { endedTokens: ended, otherTokens: beyond }
        printFacts(context.terminal, { revoked: value, kind, division: by.division, ...counts })
      }),
    )
}
