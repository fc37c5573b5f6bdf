import type { Command } from 'commander'
import type { TokenOption } from '../authority.js'
import type { ReportOptions } from '../import-report.js'

export interface ImportOptions extends TokenOption, ReportOptions {
  readonly dryRun?: boolean
}

export const importRoles = ['clerk', 'approver', 'administrator'] as const

/** A command that imports: dry run, report of faults, token. */
export function importCommand(parent: Command, name: string): Command {
  return parent
    .command(name)
    .option(
      '--dry-run',
      '试导：检查并登记为经办人，另一人再正式导入 · check, and stand for it: another person imports it',
    )
    .option('--report <file>', '错误清单 .csv 或 .json · write the faults to a file')
    .option('--json', '以 JSON 输出 · print JSON')
    .option('--token <token>', '操作人令牌 · the token of a named person (or BENEFITS_TOKEN)')
}
