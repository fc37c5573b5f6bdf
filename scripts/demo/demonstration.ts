import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Instant, shanghaiDateOf } from '../../src/domain/values/calendar.js'
import { writeDocuments } from './documents/write-documents.js'
import type { FigureRow } from './figures/comparison.js'
import { type Figure, figureRows } from './figures/figure.js'
import { HttpAnswers } from './figures/http-answers.js'
import { foundingPolicy } from './generator/demonstration-plan.js'
import type { DistrictPlan } from './generator/plan.js'
import { KnownIds } from './living/known-ids.js'
import { actionCount, liveThrough } from './living/live-through.js'
import { carried, type Office } from './living/office.js'
import { doneByTwo } from './living/office-deeds.js'
import type { LedgerClient } from './office/ledger-client.js'
import type { OfficePeople, OfficePerson } from './office/office-people.js'
import type { Progress } from './progress.js'

export interface Demonstration {
  readonly plans: readonly DistrictPlan[]
  readonly figures: readonly Figure[]
  readonly client: LedgerClient
  /** The people of an office, by its name and place. */
  readonly peopleOf: (office: OfficeName) => Promise<OfficePeople>
  readonly policyFile: Office['policyFile']
  readonly startProgress: (actions: number) => Progress
}

export interface OfficeName {
  readonly name: string
  readonly division: string
}

/** The place above the three districts; nothing in the demonstration is totalled there. */
export const everywhere: OfficeName = { name: 'demo', division: '990000000000' }

/** Where the files go, and who is told how it goes on. */
export interface Results {
  readonly folder: string
  readonly say: (line: string) => void
}

/**
 * Lives through the districts' months, puts each published figure beside the ledger's own in
 * `figures.json`, and writes what the offices hand on.
 */
export async function demonstrate(
  demonstration: Demonstration,
  { folder, say }: Results,
): Promise<readonly FigureRow[]> {
  const started = performance.now()
  const tell = (what: string) =>
    say(`${((performance.now() - started) / 1000).toFixed(1)} s: ${what}`)
  const { administrator, auditor } = await demonstration.peopleOf(everywhere)
  if ((await dayReached(demonstration.client, administrator)) === null)
    await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })

  const offices = await live(demonstration)
  tell('the months are lived through')
  const rows = await figureRows(demonstration.figures, new HttpAnswers(offices, auditor))
  await writeFile(join(folder, 'figures.json'), `${JSON.stringify(rows, null, 2)}\n`)
  tell(`${rows.length} figures are compared`)
  const written = await writeDocuments(offices, folder)
  tell(`${written} files are written to ${folder}`)
  return rows
}

/** Only the living: imports what is known from the start, then goes on from the day reached. */
export async function live(demonstration: Demonstration): Promise<readonly Office[]> {
  const { client, peopleOf, plans, policyFile, startProgress } = demonstration
  const people = await peopleOf(everywhere)
  const { administrator } = people
  const reached = (await dayReached(client, administrator)) ?? ''
  const offices = await Promise.all(
    plans.map(async (plan): Promise<Office> => {
      const people = await peopleOf({ name: plan.key, division: plan.division })
      return { plan, client, people, ids: new KnownIds(plan, { client, people }), policyFile }
    }),
  )
  const files = await Promise.all(
    foundingPolicy.map(async (path) => carried(path.replaceAll('/', '-'), await policyFile(path))),
  )
  const policy = { path: '/v1/imports/policy', body: { files }, key: 'demo/policy/founding' }
  await doneByTwo({ client, people }, { role: 'administrator', ...policy })

  const progress = startProgress(actionCount(offices))
  const onDone = ({ actions, day }: { actions: number; day: string }) => progress.add(actions, day)
  try {
    await liveThrough({ offices, client, administrator, reached, onDone })
  } finally {
    progress.stop()
  }
  return offices
}

const Ledger = z.looseObject({
  result: z.looseObject({ head: z.int() }),
  asOf: z.looseObject({ instant: Instant.nullable() }),
})

/** The day of the newest event; null where there is nothing but the founding. */
async function dayReached(client: LedgerClient, by: OfficePerson): Promise<string | null> {
  const { asOf, result } = await client.whole(by, '/v1/ledger', Ledger)
  if (result.head < 1) return null
  return asOf.instant === null ? '' : shanghaiDateOf(asOf.instant)
}
