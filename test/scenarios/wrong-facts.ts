import { csvFile } from '../application/imports/import-files.js'
import {
  type CallOptions,
  county,
  fileOf,
  type HttpLedger,
  type Problem,
} from '../support/http-ledger.js'
import { frontStreet, joining, newIdentityNumber, paper, type register } from './office.js'

/** One thing that is wrong, and how it has to be told. */
export interface Wrong {
  readonly what: string
  readonly by: Parameters<HttpLedger['refused']>[0]
  readonly request: string
  readonly options?: CallOptions
  readonly told: Partial<Problem> & { readonly code: string; readonly status: number }
  /** What the sentence has to name. */
  readonly names: RegExp
  /** The fault of a field or a line, where there is one. */
  readonly field?: string
}

const nowhere = '990301999000'
const dibao = { programme: 'urban-dibao', urbanRural: 'urban', benefitClass: 'general' }
export const newCase = { ...dibao, division: frontStreet, openedOn: '2012-01-05' }
const details = { name: '某某', bornOn: null, sex: null, address: null, phone: null }
export const caseHeader = ['户编号', '项目', '区划代码', '申请日期', '家庭月收入']
const memberHeader = ['户编号', '身份证号', '姓名', '与户主关系']
export const caseRow = (income: string, division = frontStreet) => [
  ...['A-1', 'urban-dibao', division, '2012-01-05', income],
]

/** What is sent to import a file of cases, and one of members. */
export function households(
  cases: { readonly name: string; readonly bytes: Buffer },
  members?: typeof cases,
) {
  return {
    cases: fileOf(cases),
    ...(members ? { members: fileOf(members) } : {}),
    dryRun: false,
  }
}

export function wrongPeople(): readonly Wrong[] {
  const number = newIdentityNumber('1980-01-01')
  const wrongCheck = number.slice(0, 17) + (number[17] === '1' ? '2' : '1')
  const members = csvFile('人.csv', [memberHeader, ['A-1', wrongCheck, '某某', '户主']])
  return [
    {
      what: 'an identity number with a wrong check character',
      by: 'clerk',
      request: 'POST /v1/persons',
      options: { body: { ...details, identityNumber: wrongCheck } },
      told: { status: 422, code: 'identity-number-wrong' },
      names: /身份号码/,
    },
    {
      what: 'an identity number with a birthday that does not exist',
      by: 'clerk',
      request: 'POST /v1/persons',
      options: { body: { ...details, identityNumber: '990301198002301234' } },
      told: { status: 422, code: 'identity-number-wrong' },
      names: /身份号码/,
    },
    {
      what: 'an identity number in a file',
      by: 'clerk',
      request: 'POST /v1/imports/households',
      options: { body: households(csvFile('户.csv', [caseHeader, caseRow('1')]), members) },
      told: { status: 422, code: 'import-refused', facts: { count: 1 } },
      names: /身份证号/,
      field: '人.csv:2:身份证号',
    },
    {
      what: 'a person without number and without birthday',
      by: 'clerk',
      request: 'POST /v1/persons',
      options: { body: { ...details, identityNumber: null } },
      told: { status: 422, code: 'person-details-incomplete' },
      names: /bornOn|出生日期/,
    },
  ]
}

export function wrongPlaces(cased: string): readonly Wrong[] {
  const unknown = { status: 422, code: 'division-unknown' }
  const move = { from: '2012-03', division: nowhere, urbanRural: 'urban', reason: '搬迁' }
  const run = { kind: 'regular', programmes: ['urban-dibao'], division: nowhere, period: '2012-01' }
  return [
    {
      what: 'a case in a place that is not there',
      by: 'clerk',
      request: 'POST /v1/cases',
      options: { body: { ...newCase, division: nowhere } },
      told: unknown,
      names: /990301999000/,
    },
    {
      what: 'a move to a place that is not there',
      by: 'clerk',
      request: `POST ${cased}/move`,
      options: { body: move },
      told: unknown,
      names: /990301999000/,
    },
    {
      what: 'a run in a place that is not there',
      by: 'payment-officer',
      request: 'POST /v1/runs',
      options: { body: run },
      told: unknown,
      names: /990301999000/,
    },
    {
      what: 'the roll of a place that is not there',
      by: 'clerk',
      request: `GET /v1/rolls?division=${nowhere}&month=2012-01`,
      told: unknown,
      names: /990301999000/,
    },
    {
      what: 'an unknown place in a file',
      by: 'clerk',
      request: 'POST /v1/imports/households',
      options: { body: households(csvFile('户.csv', [caseHeader, caseRow('1', nowhere)])) },
      told: { status: 422, code: 'import-refused' },
      names: /990301999000/,
      field: '户.csv:2:区划',
    },
    {
      what: 'a programme that is not there',
      by: 'clerk',
      request: 'POST /v1/cases',
      options: { body: { ...newCase, programme: 'moon-aid' } },
      told: { status: 422, code: 'programme-unknown' },
      names: /moon-aid/,
    },
  ]
}

