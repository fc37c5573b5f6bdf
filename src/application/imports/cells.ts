import { z } from 'zod'
import { DomainError } from '../../domain/errors.js'
import { Month, PlainDate } from '../../domain/values/calendar.js'
import { DivisionCode } from '../../domain/values/division.js'
import { BenefitClass } from '../../domain/values/document.js'
import { parseIdentityNumber } from '../../domain/values/identity-number.js'
import { AmountFen, parseYuan } from '../../domain/values/money.js'

/** What a cell should have held, in words; the keys are the messages of the schemas below. */
export const cellReasons = {
  text: { zh: '须为 1 至 200 个字', en: 'a text of 1 to 200 characters' },
  month: { zh: '须为月份，如 2012-05 或 2012年5月', en: 'a month such as 2012-05' },
  date: { zh: '须为存在的日期，如 2012-05-31', en: 'a date that exists, such as 2012-05-31' },
  yuan: {
    zh: '须为非负金额（元），最多两位小数',
    en: 'an amount in yuan, not negative, with at most two decimals',
  },
  division: { zh: '须为 12 位区划代码', en: 'a division code of 12 digits' },
  class: { zh: '须为类别代码，如 general', en: 'a class such as general' },
  'yes-no': { zh: '须为“是”或“否”', en: 'yes or no' },
  sex: { zh: '须为“男”或“女”', en: 'male or female' },
  'urban-rural': { zh: '须为“城市”“农村”或“不分”', en: 'urban, rural or none' },
  identity: {
    zh: '身份证号有误（18 位含校验码，或旧 15 位）',
    en: 'an identity number of 18 characters with its check character, or an old one of 15',
  },
  account: { zh: '须为 6 至 40 位账号', en: 'an account of 6 to 40 digits or letters' },
} as const
export type CellReason = keyof typeof cellReasons

/** The words for a schema's message; a message that is none of ours says so itself. */
export function cellReasonOf(message: string): { readonly zh: string; readonly en: string } {
  return isCellReason(message) ? cellReasons[message] : { zh: message, en: message }
}

function isCellReason(message: string): message is CellReason {
  return Object.hasOwn(cellReasons, message)
}

/** A cell that `read` understands; undefined is refused with the reason. */
function cell<Value>(reason: CellReason, read: (text: string) => Value | undefined) {
  return z.string().transform((text, context) => {
    const value = read(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: reason })
    return z.NEVER
  })
}

function choice<Value>(reason: CellReason, words: ReadonlyMap<string, Value>) {
  return cell(reason, (text) => words.get(text.toLowerCase()))
}

export const TextCell = z.string().max(200, 'text' satisfies CellReason)
export const ReferenceCell = z.string().max(64, 'text' satisfies CellReason)
export const MonthCell = cell('month', readMonth)
export const DateCell = cell('date', readDate)
export const DivisionCell = cell('division', (text) => DivisionCode.safeParse(text).data)
export const ClassCell = cell('class', (text) => BenefitClass.safeParse(text).data)
export const AccountCell = cell('account', readAccount)

export const YuanCell = cell('yuan', (text) =>
  unlessRefused(() => AmountFen.safeParse(parseYuan(text.replaceAll(/[,，元￥¥]/g, ''))).data),
)

export const IdentityCell = cell('identity', (text) =>
  unlessRefused(() => parseIdentityNumber(text)),
)

export const YesNoCell = choice(
  'yes-no',
  new Map([
    ...['是', 'yes', 'y', 'true', '1'].map((word) => [word, true] as const),
    ...['否', 'no', 'n', 'false', '0'].map((word) => [word, false] as const),
  ]),
)

export const SexCell = choice(
  'sex',
  new Map([
    ...['男', '男性', 'male', 'm'].map((word) => [word, 'male'] as const),
    ...['女', '女性', 'female', 'f'].map((word) => [word, 'female'] as const),
  ]),
)

export const UrbanRuralCell = choice(
  'urban-rural',
  new Map([
    ...['城市', '城镇', 'urban'].map((word) => [word, 'urban'] as const),
    ...['农村', 'rural'].map((word) => [word, 'rural'] as const),
    ...['不分', '无', 'none'].map((word) => [word, 'none'] as const),
  ]),
)

/** Words separated by ; 、 or , — each once, sorted. */
export const ListCell = z
  .string()
  .transform((text) => [...new Set(text.split(/[;；、,，]/).map((word) => word.trim()))])
  .transform((words) => words.filter((word) => word !== '').sort())

function readMonth(text: string): Month | undefined {
  const match = /^(\d{4})[-/.年]?(\d{1,2})月?(?:[-/.](?:01|1)日?)?$/.exec(text)
  const [, year = '', number = ''] = match ?? []
  return Month.safeParse(`${year}-${number.padStart(2, '0')}`).data
}

function readDate(text: string): PlainDate | undefined {
  const match =
    /^(\d{4})(\d{2})(\d{2})$/.exec(text) ??
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text)
  const [, year = '', number = '', day = ''] = match ?? []
  return PlainDate.safeParse(`${year}-${number.padStart(2, '0')}-${day.padStart(2, '0')}`).data
}

function readAccount(text: string): string | undefined {
  const account = text.replaceAll(/[\s-]/g, '')
  return /^[0-9A-Za-z]{6,40}$/.test(account) ? account : undefined
}

function unlessRefused<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof DomainError) return undefined
    throw error
  }
}
