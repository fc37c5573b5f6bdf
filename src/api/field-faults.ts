import type { z } from 'zod'

/** One field of a request that is wrong, where it stands and what it should be. */
export interface FieldFault {
  /** `body`, `query`, `path` or `header`, then a JSON pointer: `body/members/0/bornOn`. */
  readonly field: string
  readonly detail: string
  readonly detailEn: string
}

/** What is wrong with one part of a request, field by field; a union tells its closest branch. */
export function fieldFaults(part: string, issues: readonly z.core.$ZodIssue[]): FieldFault[] {
  return issues.flatMap((issue) => faultsOf(issue, [part]))
}

type Place = readonly PropertyKey[]

function faultsOf(issue: z.core.$ZodIssue, above: Place): FieldFault[] {
  const place = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => fault([...place, key], unknownField))
  if (issue.code === 'invalid_union') {
    const closest = issue.errors.toSorted((left, right) => left.length - right.length)[0]
    if (closest && closest.length > 0) return closest.flatMap((inner) => faultsOf(inner, place))
  }
  return [fault(place, sentenceOf(issue))]
}

interface Sentence {
  readonly zh: string
  readonly en: string
}

const unknownField: Sentence = {
  zh: '没有这个字段；请检查拼写或删去。',
  en: 'There is no such field; check its spelling or leave it out.',
}

function fault(place: Place, sentence: Sentence): FieldFault {
  const field = place.map((step) => String(step).replaceAll('/', '~1')).join('/')
  return { field, detail: sentence.zh, detailEn: sentence.en }
}

function sentenceOf(issue: z.core.$ZodIssue): Sentence {
  const told = tellings[issue.message]
  if (told !== undefined) return { zh: told, en: `${capital(issue.message)}.` }
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, issue.message)
    case 'too_small':
      return outOfSize({ bound: issue.minimum, origin: issue.origin, atLeast: true })
    case 'too_big':
      return outOfSize({ bound: issue.maximum, origin: issue.origin, atLeast: false })
    case 'invalid_value':
      return {
        zh: `须为下列之一：${issue.values.map(String).join('、')}。`,
        en: `It must be one of: ${issue.values.map(String).join(', ')}.`,
      }
    case 'invalid_format':
      return wrongFormat(issue.format)
    case 'invalid_union':
      return {
        zh: `${issue.discriminator ?? ''}不是任何一种可接受的内容；请对照接口文档。`,
        en: 'It is none of the accepted kinds; compare it with the API page.',
      }
    default:
      return { zh: `内容不对（${issue.message}）。`, en: `${capital(issue.message)}.` }
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: '文字',
  number: '数字',
  int: '整数',
  boolean: 'true 或 false',
  array: '数组',
  object: '对象',
  record: '对象',
}

function wrongType(expected: string, message: string): Sentence {
  if (message.endsWith('received undefined'))
    return { zh: '缺少此项；请填写。', en: 'It is missing; fill it in.' }
  return {
    zh: `类型不对，须为${typeNames[expected] ?? expected}。`,
    en: `It is of the wrong type and must be: ${expected}.`,
  }
}

interface Bound {
  readonly bound: number | bigint
  readonly origin: string
  readonly atLeast: boolean
}

function outOfSize({ bound, origin, atLeast }: Bound): Sentence {
  const measure = sizeNames[origin] ?? { zh: '须{side} {bound}', en: 'It must be {side} {bound}' }
  const side = atLeast ? { zh: '不小于', en: 'at least' } : { zh: '不大于', en: 'at most' }
  const fill = (text: string, word: string) =>
    text.replace('{side}', word).replace('{bound}', String(bound))
  return { zh: `${fill(measure.zh, side.zh)}。`, en: `${fill(measure.en, side.en)}.` }
}

const sizeNames: Readonly<Record<string, Sentence>> = {
  string: { zh: '字数须{side} {bound}', en: 'It must have {side} {bound} characters' },
  array: { zh: '项数须{side} {bound}', en: 'It must have {side} {bound} items' },
}

function wrongFormat(format: string): Sentence {
  if (format === 'uuid')
    return {
      zh: '须为本系统的编号（UUID）；请原样复制编号。',
      en: 'It must be an id of this ledger (a UUID); copy it as it was given.',
    }
  return {
    zh: '格式不对；请对照接口文档中的写法。',
    en: 'It is written in another form than the API page shows.',
  }
}

function capital(sentence: string): string {
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1)
}

/** The messages of the ledger's own values, in Chinese. */
const tellings: Readonly<Record<string, string>> = {
  'a date is written YYYY-MM-DD': '日期须写成 YYYY-MM-DD。',
  'no such date in the calendar': '日历上没有这一天；请核对该月天数。',
  'a month is written YYYY-MM, 01 to 12': '月份须写成 YYYY-MM，月为 01 至 12。',
  'an instant is written YYYY-MM-DDThh:mm:ss.sssZ': '时刻须用 UTC 写成 YYYY-MM-DDThh:mm:ss.sssZ。',
  'a division code has 12 digits': '区划代码须为 12 位数字，下级不足处补零。',
  'an identity number has 17 digits and a check character': '身份号码须为 17 位数字加 1 位校验码。',
  'the birth date inside does not exist': '身份号码中的出生日期不存在；请逐位核对。',
  'the check character is wrong': '身份号码的校验码不对；请逐位核对。',
  'lower-case letters, digits and hyphens': '须为小写字母、数字和连字符。',
}
