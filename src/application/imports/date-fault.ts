import type { DomainError } from '../../domain/errors.js'
import type { RowFault } from './row-faults.js'

/** A date of a row that is out of reach: what may stand there, and never what does. */
export function dateFault(
  { code, facts }: DomainError,
  column: string,
): Omit<RowFault, 'file' | 'line'> {
  const { earliest, latest, today } = facts
  if (today !== undefined)
    return {
      ...{ column, code, facts: { field: column, today } },
      reason: { zh: `不得晚于今天（${today}）`, en: `a day that is not after today, ${today}` },
    }
  if (latest !== undefined)
    return {
      ...{ column, code, facts: { field: column, latest } },
      reason: {
        zh: `最晚只能是 ${latest}，请核对年份`,
        en: `${latest} at the latest: check the year`,
      },
    }
  return {
    ...{ column, code, facts: { field: column, earliest: earliest ?? '' } },
    reason: {
      zh: `不得早于 ${earliest}，请核对年份`,
      en: `not before ${earliest}: check the year`,
    },
  }
}
