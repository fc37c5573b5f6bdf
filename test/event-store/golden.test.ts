import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { z } from 'zod'
import type { EventSchemas } from '../../src/domain/event-schema.js'
import { event } from '../../src/domain/event-schema.js'
import { streamKinds } from '../../src/domain/events.js'
import { Instant, Month } from '../../src/domain/values/calendar.js'
import { ActorId, EventId, Ordinal } from '../../src/domain/values/identifiers.js'
import {
  type Codec,
  codec,
  createCodec,
  kindOfStream,
  type Upcasters,
} from '../../src/event-store/codec.js'
import type { StoredEvent } from '../../src/event-store/event-store.js'
import { leafHash } from '../../src/integrity/leaf-hash.js'
import { exampleOf } from './example-of.js'

/**
 * The golden corpus: one stored event for each event type and version that was ever written. A
 * file is never edited. A new type or version gets its file with `WRITE_MISSING_GOLDEN=1`.
 */
const folder = new URL('../golden/', import.meta.url)

const JsonObject = z.record(z.string(), z.json())
const Envelope = z.strictObject({
  ordinal: Ordinal,
  stream: z.string(),
  version: z.int(),
  eventId: EventId,
  type: z.string(),
  schemaVersion: z.int().positive(),
  effective: z.string(),
  recorded: Instant,
  actor: ActorId,
  correlation: z.string(),
  leafHash: z.string(),
  data: JsonObject,
})

const catalogue = Object.entries(streamKinds).flatMap(([kind, schemas]) =>
  Object.entries<EventSchemas[string]>(schemas).map(([type, schema]) => ({ kind, type, schema })),
)

/** Both kinds and types are plain text here, as they are for whoever reads a file. */
const anyCodec: Codec<Record<string, EventSchemas>> = createCodec<Record<string, EventSchemas>>(
  streamKinds,
  {},
)

function envelopeOf({ kind, type, schema }: (typeof catalogue)[number]): StoredEvent {
  const data = JsonObject.parse(exampleOf(schema.data))
  const stored = {
    ordinal: Ordinal.parse(41),
    stream: kind === 'ledger' ? kind : `${kind}-0f8fad5b-d9cb-5469-a165-70867728950e`,
    version: 3,
    eventId: EventId.parse('6fa459ea-ee8a-5ca4-894e-db77e160355e'),
    type,
    schemaVersion: schema.version,
    effective: z.string().parse(data[schema.effective]),
    recorded: Instant.parse('2012-06-06T02:00:00.000Z'),
    actor: ActorId.parse('clerk-1'),
    correlation: 'request-1',
    data,
  }
  return { ...stored, leafHash: leafHash(stored) }
}

function fileOf(type: string, version: number): string {
  return `${type}.v${version}.json`
}

function writeMissing(): void {
  const present = new Set(readdirSync(folder))
  for (const entry of catalogue) {
    const name = fileOf(entry.type, entry.schema.version)
    if (present.has(name)) continue
    writeFileSync(new URL(name, folder), `${JSON.stringify(envelopeOf(entry), null, 2)}\n`)
  }
}

if (process.env['WRITE_MISSING_GOLDEN'] === '1') writeMissing()

t.test('the corpus has every type and version of the catalogue', async (t) => {
  const files = new Set(readdirSync(folder))
  const missing = catalogue
    .map(({ type, schema }) => fileOf(type, schema.version))
    .filter((name) => !files.has(name))
  t.same(missing, [], 'write the missing files with WRITE_MISSING_GOLDEN=1')
  t.equal(new Set(catalogue.map(({ type }) => type)).size, catalogue.length, 'types are unique')
})

