import { leafHashesAt, type PreparedAppend } from '../prepared-append.js'
import { byteas, integers, jsonbs, texts, timestamps, uuids } from './binary-arrays.js'

/** What `ledger.append` takes for a stream that is not there yet. */
export const noStream = -1
/** For a stream that should exist and does not: it matches no version, so it is a conflict. */
export const missingStream = -2

/** An append and the version that the database is to find its stream at. */
export interface Placed {
  readonly prepared: PreparedAppend
  readonly expected: number
}

/** The arrays of `ledger.append` in its order (migrations/003-append.sql). */
export function appendParameters(placed: readonly Placed[]): readonly Buffer[] {
  const appends = placed.map(({ prepared }) => prepared.append)
  return [
    texts(appends.map(({ stream }) => stream)),
    integers(placed.map(({ expected }) => expected)),
    integers(appends.map(({ events }) => events.length)),
    texts(appends.map(({ key }) => key)),
    byteas(appends.map(({ requestHash }) => requestHash)),
    timestamps(appends.map(({ recorded }) => recorded)),
    texts(appends.map(({ actor }) => actor)),
    texts(appends.map(({ correlation }) => correlation)),
    ...eventParameters(placed),
  ]
}

function eventParameters(placed: readonly Placed[]): readonly Buffer[] {
  const events = placed.flatMap(({ prepared }) => prepared.events)
  const leafHashes = placed.flatMap(({ prepared, expected }) =>
    leafHashesAt(prepared, Math.max(expected, noStream) + 1),
  )
  return [
    integers(placed.flatMap(({ prepared }, at) => prepared.events.map(() => at + 1))),
    uuids(events.map(({ eventId }) => eventId)),
    texts(events.map(({ event }) => event.type)),
    integers(events.map(({ event }) => event.schemaVersion)),
    texts(events.map(({ event }) => event.effective)),
    byteas(leafHashes),
    jsonbs(events.map(({ canonicalData }) => canonicalData)),
  ]
}
