import { createHash } from 'node:crypto'
import { z } from 'zod'
import { DomainError } from '../../domain/errors.js'
import { divisionEvents, programmeEvents, standardEvents } from '../../domain/policy/events.js'
import { datesOutOfReach } from '../dates-in-reach.js'
import { dateFault } from './date-fault.js'
import type { RowPlace } from './row-faults.js'
import type { ImportFile } from './table-file.js'
import type { RowReading } from './table-rows.js'
import { decodeText } from './text-encoding.js'

const itemSchemas = {
  programmes: programmeEvents.ProgrammeDefined.data,
  divisions: divisionEvents.DivisionDefined.data,
  rules: programmeEvents.RuleSet.data,
  standards: standardEvents.StandardSet.data,
  'price-terms': programmeEvents.PriceTermsSet.data,
} as const

/** Kinds of policy file, in the order in which they rest on each other. */
export const policyKinds = ['programmes', 'divisions', 'rules', 'standards', 'price-terms'] as const
export type PolicyKind = (typeof policyKinds)[number]

/** One item of a policy file: the data of one event. */
export type PolicyItem = {
  readonly [Kind in PolicyKind]: {
    readonly kind: Kind
    readonly place: RowPlace
    readonly data: z.infer<(typeof itemSchemas)[Kind]>
  }
}[PolicyKind]

const File = z.strictObject({ kind: z.enum(policyKinds), items: z.array(z.unknown()).min(1) })

/** Whether a JSON file is policy at all: examples and bank layouts lie beside it. */
export function isPolicyFile(file: ImportFile): boolean {
  const kind = z.looseObject({ kind: z.unknown() }).safeParse(jsonOf(file)).data?.kind
  return policyKinds.some((known) => known === kind)
}

/**
 * The items of policy files, in the order in which they rest on each other. An item that its
 * schema refuses, or that begins when nobody plans yet, is a fault of that item.
 *
 * @throws DomainError policy-file-malformed for what is no policy file
 */
export function readPolicyFiles(
  files: readonly ImportFile[],
  reading: RowReading,
): readonly PolicyItem[] {
  const items = files.flatMap((file) => itemsOf(file, reading))
  return policyKinds.flatMap((kind) => items.filter((item) => item.kind === kind))
}

/** SHA-256 over the files' own digests. */
export function policyDigestOf(files: readonly ImportFile[]): string {
  const digests = files.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex')).sort()
  return createHash('sha256').update(digests.join('\n')).digest('hex')
}

function jsonOf(file: ImportFile): unknown {
  try {
    return JSON.parse(decodeText(file.bytes).text)
  } catch (error) {
    if (error instanceof DomainError) throw error
    throw new DomainError('policy-file-malformed', { file: file.name, reason: 'not JSON' })
  }
}

function itemsOf(file: ImportFile, reading: RowReading): readonly PolicyItem[] {
  const parsed = File.safeParse(jsonOf(file))
  if (!parsed.success) {
    const reason = parsed.error.issues.map(saidOf).join('; ')
    throw new DomainError('policy-file-malformed', { file: file.name, reason })
  }
  const { kind, items } = parsed.data
  return items.flatMap((item, at) => {
    const place = { file: file.name, line: at + 1 }
    return itemOf(kind, item, { ...reading, place }) ?? []
  })
}

interface Reading extends RowReading {
  readonly place: RowPlace
}

function itemOf(kind: PolicyKind, item: unknown, reading: Reading): PolicyItem | undefined {
  switch (kind) {
    case 'programmes': {
      const data = read(itemSchemas.programmes, item, reading)
      return data && { kind, place: reading.place, data }
    }
    case 'divisions': {
      const data = read(itemSchemas.divisions, item, reading)
      return data && { kind, place: reading.place, data }
    }
    case 'rules': {
      const data = read(itemSchemas.rules, item, reading)
      return data && { kind, place: reading.place, data }
    }
    case 'standards': {
      const data = read(itemSchemas.standards, item, reading)
      return data && { kind, place: reading.place, data }
    }
    case 'price-terms': {
      const data = read(itemSchemas['price-terms'], item, reading)
      return data && { kind, place: reading.place, data }
    }
  }
}

function read<Schema extends z.ZodType>(
  schema: Schema,
  item: unknown,
  { faults, place, today }: Reading,
): z.infer<Schema> | undefined {
  const parsed = schema.safeParse(item)
  if (parsed.success) {
    const ahead = datesOutOfReach(parsed.data, today)
    for (const { error, field } of ahead) faults.add(place, dateFault(error, field))
    return ahead.length > 0 ? undefined : parsed.data
  }
  for (const issue of parsed.error.issues) {
    const field = issue.path.join('.')
    const reason = { zh: issue.message, en: issue.message }
    faults.add(place, { column: field, code: 'cell-malformed', facts: { column: field }, reason })
  }
  return undefined
}

function saidOf(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.') || 'file'}: ${issue.message}`
}
