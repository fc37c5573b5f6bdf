import type { PaymentLine } from '../../domain/payment-run/events.js'
import { ancestorAt } from '../../domain/values/division.js'
import { maskedName } from './masked-name.js'
import type { ListNames, PersonNameOpener, RunLines } from './ports.js'
import { runTitle } from './run-title.js'
import { type Column, type Row, type Table, table } from './table.js'

const columns = [
  { key: 'number', headerZh: '序号', headerEn: 'No.', kind: 'count' },
  { key: 'town', headerZh: '乡镇（街道）', headerEn: 'Town', kind: 'text' },
  { key: 'village', headerZh: '村（社区）', headerEn: 'Village', kind: 'text' },
  { key: 'programme', headerZh: '项目', headerEn: 'Programme', kind: 'text' },
  { key: 'money', headerZh: '款项', headerEn: 'Money', kind: 'text' },
  { key: 'name', headerZh: '姓名', headerEn: 'Name', kind: 'text' },
  { key: 'persons', headerZh: '发放人数', headerEn: 'Persons', kind: 'count' },
  { key: 'amountFen', headerZh: '金额（元）', headerEn: 'Amount (yuan)', kind: 'fen' },
] as const satisfies readonly Column[]

export type NoticeKey = (typeof columns)[number]['key']

export interface NoticeParts {
  readonly lines: RunLines
  readonly names: ListNames
  readonly people: PersonNameOpener
}

/**
 * 公示: what a run pays, for the notice board. Names are masked; there is no identity number, no
 * account, no id by which a row could be joined to one, and no held line, since a reason to hold
 * is nobody else's business.
 */
export function noticeList(parts: NoticeParts): Table<NoticeKey> {
  return table({
    ...runTitle(parts, { titleZh: '发放公示', titleEn: 'Public notice' }),
    columns,
    rows: rowsOf(parts),
  })
}

async function* rowsOf({ lines, names, people }: NoticeParts): AsyncGenerator<Row<NoticeKey>> {
  let number = 0
  for await (const chunk of lines.chunks) {
    const paid = chunk.filter(isPaid)
    const opened = await people.namesOf([...new Set(paid.map(({ payee }) => payee))])
    for (const line of paid) {
      number += 1
      yield {
        number,
        town: names.division(ancestorAt(line.division, 'town')),
        village: names.division(line.division),
        programme: names.programme(line.programme),
        money: names.money(line),
        name: maskedName(opened.get(line.payee) ?? ''),
        persons: line.persons,
        amountFen: line.amountFen,
      }
    }
  }
}

type PaidLine = PaymentLine & { readonly payee: NonNullable<PaymentLine['payee']> }

function isPaid(line: PaymentLine): line is PaidLine {
  return line.heldFor === null && line.payee !== null
}
