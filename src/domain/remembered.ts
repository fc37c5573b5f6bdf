/**
 * The same function, which remembers its last answer: several questions about one immutable state
 * in a row derive what they share once. Nothing is kept but that one answer.
 */
export function remembered<State extends object, Value>(
  derive: (state: State) => Value,
): (state: State) => Value {
  let last: { readonly state: State; readonly value: Value } | undefined
  return (state) => {
    if (last?.state !== state) last = { state, value: derive(state) }
    return last.value
  }
}
