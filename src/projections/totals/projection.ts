import type { PoolClient } from '../../database/copy-rows.js'
import type { Fold, FoldMode, Projection } from '../projection.js'
import type { RecordedEvent } from '../recorded-event.js'
import type { Table } from '../tables.js'
import { addChanges, blockShifts, createTotalChanges } from './changes.js'

const totalCell: Table = {
  name: 'total_cell',
  columns: {
    level: 'integer',
    block: 'bigint',
    topic: 'text',
    programme: 'text',
    division: 'text',
    urban_rural: 'text',
    benefit_class: 'text',
    detail: 'text',
    qualifier: 'text',
    reported: 'boolean',
    month: 'integer',
    month_in: 'integer',
    households: 'bigint',
    persons: 'bigint',
    amount_fen: 'bigint',
  },
  key: [
    'topic',
    'level',
    'block',
    'division',
    'programme',
    'month',
    'urban_rural',
    'benefit_class',
    'detail',
    'qualifier',
    'reported',
    'month_in',
  ],
  blankWhen: 'households = 0 AND persons = 0 AND amount_fen = 0',
}

/** Sums of the rows of cases and payments; stands after both in the list of projections. */
export function totalsProjection(shifts = blockShifts): Projection {
  return {
    name: 'totals',
    version: 2,
    tables: [totalCell],
    definitions: [createTotalChanges],
    open: (mode) => new TotalsFold(mode, addChanges(shifts)),
  }
}

/** Only cases and payments change a total. */
const countedStreams = /^(case|paymentRun|paymentRunLines|paymentRunAnswers)-/

class TotalsFold implements Fold {
  readonly #addChanges: string
  #live: boolean
  /** Ordinals that a rebuild has yet to sum, both inside. */
  #waiting = { from: 0, to: -1 }

  constructor(mode: FoldMode, statement: string) {
    this.#live = mode === 'live'
    this.#addChanges = statement
  }

  async fold(batch: readonly RecordedEvent[], client: PoolClient): Promise<void> {
    const [first, last] = [batch[0]?.ordinal, batch.at(-1)?.ordinal]
    if (first === undefined || last === undefined) return
    if (this.#live) await this.#add(client, batch, [first, last])
    else this.#waiting = { from: Math.min(this.#waiting.from, first), to: last }
  }

  /** Prepared under a name: planning the view of all changes takes longer than reading few. */
  async #add(
    client: PoolClient,
    batch: readonly RecordedEvent[],
    ordinals: readonly [first: number, last: number],
  ): Promise<void> {
    if (!batch.some(({ stream }) => countedStreams.test(stream))) return
    const values = [...ordinals]
    await client.query({ name: 'add-total-changes', text: this.#addChanges, values })
  }

  async finish(client: PoolClient): Promise<void> {
    this.#live = true
    const { from, to } = this.#waiting
    if (from <= to) await client.query(this.#addChanges, [from, to])
  }

  forget(): void {}
}
