import { fold } from '../../domain/decider.js'
import { DomainError } from '../../domain/errors.js'
import type { ImportCommand } from '../../domain/import/commands.js'
import type { ImportEvent } from '../../domain/import/events.js'
import { type Import, importDecider } from '../../domain/import/import.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { CaseId, ImportId } from '../../domain/values/identifiers.js'
import { codec } from '../../event-store/codec.js'
import type { EventStore } from '../../event-store/event-store.js'
import { canonicalJson } from '../../integrity/canonical-json.js'
import type { KeyedHashes } from '../../sealing/keyed-hashes.js'
import type { Vault } from '../../sealing/vault.js'
import type { Actor } from '../caller.js'
import type { Clock } from '../clock.js'
import type { BankLayout } from '../payment/bank-layout.js'
import type { PolicyReader } from '../policy-reader.js'
import { importStream } from '../streams.js'
import { importIdOf } from './import-ids.js'
import type { PendingSeals } from './pending-seals.js'
import { type RowFault, rowsOf } from './row-faults.js'
import type { PlannedStream, StreamSource } from './stream-book.js'
import { completeTakenOver } from './unfinished-imports.js'
import { writePlan } from './write-plan.js'

/** What an import works with; `compose` wires it. */
export interface ImportParts extends StreamSource {
  readonly store: EventStore
  readonly vault: Vault
  readonly hashes: KeyedHashes
  readonly clock: Clock
  readonly policies: Pick<PolicyReader, 'latest'>
  /** An account has to stand in each of them. */
  readonly bankLayouts: ReadonlyMap<string, BankLayout>
}

export interface ImportProgress {
  readonly stage: 'checking' | 'writing'
  readonly done: number
  readonly total: number
}

export interface ImportRequest {
  readonly actor: Actor
  /** Says what would change, and puts on record that the actor prepared it; writes no row. */
  readonly dryRun?: boolean
  readonly onProgress?: (progress: ImportProgress) => void
}

export type ImportKind = Extract<ImportEvent, { type: 'ImportStarted' }>['data']['kind']

/** What a file asks for, found without writing. */
export interface ImportPlan {
  readonly faults: readonly RowFault[]
  readonly changedRows: number
  /** Written one after the other: what a later stage says may rest on an earlier one. */
  readonly stages: readonly (readonly PlannedStream[])[]
  readonly seals: PendingSeals
  /** Where what the rows are about is: told to those who work there. */
  readonly places: DivisionCode[]
  /** Every case that the file names, and other imports that opened some of them. */
  readonly cases: ReadonlySet<CaseId>
  readonly openedBy: ReadonlySet<ImportId>
}

export interface ImportTask {
  readonly kind: ImportKind
  /** All that the files hold, also those that can't be read. */
  readonly rows: number
  /** What the file says, whatever the order of its rows: plain JSON. */
  readonly content: unknown
  /** SHA-256 of the files' bytes, 64 hex digits. */
  readonly fileDigest: string
  /** `actor` stands for what the rows say, within the scope of who asks. */
  readonly plan: (of: { readonly importId: ImportId; readonly actor: Actor }) => Promise<ImportPlan>
}

export interface ImportOutcome {
  readonly importId: ImportId
  readonly kind: ImportKind
  /** `refused`: nothing was written. `would-change`: a dry run. `unchanged`: all was already so. */
  readonly result: 'refused' | 'would-change' | 'unchanged' | 'completed'
  readonly rows: number
  readonly changedRows: number
  readonly unchangedRows: number
  /** With a fault of their own; together with the two before it, all rows. */
  readonly refusedRows: number
  /** Events added, or that would be, by type. */
  readonly events: Readonly<Record<string, number>>
  readonly faults: readonly RowFault[]
}

/** Plans of one import; each after the first means that others wrote to the same streams. */
const plansAtMost = 5

/**
 * Validates a whole file, then writes it: all or nothing as far as rows go. Who has it written is
 * not the only one who prepared it by a dry run, whatever the order of its rows. After a crash the
 * same file goes on where it stopped; its rows add nothing twice.
 *
 * @throws DomainError import-not-prepared, same-person-prepares-and-approves; import-interrupted
 *   when others keep writing to the same streams
 */
export async function runImport(
  parts: ImportParts,
  task: ImportTask,
  request: ImportRequest,
): Promise<ImportOutcome> {
  const { importId, state } = await currentImport(parts, task)
  const actor = standingFor(state, request)
  let started = state.started !== null
  for (let round = 1; round <= plansAtMost; round += 1) {
    const plan = await task.plan({ importId, actor })
    const outcomeAs = (result: ImportOutcome['result']) =>
      outcomeOf(result, { task, importId, plan })
    if (plan.faults.length > 0) return outcomeAs('refused')
    if (plan.changedRows === 0 && !started && plan.openedBy.size === 0)
      return outcomeAs('unchanged')
    if (request.dryRun) {
      if (plan.changedRows === 0) return outcomeAs('unchanged')
      await recordPreparation(parts, { plan, task, importId, request })
      return outcomeAs('would-change')
    }
    if (!started && plan.changedRows > 0) {
      await recordStart(parts, { task, importId, request })
      started = true
    }
    if (!(await writePlan(parts, { plan, importId, request }))) continue

    if (started) await recordEnd(parts, { plan, task, importId, request })
    await completeTakenOver(parts, { plan, request })
    return outcomeAs(started ? 'completed' : 'unchanged')
  }
  throw new DomainError('import-interrupted', { importId })
}

