import { type Fen, subtractFen, sumFen } from '../values/money.js'
import type { PaymentRunEvent } from './events.js'

type DataOf<Type extends PaymentRunEvent['type']> = Extract<PaymentRunEvent, { type: Type }>['data']

/** One run by its steps; a step that was not taken is null. A rejected run keeps all of them. */
export interface PaymentRun {
  readonly opened: DataOf<'PaymentRunOpened'> | null
  readonly prepared: DataOf<'PaymentRunPrepared'> | null
  readonly submitted: DataOf<'PaymentRunSubmitted'> | null
  readonly approved: DataOf<'PaymentRunApproved'> | null
  readonly rejected: DataOf<'PaymentRunRejected'> | null
  readonly released: DataOf<'PaymentRunReleased'> | null
  readonly answers: readonly DataOf<'BankAnswersRecorded'>[]
  readonly closed: DataOf<'PaymentRunClosed'> | null
}

export const noRun: PaymentRun = {
  opened: null,
  prepared: null,
  submitted: null,
  approved: null,
  rejected: null,
  released: null,
  answers: [],
  closed: null,
}

export function evolvePaymentRun(run: PaymentRun, event: PaymentRunEvent): PaymentRun {
  switch (event.type) {
    case 'PaymentRunOpened':
      return { ...run, opened: event.data }
    case 'PaymentRunPrepared':
      return { ...run, prepared: event.data }
    case 'PaymentRunSubmitted':
      return { ...run, submitted: event.data }
    case 'PaymentRunApproved':
      return { ...run, approved: event.data }
    case 'PaymentRunRejected':
      return { ...run, rejected: event.data }
    case 'PaymentRunReleased':
      return { ...run, released: event.data }
    case 'BankAnswersRecorded':
      return { ...run, answers: [...run.answers, event.data] }
    case 'PaymentRunClosed':
      return { ...run, closed: event.data }
  }
}

/** The number that the next file of bank answers gets, from 1. */
export function nextAnswerFile(run: PaymentRun): number {
  return run.answers.length + 1
}

/** What was sent to the bank and has no answer yet, credited or returned; zero when all has. */
export function unansweredFen(run: PaymentRun): Fen {
  if (!run.released) return sumFen([])
  const answered = run.answers.flatMap((file) => [file.creditedFen, file.returnedFen])
  return subtractFen(run.released.totalFen, sumFen(answered))
}
