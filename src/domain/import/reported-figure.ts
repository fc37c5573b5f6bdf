import { dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import { saysTheSame } from '../structural-equality.js'
import { type Fen, sumFen } from '../values/money.js'
import type { ReportedFigureCommand } from './commands.js'
import type { ReportedFigureEvent } from './events.js'

export type ReportedFigure = ReportedFigureEvent['data']

/** A printed figure as known last; another reading of it supersedes and the first stays known. */
export const reportedFigureDecider: Decider<
  ReportedFigure | null,
  ReportedFigureCommand,
  ReportedFigureEvent
> = {
  initial: null,
  evolve: (_, event) => event.data,
  decide: (command, state) => {
    const data = dataOf(command)
    const { figureId, standing, reason, amountFen, count, unit } = data
    if (saysTheSame(state, data)) return []
    if (standing !== 'reported' && reason === null) {
      throw new DomainError('reported-figure-needs-reason', { figureId, standing })
    }
    if (amountFen === null && count === null) {
      throw new DomainError('reported-figure-without-value', { figureId, field: 'amountFen' })
    }
    if (count !== null && unit === null) {
      throw new DomainError('reported-figure-without-value', { figureId, field: 'unit' })
    }

    return [{ type: 'ReportedFigureRecorded', data }]
  },
}

export interface ReportedSum extends Pick<ReportedFigure, 'unit' | 'standing' | 'count'> {
  readonly amountFen: Fen | null
}

/**
 * Figures of one unit and one standing added up; null for none. Anything else is refused: 人 and
 * 人次 do not add, nor does a sound figure and a flagged one, nor money and a figure without any.
 * Errors: 'units-do-not-add'.
 */
export function addReported(figures: readonly ReportedFigure[]): ReportedSum | null {
  const [first, ...others] = figures
  if (!first) return null
  const other = others.find((figure) => !saysTheSame(addends(first), addends(figure)))
  if (other) {
    throw new DomainError('units-do-not-add', {
      figures: [first.figureId, other.figureId],
      units: [first.unit ?? '', other.unit ?? ''],
      standings: [first.standing, other.standing],
    })
  }
  const amounts = figures.flatMap(({ amountFen }) => (amountFen === null ? [] : [amountFen]))
  const counts = figures.flatMap(({ count }) => (count === null ? [] : [count]))
  return {
    unit: first.unit,
    standing: first.standing,
    amountFen: first.amountFen === null ? null : sumFen(amounts),
    count: first.count === null ? null : counts.reduce((sum, count) => sum + count, 0),
  }
}

/** What must be alike before figures are added. */
function addends(figure: ReportedFigure): Readonly<Record<string, string | boolean | null>> {
  const { unit, standing, amountFen, count } = figure
  return { unit, standing, hasAmount: amountFen !== null, hasCount: count !== null }
}
