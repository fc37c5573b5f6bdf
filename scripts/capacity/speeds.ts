import { z } from 'zod'
import { Results } from '../bench/measurement.js'

const positive = z.number().positive()

/** How fast one machine is at each kind of work, as its benchmark measured. */
export const Speeds = z.strictObject({
  /** Cases in the ledger on which all of it was measured. */
  measuredCases: positive,
  /** One command over HTTP, from the request to the answer, at 16 at once. */
  commandSeconds: positive,
  /** Reading a page of a roll, its names opened, over HTTP. */
  readSeconds: positive,
  /** One line of a month's run, opened and prepared. */
  runLineSeconds: positive,
  /** One case of a mass decision, until every read model has it. */
  massCaseSeconds: positive,
  /** One event of the log folded into every read model by a rebuild. */
  rebuildEventSeconds: positive,
  logBytesPerEvent: positive,
  readModelBytesPerEvent: positive,
})
export type Speeds = z.infer<typeof Speeds>

/**
 * Reads them from the text of a `results.json`. Errors name what the file does not hold, and the
 * command that writes it.
 */
export function speedsFrom(text: string): Speeds {
  const results = Results.parse(JSON.parse(text))
  const found = (id: string) => {
    const one = results.find((result) => result.id === id)
    if (!one) throw new Error(`The results hold no ${id}: run npm run bench with all its parts.`)
    return one
  }
  const countIn = (id: string) => {
    const [count] = found(id).what.match(/\d+/) ?? []
    if (count === undefined) throw new Error(`The results do not say of how many ${id} is.`)
    return Number(count)
  }
  return Speeds.parse({
    measuredCases: countIn('price-subsidy'),
    commandSeconds: 1 / found('http-grants').measured,
    readSeconds: found('read-roll-page-p50').measured / 1000,
    runLineSeconds: found('month-run').measured / countIn('price-subsidy'),
    massCaseSeconds: found('price-subsidy-visible').measured / countIn('price-subsidy-visible'),
    rebuildEventSeconds: found('rebuild').measured / countIn('rebuild'),
    logBytesPerEvent: found('storage-log').measured,
    readModelBytesPerEvent: found('storage-read-models').measured,
  })
}
