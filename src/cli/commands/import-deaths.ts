import type { Command } from 'commander'
import { receiveDeathList } from '../../application/death-list.js'
import { readDeaths } from '../../application/imports/read-deaths.js'
import { DomainError } from '../../domain/errors.js'
import { PlainDate, shanghaiDateOf } from '../../domain/values/calendar.js'
import { actingAs, callerOf, withLedger } from '../authority.js'
import { printFaults } from '../import-report.js'
import { inputFile } from '../input-files.js'
import type { CommandContext } from '../ports.js'
import { printFacts, withProgress } from '../printing.js'
import { type ImportOptions, importCommand, importRoles } from './import-options.js'

interface DeathsOptions extends ImportOptions {
  readonly source: string
  readonly receivedOn?: string
  readonly remark?: readonly string[]
}

export function addImportDeaths(parent: Command, context: CommandContext): void {
  importCommand(parent, 'deaths <file>')
    .description('导入死亡名单并比对 · import a list of deaths and match it to the roll')
    .requiredOption('--source <name>', '名单来源 · who gave the list')
    .option('--received-on <date>', '收到日期，默认今天 · YYYY-MM-DD, today when not given')
    .option('--remark <text...>', '名单自带合计或备注 · sums and remarks printed on the list')
    .action(async (path: string, options: DeathsOptions) =>
      withLedger(context, async (ledger) => {
        const actor = await actingAs(context, ledger, { options, roles: importRoles })
        const today = shanghaiDateOf(ledger.processes.clock.now())
        const { faults, ...list } = await readDeaths(await inputFile(path), today)
        await printFaults(context, faults, options)
        const receivedOn = options.receivedOn ? dateOf(options.receivedOn) : today
        const outcome = await withProgress(context.terminal, 'deaths', (onProgress) =>
          receiveDeathList(ledger.processes, {
            source: options.source,
            receivedOn,
            ...list,
            remarks: options.remark ?? [],
            // The same list is the same request, by whomever it is sent again.
            caller: callerOf(actor, `deaths/${list.fileDigest}`),
            dryRun: options.dryRun ?? false,
            onProgress,
          }),
        )
        printFacts(
          context.terminal,
          {
            rows: list.rows.length,
            matched: outcome.matched.length,
            unmatchedLines: outcome.unmatched.map(String),
            doubtfulLines: outcome.doubtful.map((line) => `${line}: 姓名与号码不符 another name`),
            conflictingLines: outcome.conflicting.map(
              ({ line, listedOn, recordedOn }) =>
                `${line}: 名单 ${listedOn}，已登记 ${recordedOn}，未改动 recorded with another date`,
            ),
            proposals: outcome.proposals,
          },
          options.json,
        )
        await printFaults(context, outcome.faults, options)
      }),
    )
}

function dateOf(text: string): PlainDate {
  const parsed = PlainDate.safeParse(text)
  if (!parsed.success) throw new DomainError('option-malformed', { options: ['--received-on'] })
  return parsed.data
}
