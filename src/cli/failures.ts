import { CommanderError } from 'commander'
import { DomainError } from '../domain/errors.js'
import type { CommandContext } from './ports.js'

/** What the shell is told: 0 done, 1 the service failed, 2 refused: read, put right, try again. */
export const exitCodes = { done: 0, failed: 1, refused: 2 } as const

/** Something was found or refused that was printed already. */
export class Reported extends Error {}

/** The service's own sentence speaks of a header. */
const howToGiveToken = {
  zh: '写入须带具名人员的令牌；请用 --token 或环境变量 BENEFITS_TOKEN 给出。',
  en: "This needs a named person's token: give it with --token or BENEFITS_TOKEN.",
}

/** Prints why a command ended, in sentences and never as a stack, and says the exit code. */
export function exitCodeFor({ ports, terminal }: CommandContext, error: unknown): number {
  if (error instanceof Reported) return exitCodes.refused
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : exitCodes.refused
  }
  if (error instanceof DomainError) {
    const { zh, en } = error.code === 'token-missing' ? howToGiveToken : ports.sentencesOf(error)
    terminal.err(`${zh}\n${en}\n(${error.code})\n`)
    return exitCodes.refused
  }
  if (error instanceof Error && error.name === 'ConfigError') {
    terminal.err(`${error.message}\n`)
    return exitCodes.refused
  }
  terminal.err(`${error instanceof Error ? error.message : String(error)}\n`)
  return exitCodes.failed
}
