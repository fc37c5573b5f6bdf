/** What a year does to the cases of a kind. Shares are a case and year. */
export interface Workload {
  readonly name: string
  /** Commands of people: entries, reviews, members, incomes, exits, accounts, holds. */
  readonly commandsPerCase: number
  /** Pages read for each command: a clerk looks before and after. */
  readonly readsPerCommand: number
  /** Nights a year on which every case is decided anew: standards, price-linked subsidies. */
  readonly massNights: number
  /** Events a case and year, with the lines of its runs as events of the same bytes. */
  readonly eventsPerCase: number
  readonly personsPerCase: number
}

/**
 * 低保. District P4 of the demonstration, counted over its twelve months without what was taken
 * over: 3.0 commands and 4.0 events a case. Five mass nights (a standard, four price subsidies) add
 * an event each, and the lines of twelve runs as many bytes as three. The published 1608 persons of
 * 1185 households are the persons a case.
 */
export const assistance: Workload = {
  name: '低保',
  commandsPerCase: 3,
  readsPerCommand: 5,
  massNights: 5,
  eventsPerCase: 4 + 5 + 3,
  personsPerCase: 1608 / 1185,
}

/**
 * A pension-type benefit: assumed, for none was lived through. A verification of life, now and then
 * an account or a death, one raise a year, and the lines of twelve runs.
 */
export const pension: Workload = {
  name: '养老金',
  commandsPerCase: 1.2,
  readsPerCommand: 3,
  massNights: 1,
  eventsPerCase: 1.2 + 1 + 3,
  personsPerCase: 1,
}
