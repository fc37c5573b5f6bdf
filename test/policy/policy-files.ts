import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { divisionEvents, programmeEvents, standardEvents } from '../../src/domain/policy/events.js'
import type { PolicyEvent } from '../../src/domain/policy/policy.js'

const PolicyFile = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('programmes'),
    items: z.array(programmeEvents.ProgrammeDefined.data),
  }),
  z.strictObject({ kind: z.literal('rules'), items: z.array(programmeEvents.RuleSet.data) }),
  z.strictObject({ kind: z.literal('standards'), items: z.array(standardEvents.StandardSet.data) }),
  z.strictObject({
    kind: z.literal('divisions'),
    items: z.array(divisionEvents.DivisionDefined.data),
  }),
])

const root = new URL('../../policy/', import.meta.url)

/** Every file that `import policy` reads, by its path inside `policy/`. */
export const policyFiles: readonly string[] = [
  'programmes.json',
  ...['divisions', 'rules', 'standards'].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root)).map((name) => `${folder}/${name}`),
  ),
]

/** A file's events, strictly parsed. */
export function readPolicyFile(path: string): readonly PolicyEvent[] {
  const file = PolicyFile.parse(readPolicyJson(path))
  switch (file.kind) {
    case 'programmes':
      return file.items.map((data) => ({ type: 'ProgrammeDefined', data }))
    case 'rules':
      return file.items.map((data) => ({ type: 'RuleSet', data }))
    case 'standards':
      return file.items.map((data) => ({ type: 'StandardSet', data }))
    case 'divisions':
      return file.items.map((data) => ({ type: 'DivisionDefined', data }))
  }
}

export function readPolicyJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, root), 'utf8'))
}

export function readAllPolicy(): readonly PolicyEvent[] {
  return policyFiles.flatMap(readPolicyFile)
}
