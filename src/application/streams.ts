import type { StreamKind } from '../domain/events.js'
import { ancestorAt, type DivisionCode } from '../domain/values/division.js'
import type {
  CaseId,
  DivisionId,
  ImportId,
  PersonId,
  ProgrammeCode,
  RunId,
} from '../domain/values/identifiers.js'
import type { KeyedHash } from '../domain/values/sealed.js'

/** A stream by its name, and what it may hold. */
export interface Stream<Kind extends StreamKind> {
  readonly kind: Kind
  readonly name: string
}

export const ledgerStream: Stream<'ledger'> = { kind: 'ledger', name: 'ledger' }

/** One person a number. */
export function identityStream(hash: KeyedHash): Stream<'identity'> {
  return named('identity', hash)
}

export function personStream(id: PersonId): Stream<'person'> {
  return named('person', id)
}

export function caseStream(id: CaseId): Stream<'case'> {
  return named('case', id)
}

export function programmeStream(code: ProgrammeCode): Stream<'programme'> {
  return named('programme', code)
}

export function standardStream(of: {
  readonly programme: ProgrammeCode
  readonly division: DivisionCode
}): Stream<'standard'> {
  return named('standard', `${of.programme}-${of.division}`)
}

export function divisionStream(id: DivisionId): Stream<'division'> {
  return named('division', id)
}

/** One for a whole province: decisions that overlap in place or time must see each other. */
export function priceLinkStream(division: DivisionCode): Stream<'priceLink'> {
  return named('priceLink', ancestorAt(division, 'province'))
}

/** One for the name of a decision about whole rolls, on its way through two hands. */
export function bulkDecisionStream(hash: KeyedHash): Stream<'bulkDecision'> {
  return named('bulkDecision', hash)
}

export function payerStream(county: DivisionCode): Stream<'payer'> {
  return named('payer', county)
}

export function paymentRunStream(id: RunId): Stream<'paymentRun'> {
  return named('paymentRun', id)
}

export function paymentRunLinesStream(of: {
  readonly runId: RunId
  readonly chunk: number
}): Stream<'paymentRunLines'> {
  return named('paymentRunLines', `${of.runId}-${of.chunk}`)
}

export function paymentRunAnswersStream(of: {
  readonly runId: RunId
  readonly file: number
  readonly chunk: number
}): Stream<'paymentRunAnswers'> {
  return named('paymentRunAnswers', `${of.runId}-${of.file}-${of.chunk}`)
}

/** What was overpaid to one case, and how it comes back. */
export function recoveryStream(caseId: CaseId): Stream<'recovery'> {
  return named('recovery', caseId)
}

export function importStream(id: ImportId): Stream<'import'> {
  return named('import', id)
}

export function deathListStream(listHash: string): Stream<'deathList'> {
  return named('deathList', listHash)
}

export function reportedFigureStream(id: string): Stream<'reportedFigure'> {
  return named('reportedFigure', id)
}

function named<Kind extends StreamKind>(kind: Kind, rest: string): Stream<Kind> {
  return { kind, name: `${kind}-${rest}` }
}
