import iconv from 'iconv-lite'
import { csvFile } from '../application/imports/import-files.js'
import { county, fileOf } from '../support/http-ledger.js'
import type { Person } from '../support/issuing.js'
import { paper } from './office.js'

import { caseHeader, caseRow, households, newCase, type Wrong } from './wrong-facts.js'
export function wrongAmounts(cased: string): readonly Wrong[] {
  return [
    {
      what: 'a part of a fen',
      by: 'clerk',
      request: `POST ${cased}/income`,
      options: { body: { from: '2012-02', monthlyIncomeFen: 100.5, basis: '核对' } },
      told: { status: 400, code: 'request-invalid' },
      names: /整数/,
      field: 'body/monthlyIncomeFen',
    },
    {
      what: 'three decimals in a file',
      by: 'clerk',
      request: 'POST /v1/imports/households',
      options: { body: households(csvFile('户.csv', [caseHeader, caseRow('100.005')])) },
      told: { status: 422, code: 'import-refused' },
      names: /最多两位小数/,
      field: '户.csv:2:家庭月收入',
    },
    {
      what: 'a body of ten megabytes',
      by: 'clerk',
      request: `POST ${cased}/income`,
      options: { body: JSON.stringify({ basis: '好'.repeat(3_500_000) }) },
      told: { status: 413, code: 'body-too-large' },
      names: /1048576/,
    },
    {
      what: 'a body that is no JSON',
      by: 'clerk',
      request: `POST ${cased}/income`,
      options: { body: '{"from": ' },
      told: { status: 400, code: 'json-malformed' },
      names: /JSON/,
    },
  ]
}

export function wrongFiles(): readonly Wrong[] {
  const request = 'POST /v1/imports/households'
  const text = `${caseHeader.join(',')}\n${caseRow('1').join(',')}\n`
  const files = [
    [
      'a broken XLSX',
      '户.xlsx',
      Buffer.from('PK\u0003\u0004 no spreadsheet'),
      'spreadsheet-broken',
    ],
    ['an XLSX that is cut off', '户.xlsx', Buffer.from('UEsDBBQ', 'base64'), 'spreadsheet-broken'],
    ['UTF-16', '户.csv', iconv.encode(text, 'utf-16'), 'file-encoding-unknown'],
    [
      'UTF-8 with a byte of something else',
      '户.csv',
      Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xfe])]),
      'file-encoding-unknown',
    ],
    ['an open quote', '户.csv', Buffer.from(`${caseHeader.join(',')}\n"A-1,x`), 'table-broken'],
    ['other columns', '户.csv', Buffer.from('甲,乙\n1,2\n'), 'columns-wrong'],
    ['no rows', '户.csv', Buffer.from(`${caseHeader.join(',')}\n`), 'file-empty'],
    ['another kind of file', '户.pdf', Buffer.from('%PDF-1.4'), 'file-kind-unknown'],
  ] as const
  return files.map(([what, name, bytes, code]) => ({
    what: `a file: ${what}`,
    by: 'clerk',
    request,
    options: { body: households({ name, bytes }) },
    told: { status: code === 'file-kind-unknown' ? 415 : 422, code },
    names: /户\.(csv|xlsx|pdf)/,
  }))
}

export function wrongRights(cased: string, townClerk: Person): readonly Wrong[] {
  const income = { body: { from: '2012-02', monthlyIncomeFen: 1, basis: '核对' } }
  const outside = { status: 403, code: 'division-outside-scope' }
  const raised = { from: '2012-01', amountFen: 1, per: 'month', benefitClass: 'general' }
  const standard = { ...raised, programme: 'urban-dibao', division: county, document: paper }
  const policy = {
    name: 'standards.json',
    bytes: Buffer.from(JSON.stringify({ kind: 'standards', items: [standard] })),
  }
  return [
    {
      what: 'a role without the right',
      by: 'statistician',
      request: `POST ${cased}/income`,
      options: income,
      told: { status: 403, code: 'role-missing' },
      names: /clerk/,
    },
    {
      what: 'a clerk who approves',
      by: 'clerk',
      request: `POST ${cased}/entry`,
      options: { body: { confirmedOn: '2012-02-10', reason: '符合条件' } },
      told: { status: 403, code: 'role-missing' },
      names: /approver/,
    },
    ...[
      ['a case opened elsewhere', 'POST /v1/cases', newCase],
      ['a write to a case elsewhere', `POST ${cased}/income`, income.body],
      ['a standard for the whole county', 'POST /v1/standards', standard],
      ['a reassessment of the whole county', 'POST /v1/reassessments', wholeCounty],
    ].map(([what, request, body]) => ({
      what: `outside one’s own town: ${what}`,
      by: townClerk,
      request: String(request),
      options: { body },
      told: outside,
      names: /990301/,
    })),
    ...['rolls', 'rolls/counts', 'totals/owed'].map((path) => ({
      what: `outside one’s own town: ${path}`,
      by: townClerk,
      request: `GET /v1/${path}?division=${county}&month=2012-01`,
      told: outside,
      names: /990301000000/,
    })),
    {
      what: 'outside one’s own town: one case',
      by: townClerk,
      request: `GET ${cased}`,
      told: outside,
      names: /990301001001/,
    },
    {
      what: 'outside one’s own town: policy in a file',
      by: townClerk,
      request: 'POST /v1/imports/policy',
      options: { body: { files: [fileOf(policy)], dryRun: false } },
      told: { status: 422, code: 'import-refused' },
      names: /990301000000/,
    },
    {
      what: 'outside one’s own town: households in a file',
      by: townClerk,
      request: 'POST /v1/imports/households',
      options: { body: households(csvFile('户.csv', [caseHeader, caseRow('1')])) },
      told: { status: 422, code: 'import-refused' },
      names: /990301001001/,
      field: '户.csv:2:区划',
    },
  ]
}

const wholeCounty = {
  programmes: ['urban-dibao'],
  division: county,
  from: '2012-01',
  cause: { kind: 'standard', note: '提标', document: null },
  mode: 'automatic',
  dryRun: true,
}
