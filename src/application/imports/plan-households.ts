import { openingOf } from '../../domain/case/case.js'
import type { CaseCommand } from '../../domain/case/commands.js'
import { caseDecider } from '../../domain/case/decide.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import type { CaseId, ImportId } from '../../domain/values/identifiers.js'
import type { Actor } from '../caller.js'
import { caseStream } from '../streams.js'
import { HouseholdPlanner } from './household-planner.js'
import { caseIdOfHousehold } from './import-ids.js'
import { People } from './people.js'
import { PersonDetails } from './person-details.js'
import { RowFaults } from './row-faults.js'
import type { ImportParts, ImportPlan, ImportProgress } from './run-import.js'
import { StreamBook } from './stream-book.js'
import type { TableRow } from './table-rows.js'
import type { CaseRow, HistoryRow, MemberRow } from './tables.js'
import { placesOfCases } from './touched-places.js'
import { unfinishedOf } from './unfinished-imports.js'

/** What the files of one import say about households. */
export interface HouseholdRows {
  readonly cases: readonly TableRow<CaseRow>[]
  readonly members: readonly TableRow<MemberRow>[]
  readonly history: readonly TableRow<HistoryRow>[]
  /** What was wrong with cells already. */
  readonly faults: RowFaults
  /** Households whose own row can't be read: what else is said of them waits for it. */
  readonly unread: ReadonlySet<string>
}

export interface HouseholdsPlanned {
  readonly parts: ImportParts
  readonly actor: Actor
  readonly importId: ImportId
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined
}

/** Decides, in memory, all that the rows ask for; every row that is refused is a fault. */
export async function planHouseholds(
  rows: HouseholdRows,
  { parts, actor, importId, onProgress }: HouseholdsPlanned,
): Promise<ImportPlan> {
  const { policy } = await parts.policies.latest()
  const today = shanghaiDateOf(parts.clock.now())
  const faults = new RowFaults()
  for (const fault of rows.faults.all) faults.add(fault, fault)
  const people = new People(parts, policy)
  const details = new PersonDetails(people, faults, today)
  const cases = new StreamBook('case', parts, caseDecider(policy))
  const ids = [...rows.cases, ...rows.members].map(({ row }) => caseIdOfHousehold(row.household_no))
  await cases.load(ids.map(caseStream))
  await loadPeople(people, details, rows.members)
  const planner = new HouseholdPlanner({
    ...{ actor, cases, details, faults, importId, people, policy, today },
    membersUnread: rows.faults.count > 0,
  })
  const groups = householdsOf(rows, faults)
  const report = reporterOf(groups.length, onProgress)
  let changedRows = 0
  for (const group of groups) {
    changedRows += planner.plan(group)
    report()
  }
  return {
    faults: faults.all,
    changedRows,
    stages: [...people.stages(), cases.planned()],
    seals: people.seals,
    places: placesOfCases(cases, ids),
    cases: new Set(ids),
    openedBy: await unfinishedOf(parts.store, othersOf({ cases, ids, importId })),
  }
}

async function loadPeople(
  people: People,
  details: PersonDetails,
  members: HouseholdRows['members'],
): Promise<void> {
  const named = members
    .map(({ row }) => row)
    .filter((row) => row.identity_number !== undefined || row.person_no !== undefined)
  await people.load(named)
  await details.load(named.map((row) => people.idOf(row)))
}

/** Imports other than this one that opened some of the cases. */
function othersOf(of: {
  readonly cases: StreamBook<'case', Parameters<typeof openingOf>[0], CaseCommand>
  readonly ids: readonly CaseId[]
  readonly importId: ImportId
}): ReadonlySet<ImportId> {
  const others = new Set<ImportId>()
  for (const id of of.ids) {
    const importId = openingOf(of.cases.stateOf(caseStream(id)))?.importId
    if (importId && importId !== of.importId) others.add(importId)
  }
  return others
}

/** The rows about one household; without a row of its own, the case must exist. */
export interface HouseholdGroup {
  readonly householdNumber: string
  readonly own: TableRow<CaseRow> | undefined
  readonly members: readonly TableRow<MemberRow>[]
  readonly history: readonly TableRow<HistoryRow>[]
}

/** Groups rows by household, in an order that doesn't depend on how the files are sorted. */
function householdsOf(rows: HouseholdRows, faults: RowFaults): readonly HouseholdGroup[] {
  const own = new Map<string, TableRow<CaseRow>>()
  for (const each of rows.cases) {
    const first = own.get(each.row.household_no)
    if (!first) own.set(each.row.household_no, each)
    else {
      const facts = { otherLine: first.place.line }
      faults.add(each.place, { column: '户编号', code: 'row-twice', facts, reason: null })
    }
  }
  const members = grouped(rows.members)
  const history = grouped(rows.history)
  for (const [householdNumber, [row]] of history)
    if (row && !own.has(householdNumber) && !rows.unread.has(householdNumber))
      faults.add(row.place, {
        column: '户编号',
        code: 'household-unknown',
        facts: { household: householdNumber },
        reason: null,
      })
  return [...new Set([...own.keys(), ...members.keys()])]
    .filter((householdNumber) => !rows.unread.has(householdNumber))
    .sort()
    .map((householdNumber) => ({
      householdNumber,
      own: own.get(householdNumber),
      members: members.get(householdNumber) ?? [],
      history: history.get(householdNumber) ?? [],
    }))
}

function grouped<Row extends { readonly household_no: string }>(
  rows: readonly TableRow<Row>[],
): ReadonlyMap<string, readonly TableRow<Row>[]> {
  const groups = new Map<string, TableRow<Row>[]>()
  for (const row of rows) {
    const group = groups.get(row.row.household_no)
    if (group) group.push(row)
    else groups.set(row.row.household_no, [row])
  }
  return groups
}

/** Tells of every hundredth household and of the last one. */
function reporterOf(
  total: number,
  onProgress: ((progress: ImportProgress) => void) | undefined,
): () => void {
  let done = 0
  return () => {
    done += 1
    if (done % 100 === 0 || done === total) onProgress?.({ stage: 'checking', done, total })
  }
}
