import shared from '@eventstore/db-client/generated/shared_pb.js'
import serverStatus from '@eventstore/db-client/generated/status_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import type { ServerDuplexStream, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js'
import any from 'google-protobuf/google/protobuf/any_pb.js'
import empty from 'google-protobuf/google/protobuf/empty_pb.js'
import type { FailurePlan, PlannedFailure } from './failure-plan.js'
import type { AppendAnswer, Expectation, Proposed, RecordedLog } from './recorded-log.js'
import { statusOf } from './statuses.js'

export interface AppendHandling {
  readonly log: RecordedLog
  readonly plan: FailurePlan
  /** Cuts every connection of the server. */
  readonly cut: () => void
}

type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>

/** Many appends a call, each answered by its correlation id. */
export function handleBatchAppend({ log, plan, cut }: AppendHandling, call: BatchCall): void {
  const begun = new Map<string, { options: streams.BatchAppendReq.Options; proposed: Proposed[] }>()
  // What a call that ended had still brought is not looked at.
  let isOver = false
  call.on('error', () => undefined)
  call.on('end', () => call.end())
  call.on('data', (request: streams.BatchAppendReq) => {
    if (isOver) return
    const correlation =
      request.getCorrelationId()?.getString() ||
      JSON.stringify(request.getCorrelationId()?.toObject())
    const one = begun.get(correlation) ?? {
      options: request.getOptions() ?? new streams.BatchAppendReq.Options(),
      proposed: [],
    }
    begun.set(correlation, one)
    one.proposed.push(...request.getProposedMessagesList().map(proposedOf))
    if (!request.getIsFinal()) return
    begun.delete(correlation)
    const stream = nameOf(one.options.getStreamIdentifier())
    const expected = expectationOf(one.options)
    const store = () => log.append(stream, expected, one.proposed)
    const failure = plan.take('append')
    const respond = (outcome: AppendAnswer | Refusal) => {
      const response = responseOf(outcome)
      response.setCorrelationId(request.getCorrelationId())
      response.setStreamIdentifier(one.options.getStreamIdentifier())
      call.write(response)
      if (failure?.kind === 'duplicate') call.write(response)
    }
    fail(failure, {
      handle: () => respond(store()),
      store,
      refuse(status) {
        // These three are the answer to one append, and the call goes on.
        if (failure?.kind === 'too-large') respond({ kind: 'too-large' })
        else if (failure?.kind === 'busy' || failure?.kind === 'not-ready')
          respond({ kind: 'not-handled', message: status.details })
        else {
          isOver = true
          call.emit('error', status)
        }
      },
      wrong: () => respond({ kind: 'wrong-version', current: 7 }),
      end() {
        isOver = true
        call.end()
      },
      cut() {
        isOver = true
        cut()
      },
    })
  })
}

interface Refusal {
  readonly kind: 'not-handled'
  readonly message: string
}

export function handleDelete(
  log: RecordedLog,
  call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>,
  answer: sendUnaryData<streams.DeleteResp>,
): void {
  log.deleteStream(nameOf(call.request.getOptions()?.getStreamIdentifier()))
  answer(null, new streams.DeleteResp().setNoPosition(new shared.Empty()))
}

interface Ways {
  readonly handle: () => void
  readonly store: () => unknown
  readonly refuse: (status: NonNullable<ReturnType<typeof statusOf>>) => void
  readonly wrong: () => void
  readonly end: () => void
  readonly cut: () => void
}

function fail(failure: PlannedFailure | undefined, ways: Ways): void {
  const status = failure && statusOf(failure)
  switch (failure?.kind) {
    case 'slow':
      setTimeout(ways.handle, failure.milliseconds)
      return
    case 'silent':
      if (failure.stores) ways.store()
      return
    case 'wrong-revision':
      ways.wrong()
      return
    case 'graceful-end':
      ways.end()
      return
    case 'cut-after-accept':
      ways.store()
      ways.cut()
      return
    case 'reset-after-accept':
      ways.store()
  }
  if (status) ways.refuse(status)
  else ways.handle()
}

function proposedOf(message: streams.BatchAppendReq.ProposedMessage): Proposed {
  return {
    id: uuidText(message.getId()),
    type: message.getMetadataMap().get('type') ?? '',
    contentType: message.getMetadataMap().get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  }
}

export function nameOf(identifier: shared.StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8')
}

function uuidText(uuid: shared.UUID | undefined): string {
  const structured = uuid?.getStructured()
  if (!structured) return uuid?.getString() ?? ''
  const half = (bits: string) => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0')
  const hex = half(structured.getMostSignificantBits()) + half(structured.getLeastSignificantBits())
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function expectationOf(options: streams.BatchAppendReq.Options): Expectation {
  if (options.hasNoStream()) return 'none'
  if (options.hasStreamExists()) return 'exists'
  return options.hasStreamPosition() ? Number(options.getStreamPosition()) : 'any'
}

function responseOf(outcome: AppendAnswer | Refusal): streams.BatchAppendResp {
  const response = new streams.BatchAppendResp()
  if (outcome.kind === 'stored') {
    const success = new streams.BatchAppendResp.Success()
    if (outcome.revision < 0) success.setNoStream(new empty.Empty())
    else success.setCurrentRevision(String(outcome.revision))
    success.setNoPosition(new empty.Empty())
    return response.setSuccess(success)
  }
  const details = new any.Any()
  if (outcome.kind === 'not-handled') {
    details.pack(new empty.Empty().serializeBinary(), 'google.protobuf.Empty')
    const status = new serverStatus.Status().setMessage(outcome.message).setDetails(details)
    return response.setError(status)
  }
  if (outcome.kind === 'too-large') {
    const exceeded = new shared.MaximumAppendSizeExceeded().setMaxappendsize(1_048_576)
    details.pack(exceeded.serializeBinary(), 'event_store.client.MaximumAppendSizeExceeded')
  } else {
    const wrong = new shared.WrongExpectedVersion()
    if (outcome.current < 0) wrong.setCurrentNoStream(new empty.Empty())
    else wrong.setCurrentStreamRevision(String(outcome.current))
    wrong.setExpectedAny(new empty.Empty())
    details.pack(wrong.serializeBinary(), 'event_store.client.WrongExpectedVersion')
  }
  return response.setError(new serverStatus.Status().setDetails(details))
}
