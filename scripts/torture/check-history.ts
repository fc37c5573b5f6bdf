import type { Fault, FaultKind, History, ReadEvent, RecordedWrite } from './history.js'

/**
 * Everything in a history that a log must never do; empty when there is nothing. It knows the
 * history alone, and no code of the log.
 */
export function checkHistory(history: History): readonly Fault[] {
  return [
    ...ordinalFaults(history.log),
    ...versionFaults(history.log),
    ...writeFaults(history),
    ...timeFaults(history.writes),
    ...history.subscriptions.flatMap((seen, number) =>
      subscriptionFaults(history.log, seen, number),
    ),
  ]
}

function fault(kind: FaultKind, detail: string): Fault {
  return { kind, detail }
}

/** The log begins at 0 and leaves none out. */
function ordinalFaults(log: readonly ReadEvent[]): readonly Fault[] {
  const at = log.findIndex((event, index) => event.ordinal !== index)
  if (at < 0) return []
  return [fault('ordinals-not-dense', `event ${at} of the log has the ordinal ${log[at]?.ordinal}`)]
}

function versionFaults(log: readonly ReadEvent[]): readonly Fault[] {
  const next = new Map<string, number>()
  const faults: Fault[] = []
  for (const { ordinal, stream, version } of log) {
    const expected = next.get(stream) ?? 0
    if (version !== expected)
      faults.push(
        fault('versions-not-dense', `${stream}: ${version} at ${ordinal}, not ${expected}`),
      )
    next.set(stream, version + 1)
  }
  return faults
}

/** What was acknowledged is there once and where it was said to be; what was refused is not. */
function writeFaults({ log, writes }: History): readonly Fault[] {
  const stored = new Map<string, ReadEvent[]>()
  for (const event of log)
    if (event.write !== null) stored.set(event.write, [...(stored.get(event.write) ?? []), event])
  return writes.flatMap((write) => faultsOfWrite(write, stored.get(write.id) ?? []))
}

function faultsOfWrite(write: RecordedWrite, events: readonly ReadEvent[]): readonly Fault[] {
  const { id, outcome, stream } = write
  const faults: Fault[] = []
  if (events.length > 1) {
    const ordinals = events.map(({ ordinal }) => ordinal).join(', ')
    faults.push(fault('stored-twice', `write ${id} is at ${ordinals}`))
  }
  const [event] = events
  if (outcome.kind === 'refused' && event)
    faults.push(fault('refused-stored', `write ${id}, refused as ${outcome.code}, is stored`))
  if (outcome.kind !== 'acknowledged') return faults
  if (!event) return [...faults, fault('acknowledged-lost', `write ${id} at ${outcome.ordinal}`)]
  const isThere =
    event.stream === stream &&
    event.version === outcome.version &&
    event.ordinal === outcome.ordinal
  if (isThere) return faults
  const said = `${stream} ${outcome.version} at ${outcome.ordinal}`
  const found = `${event.stream} ${event.version} at ${event.ordinal}`
  return [...faults, fault('elsewhere-than-acknowledged', `write ${id}: ${said}, found ${found}`)]
}

/** A write that was acknowledged before another was sent has the smaller ordinal. */
function timeFaults(writes: readonly RecordedWrite[]): readonly Fault[] {
  const placed = writes.flatMap(({ endedAt, id, invokedAt, outcome }) =>
    outcome.kind === 'acknowledged' ? [{ id, invokedAt, endedAt, ordinal: outcome.ordinal }] : [],
  )
  const byEnd = [...placed].sort((left, right) => left.endedAt - right.endedAt)
  const faults: Fault[] = []
  let ended = 0
  let newest = { id: '', ordinal: -1 }
  for (const write of [...placed].sort((left, right) => left.invokedAt - right.invokedAt)) {
    for (let next = byEnd[ended]; next && next.endedAt < write.invokedAt; next = byEnd[ended]) {
      if (next.ordinal > newest.ordinal) newest = next
      ended += 1
    }
    if (write.ordinal < newest.ordinal)
      faults.push(
        fault(
          'order-of-time-broken',
          `write ${write.id} at ${write.ordinal} was sent after ${newest.id} at ${newest.ordinal}`,
        ),
      )
  }
  return faults
}

/** A subscription is the log itself: the same events, each once, in the same order. */
function subscriptionFaults(
  log: readonly ReadEvent[],
  seen: readonly ReadEvent[],
  number: number,
): readonly Fault[] {
  const length = Math.max(log.length, seen.length)
  for (let at = 0; at < length; at += 1) {
    const [left, right] = [log[at], seen[at]]
    if (left && right && left.ordinal === right.ordinal && left.leafHash === right.leafHash)
      continue
    const detail = `subscription ${number}: event ${at} is ${right?.ordinal}, not ${left?.ordinal}`
    return [fault('subscription-differs', detail)]
  }
  return []
}
