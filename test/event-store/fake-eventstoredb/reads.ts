import shared from '@eventstore/db-client/generated/shared_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import type { ServerWritableStream } from '@grpc/grpc-js'
import { nameOf } from './appends.js'
import type { FailurePlan, PlannedFailure } from './failure-plan.js'
import type { Recorded, RecordedLog } from './recorded-log.js'
import { misaligned, statusOf } from './statuses.js'

type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>

/** Reads of a stream and of `$all`. */
export function handleRead(
  { log, plan }: { readonly log: RecordedLog; readonly plan: FailurePlan },
  call: ReadCall,
): void {
  call.on('error', () => undefined)
  const options = call.request.getOptions() ?? new streams.ReadReq.Options()
  const failure = plan.take(options.hasStream() ? 'read' : 'read-all')
  const status = failure && statusOf(failure)
  if (failure?.kind === 'silent') return
  if (status) {
    call.emit('error', status)
    return
  }
  const handle = () => read(log, { call, options, failure })
  if (failure?.kind === 'slow') setTimeout(handle, failure.milliseconds)
  else handle()
}

interface Reading {
  readonly call: ReadCall
  readonly options: streams.ReadReq.Options
  readonly failure: PlannedFailure | undefined
}

function read(log: RecordedLog, { call, options, failure }: Reading): void {
  const count = Number(options.getCount())
  const isBackwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS
  const of = options.getStream()
  let events: readonly Recorded[] | undefined
  if (of) {
    const stream = log.stream(nameOf(of.getStreamIdentifier()))
    if (!stream) {
      const notFound = new streams.ReadResp.StreamNotFound()
      call.write(
        new streams.ReadResp().setStreamNotFound(
          notFound.setStreamIdentifier(of.getStreamIdentifier()),
        ),
      )
      call.end()
      return
    }
    const revision = of.hasRevision() ? Number(of.getRevision()) : 0
    events = isBackwards
      ? [...stream].reverse()
      : stream.filter((event) => event.revision >= revision)
  } else events = isBackwards ? [...log.all].reverse() : allFrom(log, options)
  if (!events) {
    call.emit('error', misaligned())
    return
  }
  const most = failure?.kind === 'graceful-end' ? (failure.after ?? 0) : count
  for (const [at, event] of events.slice(0, Math.min(most, count)).entries()) {
    if (failure?.kind === 'loses' && at + 1 === failure.nth) continue
    call.write(eventOf(event))
    if (failure?.kind === 'duplicate') call.write(eventOf(event))
  }
  call.end()
}

/** From a position on, that one included; undefined where no event begins there. */
function allFrom(
  log: RecordedLog,
  options: streams.ReadReq.Options,
): readonly Recorded[] | undefined {
  const position = options.getAll()?.getPosition()
  if (!position) {
    log.readsFromStart += 1
    return log.all
  }
  const commit = BigInt(position.getCommitPosition())
  const last = log.all.at(-1)
  // Beyond the end is an empty read without an error.
  if (!last || commit > last.position) return []
  const at = firstFrom(log, commit)
  return log.all[at]?.position === commit ? log.all.slice(at) : undefined
}

/** The index of the first event at or behind a position. */
function firstFrom(log: RecordedLog, position: bigint): number {
  let below = 0
  let above = log.all.length
  while (below < above) {
    const middle = (below + above) >>> 1
    if ((log.all[middle]?.position ?? 0n) < position) below = middle + 1
    else above = middle
  }
  return below
}

function eventOf(event: Recorded): streams.ReadResp {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
  recorded.setId(new shared.UUID().setString(event.id))
  recorded.setStreamIdentifier(
    new shared.StreamIdentifier().setStreamName(Buffer.from(event.stream)),
  )
  recorded.setStreamRevision(String(event.revision))
  recorded.setCommitPosition(String(event.position))
  recorded.setPreparePosition(String(event.position))
  recorded.setData(event.data)
  recorded.setCustomMetadata(event.metadata)
  const facts = recorded.getMetadataMap()
  facts.set('type', event.type)
  facts.set('content-type', event.contentType)
  // In .NET's ticks of 100 nanoseconds, here since 1970, as the client takes them.
  facts.set('created', String(BigInt(event.createdMilliseconds) * 10_000n))
  const read = new streams.ReadResp.ReadEvent().setEvent(recorded)
  return new streams.ReadResp().setEvent(read.setCommitPosition(String(event.position)))
}
