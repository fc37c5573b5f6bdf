import shared from '@eventstore/db-client/generated/shared_pb.js'
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import { DomainError } from '../../domain/errors.js'
import { OpenOutcome } from './failures.js'
import { LateAnswer } from './timing.js'

/** Both directions of the server's call for many appends. */
export type AppendDuplex = ReturnType<StreamsClient['batchAppend']>

/** An append as it goes over the wire. */
export interface WireAppend {
  readonly stream: string
  /** The last version that the stream must be at; -1 for none. */
  readonly after: number
  readonly events: readonly WireEvent[]
}

export interface WireEvent {
  readonly id: string
  readonly type: string
  readonly data: Uint8Array
  readonly metadata: Uint8Array
}

/** The version of the last event that was stored, or that the stream was at another. */
export type AppendAnswer = number | 'wrong-version'

export interface AppendCallEvents {
  /** An append was answered. */
  readonly onAnswer: () => void
  /** The call takes no more, and why. */
  readonly onEnd: (error: Error) => void
}

interface Pending {
  readonly resolve: (answer: AppendAnswer) => void
  readonly reject: (error: Error) => void
}

/** gRPC's "permission denied" and "unauthenticated": no other try is answered otherwise. */
const denied = new Set([7, 16])

/**
 * One call on which appends are written one after the other, without waiting for the answers: the
 * server stores them in that order. Once the outcome of one is open the call is given up, so that
 * nothing written after it overtakes it: then all that wait are open.
 */
export class AppendCall {
  readonly #duplex: AppendDuplex
  readonly #events: AppendCallEvents
  readonly #pending = new Map<string, Pending>()
  #isOpen = true

  constructor(duplex: AppendDuplex, events: AppendCallEvents) {
    this.#duplex = duplex
    this.#events = events
    duplex.on('data', (response: streams.BatchAppendResp) => this.#answered(response))
    duplex.on('error', (error) => this.#giveUp(error))
    duplex.on('end', () => this.#giveUp(new OpenOutcome('ended')))
    duplex.on('close', () => this.#giveUp(new OpenOutcome('closed')))
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /**
   * Writes an append at once; its answer comes later.
   *
   * @throws OpenOutcome or LateAnswer when it may have been stored or not
   */
  send(append: WireAppend, milliseconds: number): Promise<AppendAnswer> {
    if (!this.#isOpen) return Promise.reject(new OpenOutcome('given up'))
    const id = crypto.randomUUID()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(new LateAnswer()), milliseconds)
      const settled = <Value>(settle: (value: Value) => void) => {
        return (value: Value) => {
          clearTimeout(timer)
          this.#pending.delete(id)
          settle(value)
        }
      }
      this.#pending.set(id, { resolve: settled(resolve), reject: settled(reject) })
      this.#duplex.write(requestOf(id, append))
    })
  }

  #answered(response: streams.BatchAppendResp): void {
    const pending = this.#pending.get(response.getCorrelationId()?.getString() ?? '')
    // An answer that comes twice says nothing new.
    if (!pending) return
    const answer = answerOf(response)
    if (answer instanceof OpenOutcome) {
      this.#giveUp(answer)
      return
    }
    this.#events.onAnswer()
    if (answer instanceof Error) pending.reject(answer)
    else pending.resolve(answer)
  }

  #giveUp(error: Error & { readonly code?: unknown }): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    const { code } = error
    const isOpen = typeof code === 'number' && !denied.has(code)
    const reason = isOpen ? new OpenOutcome(`code-${code}`) : error
    for (const { reject } of [...this.#pending.values()]) reject(reason)
    this.#duplex.cancel()
    this.#events.onEnd(reason)
  }
}

function requestOf(id: string, { after, events, stream }: WireAppend): streams.BatchAppendReq {
  const name = new shared.StreamIdentifier().setStreamName(Buffer.from(stream))
  const options = new streams.BatchAppendReq.Options().setStreamIdentifier(name)
  if (after < 0) options.setNoStream(new shared.Empty())
  else options.setStreamPosition(String(after))
  return new streams.BatchAppendReq()
    .setCorrelationId(new shared.UUID().setString(id))
    .setOptions(options)
    .setProposedMessagesList(events.map(proposed))
    .setIsFinal(true)
}

function proposed({ data, id, metadata, type }: WireEvent): streams.BatchAppendReq.ProposedMessage {
  const message = new streams.BatchAppendReq.ProposedMessage()
    .setId(new shared.UUID().setString(id))
    .setData(data)
    .setCustomMetadata(metadata)
  message.getMetadataMap().set('type', type).set('content-type', 'application/json')
  return message
}

function answerOf(response: streams.BatchAppendResp): AppendAnswer | Error {
  const success = response.getSuccess()
  if (success) return Number(success.getCurrentRevision())
  const status = response.getError()
  const details = status?.getDetails()
  switch (details?.getTypeName()) {
    case 'event_store.client.WrongExpectedVersion':
      return 'wrong-version'
    case 'event_store.client.MaximumAppendSizeExceeded': {
      const read = shared.MaximumAppendSizeExceeded.deserializeBinary(details.getValue_asU8())
      return new DomainError('append-too-large', { limit: read.getMaxappendsize() })
    }
    case 'event_store.client.StreamDeleted':
      return new DomainError('log-broken', { expected: 'a stream', found: 'a deleted one' })
    case 'event_store.client.AccessDenied':
      return new Error('EventStoreDB denied the append')
    case 'event_store.client.BadRequest':
      return new Error('EventStoreDB called the append a bad request')
    default:
      return new OpenOutcome(status?.getMessage() || 'no outcome')
  }
}
