import type { Table } from '../tables.js'

/** What was decided about a run, each with the ordinal from which it was known. */
export const paymentRun: Table = {
  name: 'payment_run',
  columns: {
    run_id: 'text',
    kind: 'text',
    programmes: 'jsonb',
    division: 'text',
    period: 'integer',
    number: 'integer',
    frozen_ordinal: 'bigint',
    calculation_version: 'integer',
    opened_by: 'text',
    opened_ordinal: 'bigint',
    prepared: 'jsonb null',
    prepared_ordinal: 'bigint null',
    submitted: 'jsonb null',
    submitted_ordinal: 'bigint null',
    approved: 'jsonb null',
    approved_ordinal: 'bigint null',
    rejected: 'jsonb null',
    rejected_ordinal: 'bigint null',
    released: 'jsonb null',
    released_ordinal: 'bigint null',
    closed: 'jsonb null',
    closed_ordinal: 'bigint null',
  },
  key: ['run_id'],
}

/** The lines as frozen: fact, never changed. */
export const paymentLine: Table = {
  name: 'payment_line',
  columns: {
    run_id: 'text',
    line: 'integer',
    case_id: 'text',
    programme: 'text',
    division: 'text',
    urban_rural: 'text',
    payee: 'text null',
    account_version: 'integer null',
    persons: 'integer',
    amount_fen: 'bigint',
    held_for: 'text null',
    ordinal: 'bigint',
  },
  key: ['run_id', 'line'],
  indexes: ['(case_id)'],
}

/** What the lines say month by month and component by component. */
export const paymentItem: Table = {
  name: 'payment_item',
  columns: {
    run_id: 'text',
    line: 'integer',
    item: 'integer',
    case_id: 'text',
    component: 'text',
    month_for: 'integer',
    amount_fen: 'bigint',
    held: 'boolean',
    ordinal: 'bigint',
  },
  key: ['run_id', 'line', 'item'],
  indexes: ['(case_id, ordinal)'],
}

/** Every answer of the bank on a line, in the order it came. */
export const paymentAnswer: Table = {
  name: 'payment_answer',
  columns: {
    run_id: 'text',
    line: 'integer',
    answer_no: 'integer',
    ordinal: 'bigint',
    file: 'integer',
    outcome: 'text',
    credited_fen: 'bigint',
    reason: 'text null',
    answered_on: 'text',
  },
  key: ['run_id', 'line', 'ordinal', 'answer_no'],
}

/** What came back of an item, which is due again; negative when it was credited after all. */
export const paymentReturn: Table = {
  name: 'payment_return',
  columns: {
    run_id: 'text',
    line: 'integer',
    item: 'integer',
    ordinal: 'bigint',
    case_id: 'text',
    component: 'text',
    month_for: 'integer',
    amount_fen: 'bigint',
  },
  key: ['run_id', 'line', 'item', 'ordinal'],
  indexes: ['(case_id, ordinal)'],
}

/**
 * Money that left or came back: releases add, returns take away, each in the month in which it
 * happened. Households and persons are counted with the first item of a line (人次, 户次).
 */
export const paymentPaid: Table = {
  name: 'payment_paid',
  columns: {
    run_id: 'text',
    line: 'integer',
    item: 'integer',
    ordinal: 'bigint',
    case_id: 'text',
    programme: 'text',
    division: 'text',
    urban_rural: 'text',
    component: 'text',
    measure: 'text',
    month_for: 'integer',
    month_in: 'integer',
    households: 'integer',
    persons: 'integer',
    amount_fen: 'bigint',
  },
  key: ['run_id', 'line', 'item', 'ordinal'],
  indexes: ['(ordinal)', '(case_id)'],
}
