/** What a year does to the cases of a kind. Shares are a case and year. */
export interface Workload {
  readonly name: string
  /** Commands of people: entries, reviews, members, incomes, exits, accounts, holds. */
  readonly commandsPerCase: number
  /** Pages read for each command: a clerk looks before and after. */
  readonly readsPerCommand: number
  /** Nights a year on which every case is decided anew: standards, price-linked subsidies. */
  readonly massNights: number
  /** Events a case and year, with those of its runs. */
  readonly eventsPerCase: number
  readonly personsPerCase: number
}

/**
 * 低保: reviewed once to twelve times a year by class, a raised standard, a price subsidy by the
 * quarter. Commands and events are those of the demonstration's district P4 over its twelve months
 * (docs/capacity.md says how they were counted); persons a case are the published 1608 of 1185.
 */
export const assistance: Workload = {
  name: '低保',
  commandsPerCase: 4,
  readsPerCommand: 5,
  massNights: 5,
  eventsPerCase: 10,
  personsPerCase: 1608 / 1185,
}

/** A pension-type benefit: a verification of life, now and then an account, a yearly raise. */
export const pension: Workload = {
  name: '养老金',
  commandsPerCase: 1.2,
  readsPerCommand: 3,
  massNights: 1,
  eventsPerCase: 4,
  personsPerCase: 1,
}
