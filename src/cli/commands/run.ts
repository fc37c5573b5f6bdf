import type { Command } from 'commander'
import { OpenRun } from '../../application/payment/open-run.js'
import type { PaymentProgress } from '../../application/payment/ports.js'
import { bringRollUpToDate } from '../../application/reassessment.js'
import { DomainError } from '../../domain/errors.js'
import type { CommandContext, OnProgress } from '../ports.js'
import { withProgress } from '../printing.js'
import { addRunAnswers, addRunRelease } from './run-bank.js'
import { approver, officer, type RunOptions, runCommand, runIdOf, takeStep } from './run-options.js'

interface OpenOptions extends RunOptions {
  readonly kind: string
  readonly programme: readonly string[]
  readonly division: string
  readonly period: string
}

export function addRun(program: Command, context: CommandContext): void {
  const run = program.command('run').description('发放批次 · payment runs')
  addOpen(run, context)
  addPrepare(run, context)
  addSubmit(run, context)
  addApprove(run, context)
  addReject(run, context)
  addRunRelease(run, context)
  addRunAnswers(run, context)
  addClose(run, context)
}

function addOpen(run: Command, context: CommandContext): void {
  runCommand(run, 'open')
    .description('开批次，冻结名册时点 · open a run and freeze its ordinal')
    .requiredOption('--kind <kind>', '类型 · regular, price-subsidy, one-off or emergency')
    .requiredOption('--programme <code...>', '项目代码 · programmes that it pays')
    .requiredOption('--division <code>', '区划代码 · the subtree that it pays')
    .requiredOption('--period <month>', '发放月份 · YYYY-MM')
    .action((options: OpenOptions) => {
      const { kind, programme: programmes, division, period } = options
      const asked = OpenRun.safeParse({ kind, programmes, division, period })
      if (!asked.success) {
        const named = asked.error.issues.map(({ path }) => `--${String(path[0])}`)
        throw new DomainError('option-malformed', { options: [...new Set(named)] })
      }
      return takeStep(context, {
        options,
        roles: officer,
        act: async ({ payments, reassessment }, caller) => {
          const reassessed = await bringRollUpToDate(reassessment, { ...asked.data, caller })
          const { programmes: paid, ...opened } = await payments.open(caller, asked.data)
          return { ...opened, programmes: [...paid], reassessed }
        },
      })
    })
}

function addPrepare(run: Command, context: CommandContext): void {
  runCommand(run, 'prepare <run>')
    .description('生成发放明细 · freeze the lines')
    .option('--dry-run', '只试算，不写入 · only say what it would come to')
    .action((named: string, options: RunOptions & { readonly dryRun?: boolean }) =>
      takeStep(context, {
        options,
        roles: officer,
        act: ({ payments }, caller) =>
          withProgress(context.terminal, 'lines', async (tell) => {
            const asked = { runId: runIdOf(named), onProgress: linesTo(tell) }
            const totals = await payments.previewOpened(caller, asked)
            if (!options.dryRun) await payments.prepare(caller, asked)
            return { runId: asked.runId, prepared: !options.dryRun, ...totals }
          }),
      }),
    )
}

/** How many lines there will be is known at the end only. */
function linesTo(tell: OnProgress): (progress: PaymentProgress) => void {
  return ({ lines }) => tell({ done: lines, total: lines })
}

function addSubmit(run: Command, context: CommandContext): void {
  runCommand(run, 'submit <run>')
    .description('提交审批 · submit for approval')
    .action((named: string, options: RunOptions) =>
      takeStep(context, {
        options,
        roles: officer,
        act: async ({ payments }, caller) => {
          const runId = runIdOf(named)
          await payments.submit(caller, runId)
          return { runId, submitted: true }
        },
      }),
    )
}

function addApprove(run: Command, context: CommandContext): void {
  runCommand(run, 'approve <run>')
    .description('审批通过（不得由经办人审批）· approve; not by who prepared it')
    .action((named: string, options: RunOptions) =>
      takeStep(context, {
        options,
        roles: approver,
        act: async ({ payments }, caller) => {
          const runId = runIdOf(named)
          return { runId, approved: true, ...(await payments.approve(caller, { runId })) }
        },
      }),
    )
}

function addReject(run: Command, context: CommandContext): void {
  runCommand(run, 'reject <run>')
    .description('退回批次（记录保留）· reject; its records stay')
    .requiredOption('--reason <text>', '原因 · why')
    .action((named: string, options: RunOptions & { readonly reason: string }) =>
      takeStep(context, {
        options,
        roles: approver,
        act: async ({ payments }, caller) => {
          const runId = runIdOf(named)
          await payments.reject(caller, { runId, reason: options.reason })
          return { runId, rejected: true }
        },
      }),
    )
}

function addClose(run: Command, context: CommandContext): void {
  runCommand(run, 'close <run>')
    .description('关闭批次，列出差异 · close, listing each difference')
    .action((named: string, options: RunOptions) =>
      takeStep(context, {
        options,
        roles: officer,
        act: async ({ payments }, caller) => {
          const runId = runIdOf(named)
          const { differences } = await payments.close(caller, { runId })
          return { runId, closed: true, differences }
        },
      }),
    )
}
