import shared from '@eventstore/db-client/generated/shared_pb.js'
import serverStatus from '@eventstore/db-client/generated/status_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import type {
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  sendUnaryData,
} from '@grpc/grpc-js'
import any from 'google-protobuf/google/protobuf/any_pb.js'
import empty from 'google-protobuf/google/protobuf/empty_pb.js'
import type { FailurePlan, PlannedFailure } from './failure-plan.js'
import type { AppendAnswer, Expectation, Proposed, RecordedLog } from './recorded-log.js'
import { statusOf, tooLarge } from './statuses.js'

export interface AppendHandling {
  readonly log: RecordedLog
  readonly plan: FailurePlan
  /** Cuts every connection of the server. */
  readonly cut: () => void
}

type AppendCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>
type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>

/** One append a call. */
export function handleAppend(
  { log, plan, cut }: AppendHandling,
  call: AppendCall,
  answer: sendUnaryData<streams.AppendResp>,
): void {
  let options: streams.AppendReq.Options | undefined
  const proposed: Proposed[] = []
  call.on('data', (request: streams.AppendReq) => {
    options = request.getOptions() ?? options
    const message = request.getProposedMessage()
    if (message) proposed.push(proposedOf(message))
  })
  call.on('error', () => undefined)
  call.on('end', () => {
    const failure = plan.take('append')
    const handle = () => {
      const stream = nameOf(options?.getStreamIdentifier())
      const expected = options ? expectationOf(options) : 'any'
      if (failure?.kind === 'duplicate') log.append(stream, expected, proposed)
      const outcome = log.append(stream, expected, proposed)
      if (outcome.kind === 'too-large') answer(tooLarge())
      else answer(null, responseOf(outcome, expected))
    }
    fail(failure, {
      handle,
      store: () =>
        log.append(
          nameOf(options?.getStreamIdentifier()),
          options ? expectationOf(options) : 'any',
          proposed,
        ),
      refuse: (status) => answer(status),
      wrong: () => answer(null, responseOf({ kind: 'wrong-version', current: 7 }, 'any')),
      end: () => call.emit('error', { code: 0, details: '' }),
      cut,
    })
  })
}

/** Many appends a call, each answered by its correlation id. */
export function handleBatchAppend({ log, plan, cut }: AppendHandling, call: BatchCall): void {
  const begun = new Map<string, { options: streams.BatchAppendReq.Options; proposed: Proposed[] }>()
  call.on('error', () => undefined)
  call.on('end', () => call.end())
  call.on('data', (request: streams.BatchAppendReq) => {
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
    const expected = batchExpectationOf(one.options)
    const store = () => log.append(stream, expected, one.proposed)
    const failure = plan.take('batch-append')
    const respond = (outcome: AppendAnswer) => {
      const response = batchResponseOf(outcome)
      response.setCorrelationId(request.getCorrelationId())
      response.setStreamIdentifier(one.options.getStreamIdentifier())
      call.write(response)
      if (failure?.kind === 'duplicate') call.write(response)
    }
    fail(failure, {
      handle: () => respond(store()),
      store,
      refuse: (status) => call.emit('error', status),
      wrong: () => respond({ kind: 'wrong-version', current: 7 }),
      end: () => call.end(),
      cut,
    })
  })
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

function proposedOf(
  message: streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage,
): Proposed {
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

function expectationOf(options: streams.AppendReq.Options): Expectation {
  if (options.hasNoStream()) return 'none'
  if (options.hasStreamExists()) return 'exists'
  return options.hasRevision() ? Number(options.getRevision()) : 'any'
}

function batchExpectationOf(options: streams.BatchAppendReq.Options): Expectation {
  if (options.hasNoStream()) return 'none'
  if (options.hasStreamExists()) return 'exists'
  return options.hasStreamPosition() ? Number(options.getStreamPosition()) : 'any'
}

function responseOf(
  outcome: Exclude<AppendAnswer, { kind: 'too-large' }>,
  expected: Expectation,
): streams.AppendResp {
  const response = new streams.AppendResp()
  if (outcome.kind === 'stored') {
    const success = new streams.AppendResp.Success()
    if (outcome.revision < 0) success.setNoStream(new shared.Empty())
    else success.setCurrentRevision(String(outcome.revision))
    const position = new streams.AppendResp.Position()
    position.setCommitPosition(String(outcome.position))
    position.setPreparePosition(String(outcome.position))
    success.setPosition(position)
    return response.setSuccess(success)
  }
  const wrong = new streams.AppendResp.WrongExpectedVersion()
  if (outcome.current < 0) wrong.setCurrentNoStream(new shared.Empty())
  else wrong.setCurrentRevision(String(outcome.current))
  if (typeof expected === 'number') wrong.setExpectedRevision(String(expected))
  else if (expected === 'none') wrong.setExpectedNoStream(new shared.Empty())
  else wrong.setExpectedAny(new shared.Empty())
  return response.setWrongExpectedVersion(wrong)
}

function batchResponseOf(outcome: AppendAnswer): streams.BatchAppendResp {
  const response = new streams.BatchAppendResp()
  if (outcome.kind === 'stored') {
    const success = new streams.BatchAppendResp.Success()
    if (outcome.revision < 0) success.setNoStream(new empty.Empty())
    else success.setCurrentRevision(String(outcome.revision))
    success.setNoPosition(new empty.Empty())
    return response.setSuccess(success)
  }
  const details = new any.Any()
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
