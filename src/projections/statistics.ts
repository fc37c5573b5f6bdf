import type { PoolClient } from '../database/copy-rows.js'
import type { Projection } from './projection.js'

/** Fewer new events than this change no plan. */
const eventsAtLeast = 4000
/** Tables that grew by a quarter are looked at again. */
const growthAtLeast = 4

/**
 * Tells the planner what a read model has become. The server looks by itself once a minute, but a
 * list of thousands is paid seconds after it came in, and by a plan for empty tables that takes
 * ten times as long.
 */
export class Statistics {
  readonly #tables: readonly string[]
  #analysedThrough: number

  constructor(projections: readonly Projection[], through: number) {
    this.#tables = projections.flatMap(({ tables }) => tables.map(({ name }) => name))
    this.#analysedThrough = through
  }

  /** Called between transactions, with the session at its schema. */
  async keepUp(client: PoolClient, ordinal: number): Promise<void> {
    const events = ordinal - this.#analysedThrough
    if (events < Math.max(eventsAtLeast, ordinal / growthAtLeast)) return
    await client.query(`ANALYZE ${this.#tables.join(', ')}`)
    this.#analysedThrough = ordinal
  }
}
