/** One command of a union, by its name. */
export type CommandOf<
  Command extends { readonly type: string },
  Type extends Command['type'],
> = Extract<Command, { type: Type }>

/** What a command says, without its name: the data of the event that it becomes. */
export function dataOf<Command extends { readonly type: string }>(
  command: Command,
): Omit<Command, 'type'> {
  const { type: _type, ...data } = command
  return data
}
