import { Metadata, status } from '@grpc/grpc-js'
import type { PlannedFailure } from './failure-plan.js'

export interface Status {
  readonly code: number
  readonly details: string
  readonly metadata: Metadata
}

/** The status that a planned failure is answered with; undefined where it is none. */
export function statusOf(failure: PlannedFailure): Status | undefined {
  switch (failure.kind) {
    case 'busy':
      return plain(status.UNKNOWN, 'Server Is Busy')
    case 'not-ready':
      return plain(status.UNKNOWN, 'Server Is Not Ready')
    case 'status':
      return plain(failure.code, 'as it was told')
    case 'reset-after-accept':
      return plain(status.INTERNAL, 'Received RST_STREAM with code 2 (Internal server error)')
    case 'too-large':
      return tooLarge()
    case 'not-leader':
      return withFacts(status.NOT_FOUND, 'Leader info available', {
        exception: 'not-leader',
        'leader-endpoint-host': '127.0.0.1',
        'leader-endpoint-port': String(failure.port),
      })
    default:
      return undefined
  }
}

export function tooLarge(): Status {
  return withFacts(status.INVALID_ARGUMENT, 'Maximum Append Size of 1048576 Exceeded.', {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': '1048576',
  })
}

/** A position inside the log where no event begins. */
export function misaligned(): Status {
  return plain(status.UNKNOWN, 'Exception was thrown by handler.')
}

function plain(code: number, details: string): Status {
  return { code, details, metadata: new Metadata() }
}

function withFacts(code: number, details: string, facts: Readonly<Record<string, string>>): Status {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(facts)) metadata.set(name, value)
  return { code, details, metadata }
}