/**
 * The rows are facts of who prepared them: who has them written has seen them as a second person,
 * and may approve what follows from them.
 */
function standingFor(
  { prepared, started }: Import,
  { actor, dryRun }: Pick<ImportRequest, 'actor' | 'dryRun'>,
): Actor {
  const writer = started?.by ?? actor.sub
  const sub = prepared.find(({ by }) => by !== writer)?.by
  return dryRun || sub === undefined ? actor : { ...actor, sub }
}

interface CurrentImport {
  readonly importId: ImportId
  readonly state: Import
}

/** The unfinished import of the same content, or a new one: a finished one is never reopened. */
async function currentImport(
  { store, hashes }: ImportParts,
  { kind, content }: ImportTask,
): Promise<CurrentImport> {
  const keyed = hashes.request(canonicalJson({ kind, content }))
  for (let generation = 1; ; generation += 1) {
    const importId = importIdOf({ kind, content: keyed, generation })
    const { state } = await loadImport(store, importId)
    if (!state.completed) return { importId, state }
  }
}

async function loadImport(store: EventStore, importId: ImportId) {
  const stored = await store.readStream(importStream(importId).name)
  const events = stored.map((event) => codec.eventOf('import', event))
  return { state: fold(importDecider, events), length: stored.length }
}

interface Recording {
  readonly importId: ImportId
  readonly request: ImportRequest
}

type OfTask = Recording & { readonly task: ImportTask }

function recordPreparation(
  parts: ImportParts,
  { plan, ...of }: OfTask & { readonly plan: ImportPlan },
): Promise<void> {
  const preparedOn = shanghaiDateOf(parts.clock.now())
  const { division } = of.request.actor
  return recordImport(parts, of, {
    type: 'PrepareImport',
    preparedOn,
    ...fileOfTask(of),
    division,
    places: plan.places,
  })
}

function recordStart(parts: ImportParts, of: OfTask): Promise<void> {
  const startedOn = shanghaiDateOf(parts.clock.now())
  return recordImport(parts, of, { type: 'StartImport', startedOn, ...fileOfTask(of) })
}

function fileOfTask({ importId, request, task }: OfTask) {
  const { fileDigest, kind, rows } = task
  return { importId, kind, fileDigest, rows, by: request.actor.sub }
}

function recordEnd(
  parts: ImportParts,
  { plan, task, importId, request }: OfTask & { readonly plan: ImportPlan },
): Promise<void> {
  return recordImport(
    parts,
    { importId, request },
    {
      type: 'CompleteImport',
      completedOn: shanghaiDateOf(parts.clock.now()),
      importId,
      written: plan.changedRows,
      unchanged: task.rows - plan.changedRows,
    },
  )
}

/** Attempts to add one event; each after the first means that others wrote to the stream. */
const attemptsAtMost = 20

/**
 * Adds one event to an import's own stream; where another process that imports the same has done
 * so already, all is well.
 */
export async function recordImport(
  parts: ImportParts,
  recording: Recording,
  command: ImportCommand,
): Promise<void> {
  for (let attempt = 1; attempt <= attemptsAtMost; attempt += 1)
    if (await triedToRecord(parts, recording, command)) return
  throw new DomainError('import-interrupted', { importId: recording.importId })
}

/** False where another wrote to the stream meanwhile. */
async function triedToRecord(
  { store, clock, hashes }: ImportParts,
  { importId, request }: Recording,
  command: ImportCommand,
): Promise<boolean> {
  const stream = importStream(importId).name
  const { length, state } = await loadImport(store, importId)
  if (command.type === 'StartImport' ? state.started : state.completed) return true
  const events = importDecider.decide(command, state)
  if (events.length === 0) return true
  const { sub: actor } = request.actor
  // Whoever withdrew what they had prepared may prepare it anew.
  const what =
    command.type === 'PrepareImport'
      ? `${command.type}/${actor}/${state.withdrawals.length}`
      : command.type
  const [outcome] = await store.append([
    {
      stream,
      expected: length === 0 ? 'none' : length - 1,
      events: events.map((event) => codec.encode('import', event)),
      key: `${stream}/${what}`,
      requestHash: hashes.request(canonicalJson({ stream, type: command.type })),
      recorded: clock.now(),
      actor,
      correlation: importId,
    },
  ])
  if (outcome?.kind === 'clock-refused')
    throw new DomainError('recorded-clock-refused', { storeClock: outcome.storeClock })
  return outcome?.kind !== 'conflict'
}

function outcomeOf(
  result: ImportOutcome['result'],
  of: { readonly task: ImportTask; readonly importId: ImportId; readonly plan: ImportPlan },
): ImportOutcome {
  const { task, importId, plan } = of
  const events: Record<string, number> = {}
  if (result !== 'refused')
    for (const { type } of plan.stages.flat().flatMap((stream) => stream.events))
      events[type] = (events[type] ?? 0) + 1
  const changedRows = result === 'refused' ? 0 : plan.changedRows
  const refusedRows = rowsOf(plan.faults)
  return {
    importId,
    kind: task.kind,
    result,
    rows: task.rows,
    changedRows,
    unchangedRows: task.rows - changedRows - refusedRows,
    refusedRows,
    events,
    faults: plan.faults,
  }
}
