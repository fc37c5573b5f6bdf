import { checkCharacterOf } from '../../src/domain/values/identity-number.js'
import { county, type HttpLedger, numberIn, type Result, textIn } from '../support/http-ledger.js'

/** The work of an office of civil affairs, done through HTTP as its people do it. */

export const street = '990301001000'
export const frontStreet = '990301001001'
export const backStreet = '990301001002'
export const paper = {
  number: '丙民发〔2012〕9号',
  issuer: '示例丙区民政局',
  provenance: 'invented',
}

let people = 0

/** An identity number of the unassigned region 99, each one new for under 1000 people a day. */
export function newIdentityNumber(bornOn: string): string {
  people += 1
  const digits = `990301${bornOn.replaceAll('-', '')}${String(people % 1000).padStart(3, '0')}`
  return digits + checkCharacterOf(digits)
}

export interface Registration {
  readonly name: string
  readonly bornOn: string
  readonly identityNumber?: string | null
}

export async function register(ledger: HttpLedger, { name, bornOn, ...given }: Registration) {
  const { identityNumber = newIdentityNumber(bornOn) } = given
  const personId = textIn(
    await ledger.done('clerk', 'POST /v1/persons', {
      name,
      identityNumber,
      bornOn,
      sex: 'female',
      address: '示例丙区某路1号',
      phone: null,
    }),
    'personId',
  )
  return { personId, bornOn, name, identityNumber }
}

export type Registered = Awaited<ReturnType<typeof register>>

export async function setAccount(ledger: HttpLedger, person: Registered, account = '622200001234') {
  const body = { from: '2011-01-01', bank: '示例银行', account, holder: person.name }
  await changePayee(ledger, { personId: person.personId, what: 'accounts', body })
}

/** The clerk proposes where a person's money goes, and the reviewer confirms it. */
export async function changePayee(
  ledger: HttpLedger,
  change: { readonly personId: string; readonly what: 'accounts' | 'payee'; readonly body: object },
) {
  const path = `POST /v1/persons/${change.personId}`
  const { proposal } = await ledger.done('clerk', `${path}/${change.what}`, change.body)
  await ledger.done('reviewer', `${path}/payee-changes/confirmation`, { proposal })
}

export interface CaseWish {
  readonly programme?: string
  readonly division?: string
  readonly urbanRural?: string
  readonly benefitClass?: string
  readonly openedOn: string
}

export async function openCase(ledger: HttpLedger, wish: CaseWish): Promise<string> {
  const body = {
    programme: 'urban-dibao',
    division: frontStreet,
    urbanRural: 'urban',
    benefitClass: 'general',
    ...wish,
  }
  return textIn(await ledger.done('clerk', 'POST /v1/cases', body), 'caseId')
}

export interface Joining {
  readonly from: string
  readonly head?: boolean
  readonly covered?: boolean
  readonly classifications?: readonly string[]
}

export function joining(person: Registered, wish: Joining) {
  const { from, head = false, covered = true, classifications = [] } = wish
  return {
    from,
    personId: person.personId,
    relation: head ? '户主' : '家庭成员',
    head,
    circumstances: { assessed: true, covered, classifications, bornOn: person.bornOn },
  }
}

export async function assessIncome(
  ledger: HttpLedger,
  caseId: string,
  income: { readonly from: string; readonly monthlyIncomeFen: number },
): Promise<Result> {
  const body = { ...income, basis: '入户核对' }
  return ledger.done('clerk', `POST /v1/cases/${caseId}/income`, body)
}

const entrySteps = ['survey', 'appraisal', 'town-audit', 'public-notice', 'confirmation']

/** Every step before an entry, on one day; the notice has then to hang for its days. */
export async function recordSteps(
  ledger: HttpLedger,
  caseId: string,
  of: { readonly on: string; readonly steps?: readonly string[] },
): Promise<void> {
  await ledger.reach(of.on)
  for (const step of of.steps ?? entrySteps)
    await ledger.done('reviewer', `POST /v1/cases/${caseId}/steps`, {
      on: of.on,
      step,
      passed: true,
      note: null,
    })
}

export async function approveEntry(
  ledger: HttpLedger,
  caseId: string,
  confirmedOn: string,
): Promise<Result> {
  const body = { confirmedOn, reason: '符合条件' }
  await ledger.reach(confirmedOn)
  return ledger.done('approver', `POST /v1/cases/${caseId}/entry`, body)
}

/** What a person decides after the facts of a case have changed. */
export async function confirmChange(
  ledger: HttpLedger,
  caseId: string,
  change: { readonly from: string; readonly kind: string; readonly note: string },
): Promise<Result> {
  const { from, ...cause } = change
  const body = { from, cause: { ...cause, document: null } }
  return ledger.done('approver', `POST /v1/cases/${caseId}/reassessment`, body)
}

/** What a decision without a new fact rests on. */
export async function reviewCase(ledger: HttpLedger, caseId: string, on: string): Promise<void> {
  const review = { on, level: 'town', kind: 'spot-check', result: 'adjust', note: null }
  await ledger.done('reviewer', `POST /v1/cases/${caseId}/reviews`, review)
}

