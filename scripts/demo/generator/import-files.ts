import { stringify } from 'csv-stringify/sync'
import { fen, formatYuan } from '../../../src/domain/values/money.js'
import type {
  CampaignRecipient,
  DeathRow,
  DistrictPlan,
  OpeningAccountRow,
  OpeningFiles,
  PlannedPerson,
} from './plan.js'

/** The text of a CSV file as an office would send it; UTF-8 with Chinese headings. */
export type CsvText = string

function csv(headings: readonly string[], rows: readonly (readonly string[])[]): CsvText {
  return stringify([headings, ...rows], { record_delimiter: '\r\n' })
}

const yes = (value: boolean): string => (value ? '是' : '否')
const yuan = (amountFen: number): string => formatYuan(fen(amountFen))
const urbanRuralWords = { urban: '城市', rural: '农村', none: '不分' } as const

/** Finds the plan's people by their key. */
export function peopleOf(plan: DistrictPlan): ReadonlyMap<string, PlannedPerson> {
  return new Map(plan.persons.map((person) => [person.key, person]))
}

function personOf(people: ReadonlyMap<string, PlannedPerson>, key: string): PlannedPerson {
  const person = people.get(key)
  if (!person) throw new Error(`nobody in the plan is ${key}`)
  return person
}

export function casesCsv({ cases }: OpeningFiles): CsvText {
  const headings = ['户编号', '项目', '区划代码', '城乡', '类别']
  return csv(
    [...headings, '首次享受月', '已发至', '来源', '家庭月收入'],
    cases.map((row) => [
      row.caseKey,
      row.programme,
      row.division,
      urbanRuralWords[row.urbanRural],
      row.benefitClass,
      row.entryMonth,
      row.settledThrough,
      row.source,
      row.programme.endsWith('-dibao') ? yuan(row.monthlyIncomeFen) : '',
    ]),
  )
}

export function historyCsv({ cases }: OpeningFiles): CsvText {
  return csv(
    ['户编号', '起月', '止月', '金额', '构成'],
    cases.flatMap((row) =>
      row.history.map((paid) => [
        row.caseKey,
        paid.from,
        paid.to,
        yuan(paid.amountFen),
        paid.component,
      ]),
    ),
  )
}

export function membersCsv(
  { members }: OpeningFiles,
  people: ReadonlyMap<string, PlannedPerson>,
): CsvText {
  const headings = ['户编号', '身份证号', '姓名', '与户主关系', '户主', '计入收入', '保障']
  return csv(
    [...headings, '人员类别', '加入月', '住址'],
    members.map((row) => {
      const person = personOf(people, row.personKey)
      const { assessed, covered, classifications } = row.circumstances
      return [
        row.caseKey,
        person.identityNumber,
        person.name,
        row.relation,
        yes(row.head),
        yes(assessed),
        yes(covered),
        classifications.join('、'),
        row.from,
        person.address,
      ]
    }),
  )
}

export function accountsCsv(
  rows: readonly OpeningAccountRow[],
  people: ReadonlyMap<string, PlannedPerson>,
): CsvText {
  return csv(
    ['身份证号', '开户银行', '银行账号', '户名'],
    rows.map(({ personKey, account }) => [
      personOf(people, personKey).identityNumber,
      account.bank,
      account.account,
      account.holder,
    ]),
  )
}

/** With the name of each, so that who is on no roll can be registered from the list. */
export function campaignCsv(
  recipients: readonly CampaignRecipient[],
  people: ReadonlyMap<string, PlannedPerson>,
): CsvText {
  return csv(
    ['身份证号', '姓名', '住址', '区划代码', '档次', '金额'],
    recipients.map((recipient) => {
      const person = personOf(people, recipient.personKey)
      return [
        person.identityNumber,
        person.name,
        person.address,
        recipient.division,
        recipient.benefitClass,
        yuan(recipient.amountFen),
      ]
    }),
  )
}

export function deathsCsv(rows: readonly DeathRow[]): CsvText {
  return csv(
    ['身份证号', '姓名', '死亡日期'],
    rows.map((row) => [row.identityNumber, row.name, row.diedOn]),
  )
}