t.test('every event ever written is read, and is what its leaf hash says', async (t) => {
  for (const name of readdirSync(folder)) {
    const stored = Envelope.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
    t.equal(name, fileOf(stored.type, stored.schemaVersion), `${name} is named after its event`)
    t.equal(stored.leafHash, leafHash(stored), `${name} has its leaf hash`)

    const kind = kindOfStream(stored.stream)
    if (!kind) return t.fail(`${name}: ${stored.stream} is no stream of ours`)
    const decoded = codec.decode(kind, stored)
    const { data, effective, schemaVersion, type } = anyCodec.encode(kind, decoded)
    const current = streamKinds[kind]
    t.same(decoded, { ...stored, schemaVersion, data }, `${name} decodes`)
    t.equal(effective, stored.effective, `${name} keeps when it is true`)
    t.ok(Object.hasOwn(current, type), `${name} belongs to its stream`)
  }
})

const invented = {
  thing: { ThingCounted: event(3, 'month', { month: Month, things: z.int(), unit: z.string() }) },
} as const
const inventedUpcasters: Upcasters = {
  ThingCounted: {
    1: ({ count, ...rest }) => ({ ...rest, things: count ?? null }),
    2: (data) => ({ ...data, unit: '件' }),
  },
}
const inventedCodec = createCodec(invented, inventedUpcasters)

function counted(schemaVersion: number, data: Record<string, string | number>): StoredEvent {
  const month = '2012-05'
  return {
    ordinal: Ordinal.parse(0),
    stream: 'thing-1',
    version: 0,
    eventId: EventId.parse('6fa459ea-ee8a-5ca4-894e-db77e160355e'),
    type: 'ThingCounted',
    schemaVersion,
    effective: month,
    recorded: Instant.parse('2012-06-06T02:00:00.000Z'),
    actor: ActorId.parse('clerk-1'),
    correlation: 'request-1',
    leafHash: '00',
    data: { month, ...data },
  }
}

t.test('an older version is brought up to the current one, step by step', async (t) => {
  const expected = counted(3, { things: 7, unit: '件' })

  t.same(inventedCodec.decode('thing', counted(1, { count: 7 })), expected)
  t.same(inventedCodec.decode('thing', counted(2, { things: 7 })), expected)
  t.equal(inventedCodec.decode('thing', expected), expected, 'the current one is not even copied')
  t.same(inventedCodec.eventOf('thing', counted(1, { count: 7 })), {
    type: 'ThingCounted',
    data: { month: '2012-05', things: 7, unit: '件' },
  })
})

t.test('what nobody can read is refused', async (t) => {
  const unreadable = [
    counted(4, { things: 7, unit: '件' }),
    counted(0, { count: 7 }),
    { ...counted(3, { things: 7 }), type: 'ThingLost' },
    { ...counted(3, { things: 7 }), type: 'toString' },
  ]
  for (const stored of unreadable)
    t.throws(() => inventedCodec.decode('thing', stored), { code: 'event-unknown' })
  t.throws(() => createCodec(invented, {}).decode('thing', counted(1, { count: 7 })), {
    code: 'event-unknown',
  })
  t.throws(() => inventedCodec.decode('thing', counted(1, { count: 'many' })), /does not fit/)
})

t.test('an event is encoded by its strict schema, with its version and effective', async (t) => {
  const month = Month.parse('2012-05')
  const data = { month, things: 7, unit: '件' }

  t.same(inventedCodec.encode('thing', { type: 'ThingCounted', data }), {
    type: 'ThingCounted',
    schemaVersion: 3,
    effective: '2012-05',
    data,
  })
  const wrong = { type: 'ThingCounted', data: { ...data, things: 7.5, name: '张三' } } as const
  t.throws(() => inventedCodec.encode('thing', wrong), /ThingCounted does not fit its schema/)
  t.throws(() => anyCodec.encode('case', { type: 'PersonDied', data }), { code: 'event-unknown' })
})

t.test('the kind of a stream is the word that its name begins with', async (t) => {
  t.equal(kindOfStream('ledger'), 'ledger')
  t.equal(kindOfStream('case-0f8fad5b'), 'case')
  t.equal(kindOfStream('paymentRunLines-1-0'), 'paymentRunLines')
  t.equal(kindOfStream('constructor-1'), undefined)
  t.equal(kindOfStream('$system'), undefined)
})
