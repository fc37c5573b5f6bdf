import { DomainError } from '../../domain/errors.js'
import { monthOf, type PlainDate, shanghaiDateOf } from '../../domain/values/calendar.js'
import type { PersonId } from '../../domain/values/identifiers.js'
import type { Actor } from '../caller.js'
import { assertAccountFits } from '../payment/bank-record.js'
import { saidBy } from './import-households.js'
import { ImporterScope } from './importer-scope.js'
import { type OpenAccount, People } from './people.js'
import { RowFaults } from './row-faults.js'
import {
  type ImportOutcome,
  type ImportParts,
  type ImportPlan,
  type ImportRequest,
  runImport,
} from './run-import.js'
import { type ImportFile, readTableFile } from './table-file.js'
import { readRows, type TableRow } from './table-rows.js'
import { type AccountRow, accountsTable, personColumnOf } from './tables.js'
import { touchedPlaces } from './touched-places.js'

type AccountRows = readonly TableRow<AccountRow>[]

/**
 * Imports the accounts that persons are paid through; each person must be known, and belong to the
 * actor's places. An account that is the person's latest already changes nothing.
 *
 * @throws DomainError of the file as a whole: see readTableFile and readRows
 */
export async function importAccounts(
  parts: ImportParts,
  file: ImportFile,
  request: ImportRequest,
): Promise<ImportOutcome> {
  const table = await readTableFile(file)
  const cellFaults = new RowFaults()
  const rows = readRows(table, accountsTable, {
    faults: cellFaults,
    today: shanghaiDateOf(parts.clock.now()),
  })
  return runImport(
    parts,
    {
      kind: 'accounts',
      rows: table.rows.length,
      content: saidBy(rows),
      fileDigest: table.digest,
      plan: () => planAccounts(parts, { rows, cellFaults, actor: request.actor }),
    },
    request,
  )
}

interface AccountsFile {
  readonly rows: AccountRows
  readonly cellFaults: RowFaults
  readonly actor: Actor
}

async function planAccounts(
  parts: ImportParts,
  { actor, cellFaults, rows }: AccountsFile,
): Promise<ImportPlan> {
  const { policy } = await parts.policies.latest()
  const people = new People(parts, policy)
  const faults = new RowFaults()
  for (const fault of cellFaults.all) faults.add(fault, fault)
  const referring = rows.filter(({ row }) => row.identity_number ?? row.person_no)
  await people.load(referring.map(({ row }) => row))
  const persons = referring.map(({ row }) => people.idOf(row))
  const known = await people.openAccounts(persons)
  const today = shanghaiDateOf(parts.clock.now())
  const scope = new ImporterScope({ source: parts, policy, actor, month: monthOf(today) })
  await scope.load(persons.map((person) => people.stateOf(person)))
  const seen = new Map<PersonId, number>()
  let changedRows = 0
  for (const each of rows) {
    const person = faults.during(each.place, () => people.idOf(each.row))
    if (person === undefined) continue
    const before = faults.count
    faults.during({ ...each.place, column: personColumnOf(each.row) }, () =>
      scope.assertMayWrite(people.stateOf(person)),
    )
    if (faults.count > before) continue
    const events = faults.during(each.place, () => {
      const otherLine = seen.get(person)
      if (otherLine !== undefined) throw new DomainError('row-twice', { otherLine })
      seen.set(person, each.place.line)
      const of = { person, known: known.get(person), today }
      return setAccount({ ...parts, people }, each.row, of)
    })
    if (events) changedRows += 1
  }
  return {
    faults: faults.all,
    changedRows,
    stages: people.stages(),
    seals: people.seals,
    places: touchedPlaces(persons.flatMap((one) => scope.placesOf(people.stateOf(one)))),
    cases: new Set(),
    openedBy: new Set(),
  }
}

function setAccount(
  { bankLayouts, people }: Pick<ImportParts, 'bankLayouts'> & { readonly people: People },
  row: AccountRow,
  of: {
    readonly person: PersonId
    readonly known: OpenAccount | undefined
    readonly today: PlainDate
  },
): number {
  const { person, known, today } = of
  const state = people.stateOf(person)
  if (!state.registration)
    throw new DomainError('person-of-row-unknown', { column: personColumnOf(row) })
  const same =
    known?.account === row.account &&
    known.holder === row.holder &&
    state.accounts.at(-1)?.bank === row.bank
  if (same) return 0
  assertAccountFits(bankLayouts, row)
  return people.decide(person, {
    type: 'SetPayeeAccount',
    from: row.from ?? today,
    bank: row.bank,
    account: people.seals.stand(person, row.account),
    holder: people.seals.stand(person, row.holder),
  })
}