export interface HouseholdWish extends Partial<CaseWish> {
  readonly name: string
  /** The day of the entry; 2011-12-20 makes January the first month. */
  readonly confirmedOn?: string
  readonly incomeFen?: number
  readonly account?: string | null
}

/** A household of one, on the roll from the month after `confirmedOn`. */
export async function household(ledger: HttpLedger, wish: HouseholdWish) {
  const { name, confirmedOn = '2011-12-20', incomeFen = 0, account = '622200001234' } = wish
  const head = await register(ledger, { name, bornOn: '1960-03-04' })
  if (account !== null) await setAccount(ledger, head, account)
  const { name: _n, confirmedOn: _c, incomeFen: _i, account: _a, ...of } = wish
  const caseId = await openCase(ledger, { openedOn: '2011-12-01', ...of })
  const join = joining(head, { from: '2012-01', head: true })
  await ledger.done('clerk', `POST /v1/cases/${caseId}/members`, join)
  await assessIncome(ledger, caseId, { from: '2012-01', monthlyIncomeFen: incomeFen })
  await recordSteps(ledger, caseId, { on: '2011-12-02' })
  await approveEntry(ledger, caseId, confirmedOn)
  return { caseId, head }
}

export async function allocate(
  ledger: HttpLedger,
  fund: { readonly amountFen: number; readonly programmes?: readonly string[] },
): Promise<void> {
  const { amountFen, programmes = ['urban-dibao'] } = fund
  await ledger.done('payment-officer', 'POST /v1/funds', {
    county,
    allocatedOn: '2012-01-01',
    fundId: `fund-${programmes.join('-')}-${amountFen}`,
    programmes,
    amountFen,
    source: '区级财政',
    document: paper,
  })
}

export interface RunWish {
  readonly period: string
  readonly kind?: string
  readonly programmes?: readonly string[]
  readonly division?: string
}

export function runBody({ kind = 'regular', programmes = ['urban-dibao'], ...wish }: RunWish) {
  return { kind, programmes, division: county, ...wish }
}

export async function openRun(ledger: HttpLedger, wish: RunWish): Promise<string> {
  return textIn(await ledger.done('payment-officer', 'POST /v1/runs', runBody(wish)), 'runId')
}

/** Opened, prepared and submitted: what waits for another person. */
export async function submitRun(ledger: HttpLedger, wish: RunWish): Promise<string> {
  const runId = await openRun(ledger, wish)
  await ledger.done('payment-officer', `POST /v1/runs/${runId}/preparation`)
  await ledger.done('payment-officer', `POST /v1/runs/${runId}/submission`)
  return runId
}

/** As far as the bank file: the bank has not answered. */
export async function releaseRun(ledger: HttpLedger, wish: RunWish): Promise<string> {
  const runId = await submitRun(ledger, wish)
  await ledger.done('approver', `POST /v1/runs/${runId}/approval`)
  await ledger.done('approver', `POST /v1/runs/${runId}/release`, { layout: 'delimited-utf8' })
  return runId
}

export async function linesOf(ledger: HttpLedger, runId: string): Promise<readonly Result[]> {
  return ledger.rows('payment-officer', `/v1/runs/${runId}/lines`)
}

export type BankRow = readonly [line: number, outcome: string, yuan: string, reason: string]

export async function answer(
  ledger: HttpLedger,
  runId: string,
  rows: readonly BankRow[],
): Promise<Result> {
  const text = [['行号', '结果', '金额', '原因'], ...rows].map((row) => row.join(',')).join('\n')
  return ledger.done('payment-officer', `POST /v1/runs/${runId}/bank-answers`, {
    layout: 'delimited-utf8',
    contentBase64: Buffer.from(text).toString('base64'),
  })
}

/** The bank pays every line that was sent to it. */
export async function answerAll(ledger: HttpLedger, runId: string): Promise<Result> {
  const sent = (await linesOf(ledger, runId)).filter((line) => line['heldFor'] === null)
  if (sent.length === 0) return {}
  const rows = sent.map((line): BankRow => {
    const yuan = (numberIn(line, 'amountFen') / 100).toFixed(2)
    return [numberIn(line, 'line'), '成功', yuan, '']
  })
  return answer(ledger, runId, rows)
}

/** A whole month; answers the id of its run. */
export async function payMonth(ledger: HttpLedger, wish: RunWish): Promise<string> {
  const runId = await releaseRun(ledger, wish)
  await answerAll(ledger, runId)
  await ledger.done('payment-officer', `POST /v1/runs/${runId}/closing`)
  return runId
}

export async function amountsOf(
  ledger: HttpLedger,
  runId: string,
): Promise<Map<string, unknown[]>> {
  const lines = await linesOf(ledger, runId)
  return new Map(
    lines.map(({ amountFen, caseId, months }) => [String(caseId), [amountFen, months]]),
  )
}

export async function paidFor(
  ledger: HttpLedger,
  programme: string,
  month: string,
): Promise<number> {
  const of = `division=${county}&programme=${programme}&month=${month}&by=month-for`
  const rows = await ledger.rows('auditor', `/v1/totals/paid?${of}`)
  return rows.reduce((sum, row) => sum + numberIn(row, 'amountFen'), 0)
}
