import type { RowFault } from '../application/imports/row-faults.js'
import { DomainError } from '../domain/errors.js'
import type { FieldFault } from './field-faults.js'
import { Faulty, sentencesOf } from './problem.js'

/** Faults that one answer lists; the rest show once these are put right. */
const faultsAtMost = 1000

/** A file with rows that are wrong: nothing was written. `facts.count` counts all of them. */
export class RefusedRows extends Faulty {
  constructor(faults: readonly RowFault[]) {
    const told = faults.slice(0, faultsAtMost).map(toldFault)
    super('import-refused', { count: faults.length }, told)
    this.name = 'RefusedRows'
  }
}

/** What is wrong with a row, where it stands in its file, and what to do. */
export function sentencesOfRow({ code, facts, reason }: RowFault) {
  const { en, zh } = reason ?? sentencesOf(new DomainError(code, facts))
  return { detail: zh, detailEn: en }
}

function toldFault(fault: RowFault): FieldFault {
  const { column, file, line } = fault
  const field = [file, line, ...(column === null ? [] : [column])].join(':')
  return { field, ...sentencesOfRow(fault) }
}
