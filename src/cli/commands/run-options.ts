import type { Command } from 'commander'
import type { Caller } from '../../application/caller.js'
import { DomainError } from '../../domain/errors.js'
import { RunId } from '../../domain/values/identifiers.js'
import { actingAs, callerOf, type TokenOption, withLedger } from '../authority.js'
import type { CommandContext, Facts, OperatorLedger } from '../ports.js'
import { printFacts } from '../printing.js'

export interface RunOptions extends TokenOption {
  /** The same key is the same request. */
  readonly key?: string
}

export const officer = ['payment-officer'] as const
export const approver = ['approver'] as const

/** A step of a payment run. */
export function runCommand(parent: Command, name: string): Command {
  return parent
    .command(name)
    .option('--key <key>', '幂等键，重试时相同 · the same key is the same request')
    .option('--token <token>', '操作人令牌 · the token of a named person (or BENEFITS_TOKEN)')
}

interface Step {
  readonly options: RunOptions
  readonly roles: readonly string[]
  readonly act: (ledger: OperatorLedger, caller: Caller) => Promise<Facts>
}

/** Opens the ledger, knows who acts, does the step and prints what came of it. */
export async function takeStep(context: CommandContext, step: Step): Promise<void> {
  await withLedger(context, async (ledger) => {
    const actor = await actingAs(context, ledger, step)
    printFacts(context.terminal, await step.act(ledger, callerOf(actor, step.options.key)))
  })
}

/** Refuses `option-malformed`. */
export function runIdOf(text: string): RunId {
  const parsed = RunId.safeParse(text)
  if (!parsed.success) throw new DomainError('option-malformed', { options: ['<run>'] })
  return parsed.data
}
