import t from 'tap'
import * as households from '../../../src/application/imports/import-households.js'
import type { Append, EventStore } from '../../../src/event-store/event-store.js'
import { createInMemoryEventStore } from '../../../src/event-store/in-memory.js'
import { colleagueOf, importHouseholds } from './by-two.js'
import { bothFiles, caseRows, casesFile, imported, withCell } from './household-files.js'
import { clerk, eventsOf, worldWithPolicy } from './import-world.js'

const { importHouseholds: importAlone } = households

/** A store that breaks down after so many appends, as a killed process leaves it. */
function breakingAfter(store: EventStore, appends: number): EventStore {
  let left = appends
  return {
    limits: store.limits,
    readStream: (...args) => store.readStream(...args),
    readAll: (range) => store.readAll(range),
    subscribe: (...args) => store.subscribe(...args),
    head: () => store.head(),
    ordinalAt: (at) => store.ordinalAt(at),
    close: () => store.close(),
    async append(batch: readonly Append[]) {
      const some = batch.slice(0, left)
      left -= some.length
      const outcomes = await store.append(some)
      if (some.length < batch.length) throw new Error('killed')
      return outcomes
    },
  }
}

t.test('wherever a crash stops it, the same file ends with the same ledger', async (t) => {
  const whole = await eventsOf(await imported())
  const said = (events: typeof whole) =>
    events.map(({ stream, type }) => `${stream} ${type}`).sort()
  for (let appends = 0; appends < 11; appends += 1) {
    const store = createInMemoryEventStore()
    const world = await worldWithPolicy(store)
    const breaking = { ...world, store: breakingAfter(store, appends) }
    await importAlone(world, bothFiles(), { ...colleagueOf(clerk), dryRun: true })
    await t.rejects(importAlone(breaking, bothFiles(), clerk), /killed/)
    const resumed = await importAlone(world, bothFiles(), clerk)
    t.equal(resumed.result, 'completed', `after ${appends} appends`)
    t.same(said(await eventsOf(world)), said(whole), `after ${appends} appends`)
    t.equal((await importHouseholds(world, bothFiles(), clerk)).result, 'unchanged')
  }
})

t.test('a corrected file takes the place of one that a crash left half written', async (t) => {
  const store = createInMemoryEventStore()
  const world = await worldWithPolicy(store)
  const breaking = { ...world, store: breakingAfter(store, 9) }
  await importAlone(world, bothFiles(), { ...colleagueOf(clerk), dryRun: true })
  await t.rejects(importAlone(breaking, bothFiles(), clerk), /killed/)
  const half =
    (await eventsOf(world)).findLast(({ type }) => type === 'ImportStarted')?.stream ?? ''
  t.same(
    (await store.readStream(half)).map(({ type }) => type),
    ['ImportPrepared', 'ImportStarted'],
  )
  const files = { ...bothFiles(), cases: casesFile(withCell(caseRows, 0, 6, '310')) }
  t.equal((await importHouseholds(world, files, clerk)).result, 'completed')
  t.same(
    (await store.readStream(half)).map(({ type }) => type),
    ['ImportPrepared', 'ImportStarted', 'ImportCompleted'],
  )
})

t.test('two imports of one file at once make one ledger', async (t) => {
  const world = await worldWithPolicy()
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => importHouseholds(world, bothFiles(), clerk)),
  )
  t.ok(outcomes.every(({ result }) => result !== 'refused'))
  const types = (await eventsOf(world)).map(({ type }) => type)
  t.equal(types.filter((type) => type === 'CaseOpened').length, 2)
  t.equal(types.filter((type) => type === 'PersonRegistered').length, 4)
  t.equal(types.filter((type) => type === 'ImportCompleted').length, 2, 'policy and this one')
})
