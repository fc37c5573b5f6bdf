import type { ErrorCode } from '../domain/error-codes.js'
import { DomainError, type ErrorFacts } from '../domain/errors.js'
import { fen, formatYuan } from '../domain/values/money.js'
import { chineseFact } from './fact-words.js'
import type { FieldFault } from './field-faults.js'
import { accessProblems } from './problems/access.js'
import { applicationProblems } from './problems/application.js'
import { borderProblems } from './problems/border.js'
import { caseProblems } from './problems/cases.js'
import { importProblems } from './problems/imports.js'
import { impossibleFactProblems } from './problems/impossible-facts.js'
import { logProblems } from './problems/log.js'
import { paymentProblems } from './problems/payments.js'
import { personProblems } from './problems/people.js'
import { policyProblems } from './problems/policy.js'
import type { ProblemKind } from './problems/problem-kind.js'
import { recoveryProblems } from './problems/recoveries.js'
import { registerProblems } from './problems/registers.js'
import { valueProblems } from './problems/values.js'

/** How every reason is told over HTTP. A reason without a row does not compile. */
export const problemKinds: Readonly<Record<ErrorCode, ProblemKind>> = {
  ...valueProblems,
  ...policyProblems,
  ...personProblems,
  ...caseProblems,
  ...impossibleFactProblems,
  ...paymentProblems,
  ...recoveryProblems,
  ...registerProblems,
  ...logProblems,
  ...applicationProblems,
  ...accessProblems,
  ...borderProblems,
  ...importProblems,
} satisfies Record<ErrorCode, ProblemKind>

/** The media type of every refusal (RFC 9457). */
export const problemMediaType = 'application/problem+json; charset=utf-8'

/** The body of a refusal: `title` and `detail` in Chinese, and the same in English. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly titleEn: string
  readonly detailEn: string
  readonly code: ErrorCode
  readonly instance: string
  readonly facts?: ErrorFacts
  readonly errors?: readonly FieldFault[]
}

/** A refusal that names each fault. */
export class Faulty extends DomainError {
  readonly faults: readonly FieldFault[]

  constructor(code: ErrorCode, facts: ErrorFacts, faults: readonly FieldFault[]) {
    super(code, facts)
    this.faults = faults
  }
}

/** A request whose fields are wrong: all of them at once. */
export class InvalidRequest extends Faulty {
  constructor(faults: readonly FieldFault[]) {
    super('request-invalid', { count: faults.length }, faults)
    this.name = 'InvalidRequest'
  }
}

/** A reason in one Chinese and one English sentence, its facts put in; money in yuan. */
export function sentencesOf(error: DomainError): { readonly zh: string; readonly en: string } {
  const kind = problemKinds[error.code]
  return {
    zh: withFacts(kind.sentenceZh, error.facts, chineseFact),
    en: withFacts(kind.sentenceEn, error.facts, (_, fact) => fact),
  }
}

/** The body that answers a refused request. A failure of the service itself tells no facts. */
export function problemOf(error: DomainError, requestId: string): Problem {
  const kind = problemKinds[error.code]
  const isFailure = kind.status === 500
  const sentences = sentencesOf(isFailure ? new DomainError('internal-error') : error)
  return {
    type: `/problems/${error.code}`,
    title: kind.titleZh,
    status: kind.status,
    detail: sentences.zh,
    titleEn: kind.titleEn,
    detailEn: sentences.en,
    code: error.code,
    instance: `urn:request:${requestId}`,
    ...(isFailure ? {} : { facts: error.facts }),
    ...(error instanceof Faulty ? { errors: error.faults } : {}),
  }
}

function withFacts(
  sentence: string,
  facts: ErrorFacts,
  said: (name: string, fact: string) => string,
): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const fact = facts[name]
    if (fact === undefined) return '—'
    if (name.endsWith('Fen') && typeof fact === 'number') return formatYuan(fen(fact))
    return typeof fact === 'object' ? fact.join(', ') : said(name, String(fact))
  })
}
