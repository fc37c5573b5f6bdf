import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Instant, shanghaiDateOf } from '../../src/domain/values/calendar.js'
import { writeDocuments } from './documents/write-documents.js'
import { allFigures } from './figures/all-figures.js'
import type { FigureRow } from './figures/comparison.js'
import { figureRows } from './figures/figure.js'
import { HttpAnswers } from './figures/http-answers.js'
import { demonstrationPlan, foundingPolicy } from './generator/demonstration-plan.js'
import { KnownIds } from './living/known-ids.js'
import { actionCount, liveThrough } from './living/live-through.js'
import { carried, type Office } from './living/office.js'
import { Imported } from './living/office-deeds.js'
import type { LedgerClient } from './office/ledger-client.js'
import type { OfficePeople, OfficePerson } from './office/office-people.js'
import { startProgress } from './progress.js'

export interface Demonstration {
  readonly client: LedgerClient
  /** The people of an office, by its name and place. */
  readonly peopleOf: (office: { name: string; division: string }) => Promise<OfficePeople>
  readonly policyFolder: string
  /** Where figures and documents go. */
  readonly outFolder: string
  readonly say: (line: string) => void
}

/** The place above the three districts; nothing in the demonstration is totalled there. */
export const everywhere = '990000000000'

const Ledger = z.looseObject({
  result: z.looseObject({ head: z.int() }),
  asOf: z.looseObject({ instant: Instant.nullable() }),
})

/** Lives through the districts' months, and puts each published figure beside the ledger's own. */
export async function demonstrate(demonstration: Demonstration): Promise<readonly FigureRow[]> {
  const { client, outFolder, policyFolder, say } = demonstration
  const seconds = stopwatch()
  const { administrator } = await demonstration.peopleOf({ name: 'demo', division: everywhere })
  const policyFile = (path: string) => readFile(join(policyFolder, path))
  const offices = await openOffices(demonstration, policyFile)
  const reached = await dayReached(client, administrator)
  if (reached === null) await rm(outFolder, { recursive: true, force: true })
  await mkdir(outFolder, { recursive: true })

  const files = await Promise.all(
    foundingPolicy.map(async (path) => carried(path.replaceAll('/', '-'), await policyFile(path))),
  )
  const policy = { path: '/v1/imports/policy', body: { files }, key: 'demo/policy/founding' }
  await client.write(administrator, policy, Imported)
  const progress = startProgress(actionCount(offices), process.stderr)
  const onDone = ({ actions, day }: { actions: number; day: string }) => progress.add(actions, day)
  await liveThrough({ offices, client, administrator, reached: reached ?? '', onDone })
  progress.stop()
  say(`${seconds()} s: the months are lived through`)

  const rows = await figureRows(allFigures, new HttpAnswers(offices))
  await writeFile(join(outFolder, 'figures.json'), `${JSON.stringify(rows, null, 2)}\n`)
  say(`${seconds()} s: ${rows.length} figures are compared`)
  const written = await writeDocuments(offices, outFolder)
  say(`${seconds()} s: ${written} files are written to ${outFolder}`)
  return rows
}

async function openOffices(
  { client, peopleOf }: Demonstration,
  policyFile: Office['policyFile'],
): Promise<readonly Office[]> {
  return Promise.all(
    demonstrationPlan().map(async (plan) => {
      const people = await peopleOf({ name: plan.key, division: plan.division })
      return { plan, client, people, ids: new KnownIds(plan, { client, people }), policyFile }
    }),
  )
}

/** The day of the newest event; null where there is nothing but the founding. */
async function dayReached(client: LedgerClient, by: OfficePerson): Promise<string | null> {
  const { asOf, result } = await client.whole(by, '/v1/ledger', Ledger)
  if (result.head < 1) return null
  return asOf.instant === null ? '' : shanghaiDateOf(asOf.instant)
}

function stopwatch(): () => string {
  const started = performance.now()
  return () => ((performance.now() - started) / 1000).toFixed(1)
}
