import type { PaymentLine } from '../../domain/payment-run/events.js'
import { ancestorAt } from '../../domain/values/division.js'
import type { PersonId } from '../../domain/values/identifiers.js'
import type { AccountReference, OpenedAccount } from '../payment/ports.js'
import { heldForZh } from '../payment/told.js'
import type { ListNames, PersonNameOpener, RunLines } from './ports.js'
import { runTitle } from './run-title.js'
import { type Column, type Row, type Table, table } from './table.js'

const columns = [
  { key: 'line', headerZh: '序号', headerEn: 'Line', kind: 'count' },
  { key: 'town', headerZh: '乡镇（街道）', headerEn: 'Town', kind: 'text' },
  { key: 'village', headerZh: '村（社区）', headerEn: 'Village', kind: 'text' },
  { key: 'programme', headerZh: '项目', headerEn: 'Programme', kind: 'text' },
  { key: 'money', headerZh: '款项', headerEn: 'Money', kind: 'text' },
  { key: 'caseId', headerZh: '档案编号', headerEn: 'Case', kind: 'code' },
  { key: 'payee', headerZh: '领取人', headerEn: 'Payee', kind: 'text' },
  { key: 'bank', headerZh: '开户银行', headerEn: 'Bank', kind: 'text' },
  { key: 'holder', headerZh: '户名', headerEn: 'Account holder', kind: 'text' },
  { key: 'account', headerZh: '账号', headerEn: 'Account', kind: 'code' },
  { key: 'persons', headerZh: '发放人数', headerEn: 'Persons', kind: 'count' },
  { key: 'months', headerZh: '所属月份', headerEn: 'Months', kind: 'text' },
  { key: 'amountFen', headerZh: '金额（元）', headerEn: 'Amount (yuan)', kind: 'fen' },
  { key: 'heldFor', headerZh: '缓发原因', headerEn: 'Held for', kind: 'text' },
] as const satisfies readonly Column[]

export type RunSheetKey = (typeof columns)[number]['key']

export interface RunSheetParts {
  readonly lines: RunLines
  readonly names: ListNames
  readonly people: PersonNameOpener
  readonly accounts: {
    openAccounts(
      references: readonly AccountReference[],
    ): Promise<readonly (OpenedAccount | null)[]>
  }
}

/** In place of what an erasure destroyed: the line and its money stay. */
const erasedZh = '已删除'
const erased = { bank: null, holder: erasedZh, account: erasedZh }

/** 发放花名册: every line of a run with names and accounts, held ones with their reason. */
export function runSheet(parts: RunSheetParts): Table<RunSheetKey> {
  return table({
    ...runTitle(parts, { titleZh: '发放花名册', titleEn: 'Run sheet' }),
    columns,
    rows: rowsOf(parts),
  })
}

async function* rowsOf(parts: RunSheetParts): AsyncGenerator<Row<RunSheetKey>> {
  for await (const chunk of parts.lines.chunks) {
    const payees = chunk.flatMap(({ payee }) => (payee === null ? [] : [payee]))
    const [people, accounts] = await Promise.all([
      parts.people.namesOf([...new Set<PersonId>(payees)]),
      accountsByLine(parts, chunk),
    ])
    for (const line of chunk) yield { ...lineCells(parts, line), ...openedCells(line) }

    function openedCells(line: PaymentLine) {
      const opened = accounts.get(line.line)
      const {
        account = null,
        bank = null,
        holder = null,
      } = opened === null ? erased : (opened ?? {})
      const payee = (line.payee && people.get(line.payee)) ?? null
      return { payee: opened === null ? erasedZh : payee, bank, holder, account }
    }
  }
}

async function accountsByLine(
  parts: RunSheetParts,
  chunk: readonly PaymentLine[],
): Promise<ReadonlyMap<number, OpenedAccount | null>> {
  const referenced = chunk.flatMap(({ line, payee, accountVersion }) =>
    payee === null || accountVersion === null ? [] : [{ line, payee, accountVersion }],
  )
  const opened = await parts.accounts.openAccounts(
    referenced.map(({ payee, accountVersion }) => ({ payee, accountVersion })),
  )
  const byLine = new Map<number, OpenedAccount | null>()
  for (const [at, { line }] of referenced.entries()) {
    const account = opened[at]
    if (account !== undefined) byLine.set(line, account)
  }
  return byLine
}

function lineCells(
  { names }: RunSheetParts,
  line: PaymentLine,
): Omit<Row<RunSheetKey>, 'payee' | 'bank' | 'holder' | 'account'> {
  const months = [...new Set(line.items.map((item) => item.monthFor))].sort()
  return {
    line: line.line,
    town: names.division(ancestorAt(line.division, 'town')),
    village: names.division(line.division),
    programme: names.programme(line.programme),
    money: names.money(line),
    caseId: line.caseId,
    persons: line.persons,
    months: months.join('、'),
    amountFen: line.amountFen,
    heldFor: line.heldFor === null ? null : heldForZh(line.heldFor),
  }
}
