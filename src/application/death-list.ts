import type { Decider } from '../domain/decider.js'
import { DomainError } from '../domain/errors.js'
import type { DeathListEvent } from '../domain/import/events.js'
import { personDecider } from '../domain/person/decide.js'
import { type PlainDate, shanghaiDateOf } from '../domain/values/calendar.js'
import type { CaseId, PersonId } from '../domain/values/identifiers.js'
import { codec } from '../event-store/codec.js'
import { canonicalJson } from '../integrity/canonical-json.js'
import { type KeyedHashes, normalisedName } from '../sealing/keyed-hashes.js'
import { type Caller, outsideScope } from './caller.js'
import { assertDatesInReach } from './dates-in-reach.js'
import type { DeathRow } from './imports/read-deaths.js'
import { type RowFault, RowFaults } from './imports/row-faults.js'
import { deathsTable } from './imports/tables.js'
import { type DeathConsequence, recordDeath } from './processes/deaths.js'
import type { ProcessParts } from './processes/parts.js'
import { placesNowOf, placesOutside } from './processes/person-places.js'
import { deathListStream, identityStream, personStream } from './streams.js'

export interface DeathListRequest {
  readonly source: string
  readonly receivedOn: PlainDate
  readonly rows: readonly DeathRow[]
  readonly fileName: string
  readonly fileDigest: string
  /** The list's own sums and remarks, as printed. */
  readonly remarks: readonly string[]
  readonly caller: Caller
  /** Matches only, and writes nothing. */
  readonly dryRun?: boolean
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

/** A row whose person was found. */
export interface MatchedDeath {
  readonly line: number
  readonly personId: PersonId
  readonly diedOn: PlainDate
}

/** A row whose person is recorded as dead since another day: the list changes nothing of it. */
export interface ConflictingDeath {
  readonly line: number
  readonly listedOn: PlainDate
  readonly recordedOn: PlainDate
}

/** What a matched death did to their cases. */
export interface DeathOutcome extends MatchedDeath {
  readonly consequences: readonly DeathConsequence[]
  /** Why the person's own record did not take it, `death-already-recorded` for another date. */
  readonly refused: DomainError['code'] | null
}

export interface DeathListOutcome {
  readonly matched: readonly MatchedDeath[]
  /** Lines that matched nobody; they make no person. */
  readonly unmatched: readonly number[]
  /** Of them, lines whose number is somebody's of another name: to be looked at. */
  readonly doubtful: readonly number[]
  /** Of the matched: to be looked at, since one of the two dates is wrong. */
  readonly conflicting: readonly ConflictingDeath[]
  /** One for each match; empty in a dry run. */
  readonly deaths: readonly DeathOutcome[]
  /** Cases in which a person has to decide. */
  readonly proposals: readonly CaseId[]
  /** Rows about persons who are not the caller's to write; with any, nothing is recorded. */
  readonly faults: readonly RowFault[]
}

/** Rows of one event: a thousand matches would not fit into the largest one. */
const rowsPerEvent = 400

/**
 * Receives a list of deaths: rows are matched to persons by their number, and by their name where
 * the list has one; what was matched is recorded; then each death takes effect as the rules of the
 * person's programmes say. Sent again after a crash it goes on; a list twice counts once.
 */
export async function receiveDeathList(
  parts: ProcessParts,
  request: DeathListRequest,
): Promise<DeathListOutcome> {
  const { receivedOn, rows } = request
  assertDatesInReach({ receivedOn }, shanghaiDateOf(parts.clock.now()))
  const matches = await matchRows(parts, rows)
  const matched = matches.flatMap(({ match }) => match ?? [])
  const unmatched = matches.filter(({ match }) => !match).map(({ row }) => row.line)
  const doubtful = matches.filter((one) => one.doubtful).map(({ row }) => row.line)
  const conflicting = matches.flatMap((one) => one.conflict ?? [])
  const faults = await faultsOf(parts, request, matched)
  const writes = !request.dryRun && faults.length === 0
  if (writes) await recordList(parts, request, matches)
  const deaths = !writes ? [] : await recordDeaths(parts, request, matched)
  const proposals = deaths.flatMap(({ consequences }) =>
    consequences.filter(({ kind }) => kind !== 'decided').map(({ caseId }) => caseId),
  )
  return { matched, unmatched, doubtful, conflicting, deaths, proposals, faults }
}

async function faultsOf(
  parts: ProcessParts,
  { caller: { actor }, fileName }: DeathListRequest,
  matched: readonly MatchedDeath[],
): Promise<readonly RowFault[]> {
  const faults = new RowFaults()
  const column = deathsTable.names.identity_number[0]
  for (const { line, personId } of matched) {
    const { writing } = await placesNowOf(parts, personId)
    const [division] = placesOutside(actor, writing)
    faults.during({ file: fileName, line, column }, () => {
      if (division !== undefined) throw outsideScope(actor, division)
    })
  }
  return faults.all
}

interface Match {
  readonly row: DeathRow
  readonly match: MatchedDeath | null
  readonly doubtful: boolean
  readonly conflict: ConflictingDeath | null
}

async function matchRows(
  parts: ProcessParts,
  rows: readonly DeathRow[],
): Promise<readonly Match[]> {
  const matches: Match[] = []
  const readAtOnce = 64
  for (let from = 0; from < rows.length; from += readAtOnce) {
    const some = rows.slice(from, from + readAtOnce)
    matches.push(...(await Promise.all(some.map((row) => matchRow(parts, row)))))
  }
  return matches
}

async function matchRow(parts: ProcessParts, row: DeathRow): Promise<Match> {
  const nobody = { row, match: null, doubtful: false, conflict: null }
  if (!row.identityNumber) return nobody
  const stream = identityStream(parts.hashes.identity(row.identityNumber))
  const [reserved] = await parts.store.readStream(stream.name)
  if (!reserved) return nobody
  const { personId } = codec.eventOf('identity', reserved).data
  const { policy } = await parts.policies.latest()
  const { state } = await parts.handler.load(personStream(personId), personDecider(policy))
  if (!state.details) return nobody
  const name = row.name === null ? null : await parts.vault.open(state.details.name)
  const differs = row.name !== null && name !== null && !isSameName(name, row.name)
  if (differs) return { ...nobody, doubtful: true }
  const { diedOn, line } = row
  const isOther = state.diedOn !== null && state.diedOn !== diedOn
  const conflict = isOther ? { line, listedOn: diedOn, recordedOn: state.diedOn } : null
  return { row, match: { line, personId, diedOn }, doubtful: false, conflict }
}

function isSameName(left: string, right: string): boolean {
  return normalisedName(left) === normalisedName(right)
}

type Received = DeathListEvent['data']

/** A list is recorded once, part after part, whatever is matched when it comes again. */
const deathListDecider: Decider<number, { part: number; data: Received }, DeathListEvent> = {
  initial: 0,
  evolve: (parts) => parts + 1,
  decide: ({ data, part }, parts) => (part < parts ? [] : [{ type: 'DeathListReceived', data }]),
}

/** The same for the same rows of a source in any order and any file. */
export function listHash(
  hashes: Pick<KeyedHashes, 'request'>,
  { rows, source }: Pick<DeathListRequest, 'rows' | 'source'>,
): string {
  const texts = rows.map(({ diedOn, identityNumber, name }) =>
    canonicalJson([identityNumber, name === null ? null : normalisedName(name), diedOn]),
  )
  return hashes.request(canonicalJson({ rows: texts.sort(), source }))
}

async function recordList(
  { handler, hashes }: ProcessParts,
  request: DeathListRequest,
  matches: readonly Match[],
): Promise<void> {
  const { caller, fileDigest, receivedOn, remarks, source } = request
  const stream = deathListStream(listHash(hashes, request))
  for (let part = 0; part === 0 || part * rowsPerEvent < matches.length; part += 1) {
    const some = matches.slice(part * rowsPerEvent, (part + 1) * rowsPerEvent)
    const unmatchedRows = some.filter(({ match }) => !match).map(({ row }) => row.line)
    const data = {
      receivedOn,
      source,
      rows: some.length,
      matched: some.flatMap(({ match }) =>
        match ? [{ personId: match.personId, diedOn: match.diedOn }] : [],
      ),
      unmatched: unmatchedRows.length,
      unmatchedRows,
      fileDigest,
      remarks: part === 0 ? [...remarks] : [],
    }
    const step = `part/${part}`
    const command = { part, data }
    await handler.handle({
      stream,
      decider: deathListDecider,
      command,
      caller,
      step,
      request: step,
    })
  }
}

async function recordDeaths(
  parts: ProcessParts,
  { caller, onProgress, source }: DeathListRequest,
  matched: readonly MatchedDeath[],
): Promise<readonly DeathOutcome[]> {
  const outcomes: DeathOutcome[] = []
  for (const match of matched) {
    const { diedOn, personId } = match
    const death = { personId, diedOn, source, caller, step: `death/${personId}` }
    try {
      const { consequences } = await recordDeath(parts, death)
      outcomes.push({ ...match, consequences, refused: null })
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      outcomes.push({ ...match, consequences: [], refused: error.code })
    }
    onProgress?.({ done: outcomes.length, total: matched.length })
  }
  return outcomes
}