export function wrongMonths(cased: string, early: string): readonly Wrong[] {
  const entry = { confirmedOn: '2010-06-20', reason: '符合条件' }
  return [
    {
      what: 'a thirteenth month in an address',
      by: 'clerk',
      request: `GET /v1/rolls?division=${county}&month=2012-13`,
      told: { status: 400, code: 'request-invalid' },
      names: /月/,
      field: 'query/month',
    },
    {
      what: 'a month of nought in a body',
      by: 'clerk',
      request: `POST ${cased}/income`,
      options: { body: { from: '2012-00', monthlyIncomeFen: 1, basis: '核对' } },
      told: { status: 400, code: 'request-invalid' },
      names: /月/,
      field: 'body/from',
    },
    {
      what: 'a 30th of February',
      by: 'clerk',
      request: 'POST /v1/cases',
      options: { body: { ...newCase, openedOn: '2012-02-30' } },
      told: { status: 400, code: 'request-invalid' },
      names: /日历/,
      field: 'body/openedOn',
    },
    {
      what: 'a month for which there was no standard yet',
      by: 'approver',
      request: `POST /v1/cases/${early}/entry`,
      options: { body: entry },
      told: { status: 422, code: 'standard-missing-for-month' },
      names: /2010-07/,
    },
    {
      what: 'a month before there was a rule',
      by: 'auditor',
      request: `GET /v1/rules?programme=urban-dibao&division=${county}&month=2001-01`,
      told: { status: 422, code: 'rule-missing-for-month' },
      names: /2001-01/,
    },
    {
      what: 'a span of months that ends before it begins',
      by: 'auditor',
      request: `GET /v1/movements?division=${county}&from=2012-03&to=2012-01`,
      told: { status: 422, code: 'months-reversed' },
      names: /2012-03.*2012-01/,
    },
    {
      what: 'a roll of a programme that is not there',
      by: 'auditor',
      request: `GET /v1/rolls?division=${county}&month=2012-01&programme=urban-dibao,urban-debao`,
      told: { status: 422, code: 'programme-unknown' },
      names: /urban-debao/,
    },
  ]
}

export function wrongDecisions(
  cased: string,
  { head, other }: { readonly head: Awaited<ReturnType<typeof register>>; readonly other: string },
): readonly Wrong[] {
  const exit = { lastMonth: '2011-06', reason: '收入超标' }
  const entry = { confirmedOn: '2011-12-19', reason: '符合条件' }
  const raised = { from: '2011-01', amountFen: 36_000, per: 'month', benefitClass: 'general' }
  return [
    {
      what: 'an account holder with a separator of the bank file',
      by: 'clerk',
      request: `POST /v1/persons/${head.personId}/accounts`,
      options: {
        body: { from: '2012-01-01', bank: '示例银行', account: '62220001', holder: '郑|在' },
      },
      told: { status: 422, code: 'account-unfit-for-bank-file' },
      names: /holder.*delimited-utf8/,
    },
    {
      what: 'an exit before the entry',
      by: 'approver',
      request: `POST ${cased}/exit`,
      options: { body: exit },
      told: { status: 422, code: 'exit-before-entry' },
      names: /2012-01/,
    },
    {
      what: 'an entry over an entry',
      by: 'approver',
      request: `POST ${cased}/entry`,
      options: { body: entry },
      told: { status: 409, code: 'case-already-on-roll' },
      names: /2012-01/,
    },
    {
      what: 'a person in a second household',
      by: 'clerk',
      request: `POST /v1/cases/${other}/members`,
      options: { body: joining(head, { from: '2012-02', head: true }) },
      told: { status: 409, code: 'enrolment-conflict' },
      names: /urban-dibao/,
    },
    {
      what: 'a standard for a place that is not there',
      by: 'administrator',
      request: 'POST /v1/standards',
      options: {
        body: { ...raised, programme: 'urban-dibao', division: nowhere, document: paper },
      },
      told: { status: 422, code: 'division-unknown' },
      names: /990301999000/,
    },
    {
      what: 'a case that is not there',
      by: 'approver',
      request: 'POST /v1/cases/11111111-1111-4111-8111-111111111111/exit',
      options: { body: exit },
      told: { status: 404, code: 'case-unknown' },
      names: /11111111/,
    },
    {
      what: 'a member that nobody has registered',
      by: 'clerk',
      request: `POST ${cased}/members`,
      options: {
        body: {
          ...joining(head, { from: '2012-02' }),
          personId: '22222222-2222-4222-8222-222222222222',
        },
      },
      told: { status: 404, code: 'person-not-registered' },
      names: /登记/,
    },
  ]
}
