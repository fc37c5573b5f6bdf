import { readdir, readFile } from 'node:fs/promises'
import t from 'tap'
import { z } from 'zod'
import { fieldFaults } from '../../src/api/field-faults.js'
import { problemKinds, problemOf, sentencesOf } from '../../src/api/problem.js'
import { problemReference } from '../../src/api/problem-pages.js'
import { errorCodes } from '../../src/domain/error-codes.js'
import { DomainError } from '../../src/domain/errors.js'
import { Month, PlainDate } from '../../src/domain/values/calendar.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import { IdentityNumber } from '../../src/domain/values/identity-number.js'
import { AmountFen } from '../../src/domain/values/money.js'

t.test('docs/problems.md says what the table says', async (t) => {
  const written = await readFile(new URL('../../docs/problems.md', import.meta.url), 'utf8')
  t.ok(written === problemReference(), 'run `npm run openapi`, which writes docs/problems.md')
})

t.test('each reason says in both languages what is wrong, and what to do', async (t) => {
  t.equal(new Set(errorCodes).size, errorCodes.length, 'no code twice')
  for (const code of errorCodes) {
    const { status, titleZh, sentenceZh, sentenceEn } = problemKinds[code]
    t.ok(status >= 400 && status <= 599, code)
    t.match(titleZh, /[\u4e00-\u9fff]/, code)
    t.match(sentenceZh, /[；须请].*。$/s, `${code} says what to do`)
    t.match(sentenceEn, /[A-Za-z{"].*\.$/s, code)
  }
})

t.test('what stands in braces is a fact that somebody gives', async (t) => {
  const files = await sources(new URL('../../src/', import.meta.url))
  for (const code of errorCodes) {
    const throwing = files.filter((text) => text.includes(`'${code}'`)).join('\n')
    const kind = problemKinds[code]
    for (const name of placeholders(kind.sentenceZh + kind.sentenceEn))
      t.ok(new RegExp(`\\b${name}\\b`).test(throwing), `${code}: {${name}}`)
  }
})

function placeholders(sentence: string): readonly string[] {
  return [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
}

/** The texts of the source, without the tables of problems themselves. */
async function sources(folder: URL): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true })
  const code = names.filter(
    (name) => name.endsWith('.ts') && !/api.problems|error-codes/.test(name),
  )
  return Promise.all(code.map((name) => readFile(new URL(name, folder), 'utf8')))
}

t.test('facts go into the sentence; a fact that is not there is a dash', async (t) => {
  const error = new DomainError('role-missing', { needed: ['approver', 'reviewer'] })
  t.match(sentencesOf(error).en, /one of the roles approver, reviewer;/)
  const cap = new DomainError('amount-over-cap', { amountFen: 1_205, capFen: 90_000 })
  t.match(sentencesOf(cap).zh, /12\.05 元超过规则上限 900\.00 元/, 'money is in yuan')
  t.match(sentencesOf(new DomainError('role-missing')).zh, /以下角色之一：—；/)
})

t.test('a failure of the service keeps its code and tells no facts', async (t) => {
  const problem = problemOf(new DomainError('master-key-missing', { path: '/secret' }), 'r')
  t.strictSame(problem, {
    type: '/problems/master-key-missing',
    title: '缺少主密钥',
    status: 500,
    detail: problemKinds['internal-error'].sentenceZh,
    titleEn: 'The master key is missing',
    detailEn: problemKinds['internal-error'].sentenceEn,
    code: 'master-key-missing',
    instance: 'urn:request:r',
  })
})

t.test('every kind of fault has a sentence of its own', async (t) => {
  const Schema = z.strictObject({
    on: PlainDate,
    month: Month,
    division: DivisionCode,
    number: IdentityNumber,
    amountFen: AmountFen,
    kind: z.enum(['cash', 'voucher']),
    id: z.uuid(),
    note: z.string().max(3),
    list: z.array(z.int()).min(1),
    flag: z.boolean(),
    either: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('a'), value: z.int() }),
      z.strictObject({ type: z.literal('b') }),
    ]),
    loose: z.union([z.strictObject({ a: z.int() }), z.strictObject({ b: z.int(), c: z.int() })]),
    email: z.email(),
  })
  const given = {
    on: '2012-02-30',
    month: '2012-1',
    division: '99',
    number: '11010519491231002Y',
    amountFen: -1,
    kind: 'gold',
    id: '1',
    note: 'four',
    list: [],
    flag: 'yes',
    either: { type: 'c' },
    loose: { a: 'x' },
    email: 'no',
    'od/d': 1,
  }
  const parsed = Schema.safeParse(given)
  const faults = fieldFaults('body', parsed.error?.issues ?? [])
  t.strictSame(Object.fromEntries(faults.map(({ field, detail }) => [field, detail])), {
    'body/on': '日历上没有这一天；请核对该月天数。',
    'body/month': '月份须写成 YYYY-MM，月为 01 至 12。',
    'body/division': '区划代码须为 12 位数字，下级不足处补零。',
    'body/number': '身份号码的校验码不对；请逐位核对。',
    'body/amountFen': '须不小于 0。',
    'body/kind': '须为下列之一：cash、voucher。',
    'body/id': '须为本系统的编号（UUID）；请原样复制编号。',
    'body/note': '字数须不大于 3。',
    'body/list': '项数须不小于 1。',
    'body/flag': '类型不对，须为true 或 false。',
    'body/either/type': 'type不是任何一种可接受的内容；请对照接口文档。',
    'body/loose/a': '类型不对，须为数字。',
    'body/email': '格式不对；请对照接口文档中的写法。',
    'body/od~1d': '没有这个字段；请检查拼写或删去。',
  })
  t.strictSame(
    faults.filter(({ detailEn }) => !/^[A-Z].*\.$/.test(detailEn)),
    [],
  )
})
