import { z } from 'zod'
import { ComponentName } from '../../domain/values/document.js'
import {
  AccountCell,
  ClassCell,
  DateCell,
  DivisionCell,
  IdentityCell,
  ListCell,
  MonthCell,
  ReferenceCell,
  SexCell,
  TextCell,
  UrbanRuralCell,
  YesNoCell,
  YuanCell,
} from './cells.js'
import type { TableKind } from './table-rows.js'

function tableKind<Shape extends z.core.$ZodLooseShape>(
  kind: string,
  shape: Shape,
  names: TableKind<Shape>['names'],
): TableKind<Shape> {
  return { kind, names, row: z.strictObject(shape) }
}

/** One household in one programme. Its number is unique in the ledger and finds the case again. */
export const casesTable = tableKind(
  'cases',
  {
    household_no: ReferenceCell,
    programme: TextCell,
    division: DivisionCell,
    urban_rural: UrbanRuralCell.optional(),
    class: ClassCell.optional(),
    opened_on: DateCell.optional(),
    entry_month: MonthCell.optional(),
    settled_through: MonthCell.optional(),
    source: TextCell.optional(),
    income: YuanCell.optional(),
    income_from: MonthCell.optional(),
    income_basis: TextCell.optional(),
    base_amount: YuanCell.optional(),
    classified_amount: YuanCell.optional(),
  },
  {
    household_no: ['户编号', '户号', '家庭编号'],
    programme: ['项目', '救助项目'],
    division: ['区划', '区划代码', '行政区划代码'],
    urban_rural: ['城乡', '城乡类别'],
    class: ['类别', '保障类别'],
    opened_on: ['申请日期', '立案日期'],
    entry_month: ['首次享受月', '首次享受月份'],
    settled_through: ['结清月', '已发至'],
    source: ['来源', '数据来源'],
    income: ['家庭月收入', '月收入'],
    income_from: ['收入起月'],
    income_basis: ['收入依据'],
    base_amount: ['当前月补差', '月补差', '月保障金额'],
    classified_amount: ['分类施保', '分类施保金额'],
  },
)
export type CaseRow = z.infer<typeof casesTable.row>

/** What the source paid a household before the cut-over, by months. */
export const historyTable = tableKind(
  'history',
  {
    household_no: ReferenceCell,
    from: MonthCell,
    to: MonthCell,
    amount: YuanCell,
    component: z.string().pipe(ComponentName).optional(),
  },
  {
    household_no: ['户编号', '户号', '家庭编号'],
    from: ['历史起月', '起月'],
    to: ['历史止月', '止月'],
    amount: ['历史金额', '金额', '月金额'],
    component: ['构成', '金额构成'],
  },
)
export type HistoryRow = z.infer<typeof historyTable.row>

const personReference = {
  /** Finds the person, whatever else the row says. */
  identity_number: IdentityCell.optional(),
  /** The office's own number: for those without an identity number. */
  person_no: ReferenceCell.optional(),
}

const personNames = {
  identity_number: ['身份证号', '身份证号码', '公民身份号码'],
  person_no: ['人员编号', '人员号'],
} as const satisfies Record<string, readonly [string, ...string[]]>

/** The column that says who is meant in a row. */
export function personColumnOf(row: { readonly identity_number?: unknown }): string {
  return personNames[row.identity_number === undefined ? 'person_no' : 'identity_number'][0]
}

/** One person in a household. */
export const membersTable = tableKind(
  'members',
  {
    household_no: ReferenceCell,
    ...personReference,
    name: TextCell,
    sex: SexCell.optional(),
    born_on: DateCell.optional(),
    relation: TextCell,
    head: YesNoCell.optional(),
    assessed: YesNoCell.optional(),
    covered: YesNoCell.optional(),
    classifications: ListCell.optional(),
    from: MonthCell.optional(),
    address: TextCell.optional(),
    phone: TextCell.optional(),
  },
  {
    household_no: ['户编号', '户号', '家庭编号'],
    ...personNames,
    name: ['姓名'],
    sex: ['性别'],
    born_on: ['出生日期'],
    relation: ['与户主关系', '家庭关系'],
    head: ['户主', '是否户主'],
    assessed: ['计入收入', '是否计入收入'],
    covered: ['保障', '是否保障', '是否保障对象'],
    classifications: ['分类', '人员类别', '分类施保类别'],
    from: ['加入月', '起月'],
    address: ['住址', '家庭住址'],
    phone: ['电话', '联系电话'],
  },
)
export type MemberRow = z.infer<typeof membersTable.row>

/** Where the money of a person goes. */
export const accountsTable = tableKind(
  'accounts',
  {
    ...personReference,
    bank: TextCell,
    account: AccountCell,
    holder: TextCell,
    from: DateCell.optional(),
  },
  {
    ...personNames,
    bank: ['银行', '开户银行'],
    account: ['账号', '银行账号', '帐号'],
    holder: ['户名', '开户人'],
    from: ['起始日期', '启用日期'],
  },
)
export type AccountRow = z.infer<typeof accountsTable.row>

/** A list of deaths from a funeral or health office. */
export const deathsTable = tableKind(
  'deaths',
  { identity_number: TextCell.optional(), name: TextCell.optional(), died_on: DateCell },
  {
    identity_number: personNames.identity_number,
    name: ['姓名', '死者姓名'],
    died_on: ['死亡日期', '去世日期'],
  },
)
export type DeathRow = z.infer<typeof deathsTable.row>

/** Who gets what in a campaign: a household on a roll, or a person. */
export const campaignTable = tableKind(
  'campaign',
  {
    household_no: ReferenceCell.optional(),
    ...personReference,
    /** With a name, somebody who is on no roll is registered from the list. */
    name: TextCell.optional(),
    address: TextCell.optional(),
    division: DivisionCell.optional(),
    tier: TextCell.optional(),
    amount: YuanCell,
  },
  {
    household_no: ['户编号', '户号', '家庭编号'],
    ...personNames,
    name: ['姓名'],
    address: ['住址', '家庭住址'],
    division: ['区划', '区划代码', '行政区划代码'],
    tier: ['档次', '标准档次'],
    amount: ['金额', '发放金额'],
  },
)
export type CampaignRow = z.infer<typeof campaignTable.row>

/** Every kind of table, for templates and their documentation. */
export const importTables = {
  cases: casesTable,
  history: historyTable,
  members: membersTable,
  accounts: accountsTable,
  deaths: deathsTable,
  campaign: campaignTable,
} as const
