import { z } from 'zod'
import { Instant, Month, PlainDate } from '../../src/domain/values/calendar.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import { BenefitClass, ComponentName } from '../../src/domain/values/document.js'
import { ProgrammeCode } from '../../src/domain/values/identifiers.js'
import { KeyedHash } from '../../src/domain/values/sealed.js'

/** What stands for each schema whose pattern a generator could not guess. */
const knownExamples = new Map<z.core.$ZodType, string>([
  [PlainDate, '2012-05-31'],
  [Month, '2012-05'],
  [Instant, '2012-05-31T02:00:00.000Z'],
  [DivisionCode, '990107001002'],
  [BenefitClass, 'general'],
  [ComponentName, 'base'],
  [ProgrammeCode, 'urban-dibao'],
  [KeyedHash, 'a1'.repeat(32)],
])

/**
 * A value that a schema of the event catalogue takes: every optional part present, every list of
 * one item, the first choice of each enum and union. The same schema gives the same value.
 */
export function exampleOf(schema: z.core.$ZodType): unknown {
  const known = knownExamples.get(schema)
  if (known !== undefined) return known
  if (schema instanceof z.ZodObject)
    return Object.fromEntries(
      Object.entries(schema.shape).map(([name, part]) => [name, exampleOf(part)]),
    )
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return exampleOf(schema.unwrap())
  if (schema instanceof z.ZodArray) return [exampleOf(schema.element)]
  if (schema instanceof z.ZodRecord) return { general: exampleOf(schema.valueType) }
  if (schema instanceof z.ZodUnion) return exampleOf(schema.options[0] ?? z.never())
  return exampleOfScalar(schema)
}

function exampleOfScalar(schema: z.core.$ZodType): unknown {
  if (schema instanceof z.ZodEnum) return schema.options[0]
  if (schema instanceof z.ZodLiteral) return schema.value
  if (schema instanceof z.ZodBoolean) return true
  if (schema instanceof z.ZodNumber) return 12
  if (schema instanceof z.ZodUUID) return '0f8fad5b-d9cb-5469-a165-70867728950e'
  if (schema instanceof z.ZodString) return exampleOfText(schema)
  throw new Error(`no example for ${schema._zod.def.type}`)
}

function exampleOfText(schema: z.ZodString): string {
  const candidates = ['example', '0123456789abcdef'.repeat(4), 'A'.repeat(40)]
  const fitting = candidates.find((text) => schema.safeParse(text).success)
  if (fitting === undefined) throw new Error('no example for a text: name its schema above')
  return fitting
}
