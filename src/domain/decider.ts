/**
 * The whole of a stream's behaviour: `decide` refuses with a DomainError or answers new events
 * (none when all is already so); `evolve` copies facts into the state and never refuses.
 */
export interface Decider<State, Command, Event> {
  readonly initial: State
  readonly decide: (command: Command, state: State) => readonly Event[]
  readonly evolve: (state: State, event: Event) => State
}

/** The state after `events`, starting from nothing. */
export function fold<State, Event>(
  decider: Pick<Decider<State, never, Event>, 'initial' | 'evolve'>,
  events: Iterable<Event>,
): State {
  let state = decider.initial
  for (const event of events) state = decider.evolve(state, event)
  return state
}
