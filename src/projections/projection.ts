import type { PoolClient } from '../database/copy-rows.js'
import type { RecordedEvent } from './recorded-event.js'
import type { Table } from './tables.js'

/**
 * A read model: its tables and the fold that fills them. A change of either is a new `version`, and
 * the tables are built anew beside the old ones.
 */
export interface Projection {
  readonly name: string
  readonly version: number
  readonly tables: readonly Table[]
  /** DDL beside the tables: views. */
  readonly definitions?: readonly string[]
  readonly open: (mode: FoldMode) => Fold
}

/** `live` writes all at every batch; `rebuild` may keep things in memory until `finish`. */
export type FoldMode = 'live' | 'rebuild'

/** One run of a projection over the log; what it remembers between batches is its own. */
export interface Fold {
  /**
   * Takes a batch in log order and writes what changed, in the transaction of `client`. Statements
   * name tables without a schema.
   */
  fold(batch: readonly RecordedEvent[], client: PoolClient): Promise<void>
  /** Writes what a rebuild kept in memory; from here on the fold is a live one. */
  finish(client: PoolClient): Promise<void>
  /** Forgets what it remembers: the transaction was rolled back, or another owner wrote. */
  forget(): void
}
