import { createHash } from 'node:crypto'
import { DomainError } from '../../domain/errors.js'
import type { PaymentLine } from '../../domain/payment-run/events.js'
import type { Policy } from '../../domain/policy/policy.js'
import type { Month } from '../../domain/values/calendar.js'
import { type Fen, fen } from '../../domain/values/money.js'
import type { BankLayout } from './bank-layout.js'
import { amountText, bankRecord, controlValues } from './bank-record.js'
import { type MoneyNames, moneyNames } from './money-names.js'
import type { AccountOpener, FileSink, OnProgress, OpenedAccount } from './ports.js'

export interface BankFileParts {
  readonly layout: BankLayout
  readonly period: Month
  /** What goes to the bank, as the stored lines sum up. */
  readonly lineCount: number
  readonly totalFen: Fen
  readonly chunks: AsyncIterable<readonly PaymentLine[]>
  /** As known when the run was frozen: what a programme was called then. */
  readonly policy: Policy
  readonly accounts: AccountOpener
  readonly sink: FileSink
  readonly onProgress?: OnProgress | undefined
}

export interface BankFile {
  /** SHA-256 of the file's bytes, 64 hex digits. */
  readonly digest: string
  readonly lineCount: number
  readonly totalFen: Fen
}

/** Whether a line goes to the bank: not held, and something to pay after what it offsets. */
export function isForBank(line: PaymentLine): line is SentLine {
  const hasAccount = line.payee !== null && line.accountVersion !== null
  return line.heldFor === null && line.amountFen > 0 && hasAccount
}

type SentLine = PaymentLine & {
  readonly payee: NonNullable<PaymentLine['payee']>
  readonly accountVersion: number
}

/**
 * Writes the bank file, a chunk of lines at a time. The same lines and accounts make the same
 * bytes. Errors: those of `bankRecord`, with line and person, and of the opener.
 */
export async function renderBankFile(parts: BankFileParts): Promise<BankFile> {
  const { layout, sink } = parts
  const hash = createHash('sha256')
  const write = async (bytes: Buffer) => {
    hash.update(bytes)
    if (bytes.length > 0) await sink.write(bytes)
  }
  const money = moneyNames(parts.policy, parts.period)
  const control = controlValues(parts, layout.amountUnit)
  let lineCount = 0
  let total = 0

  await write(bankRecord(layout, 'header', control))
  for await (const chunk of parts.chunks) {
    const sent = chunk.filter(isForBank)
    await write(await records({ ...parts, money }, sent))
    lineCount += sent.length
    for (const line of sent) total += line.amountFen
    parts.onProgress?.({ stage: 'bank-file', cases: lineCount, lines: lineCount })
  }
  await write(bankRecord(layout, 'trailer', control))
  return { digest: hash.digest('hex'), lineCount, totalFen: fen(total) }
}

type LineParts = BankFileParts & { readonly money: MoneyNames }

async function records(parts: LineParts, lines: readonly SentLine[]): Promise<Buffer> {
  const opened = await parts.accounts.openAccounts(
    lines.map(({ payee, accountVersion }) => ({ payee, accountVersion })),
  )
  return Buffer.concat(
    lines.map((line, at) => {
      const account = opened[at]
      if (account === undefined) throw new Error('the opener left out an account')
      if (account === null) throw new DomainError('person-erased', { person: line.payee })
      return record(parts, line, account)
    }),
  )
}

function record(
  { layout, money, period }: LineParts,
  line: SentLine,
  account: OpenedAccount,
): Buffer {
  return bankRecord(layout, 'line', {
    period: period.replace('-', ''),
    lineNumber: String(line.line),
    payee: line.payee,
    account: account.account,
    holder: account.holder,
    bank: account.bank,
    amount: amountText(line.amountFen, layout.amountUnit),
    purpose: money.purposeOf(line),
  })
}
