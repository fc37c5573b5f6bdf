import type {
  DivisionCommand,
  ProgrammeCommand,
  StandardCommand,
} from '../domain/policy/commands.js'
import { divisionDecider, programmeDecider, standardDecider } from '../domain/policy/decide.js'
import type { PolicyEvent } from '../domain/policy/policy.js'
import type { ProgrammeCode } from '../domain/values/identifiers.js'
import type { Caller } from './caller.js'
import type { CommandHandler, Handled } from './command-handler.js'
import type { PolicyReader } from './policy-reader.js'
import { divisionStream, programmeStream, standardStream } from './streams.js'

export type PolicyCommand = ProgrammeCommand | StandardCommand | DivisionCommand

export interface PolicyCommandParts {
  readonly handler: CommandHandler
  readonly policies: PolicyReader
}

export interface PolicyRequest {
  readonly command: PolicyCommand
  readonly caller: Caller
  /** What this is within the request, when one request gives several commands. */
  readonly step?: string
}

/** Sets policy: each programme, standard and division by commands of its own stream. */
export async function handlePolicyCommand(
  { handler, policies }: PolicyCommandParts,
  request: PolicyRequest,
): Promise<Handled<PolicyEvent>> {
  const { command, caller, step = '' } = request
  const { policy } = await policies.latest()
  switch (command.type) {
    case 'SetStandard':
      return handler.handle({
        stream: standardStream(command),
        decider: standardDecider(policy),
        command,
        caller,
        step,
      })
    case 'DefineDivision':
    case 'RenameDivision':
    case 'MergeDivision':
      return handler.handle({
        stream: divisionStream(command.divisionId),
        decider: divisionDecider(policy),
        command,
        caller,
        step,
      })
    default:
      return handler.handle({
        stream: programmeStream(programmeOfCommand(command)),
        decider: programmeDecider(policy),
        command,
        caller,
        step,
      })
  }
}

function programmeOfCommand(command: ProgrammeCommand): ProgrammeCode {
  return command.type === 'DefineProgramme' ? command.definition.programme : command.programme
}
