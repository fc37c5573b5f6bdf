import {
  type EventData,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  START,
} from '@eventstore/db-client'
import type { Test } from 'tap'

/**
 * What the adapter relies on, and what would surprise it, as seen on a server 23.10.8. The fake is
 * held to the same by running this against both.
 */
export async function serverBehaviour(t: Test, connectionString: string): Promise<void> {
  const client = EventStoreDBClient.connectionString(connectionString)
  t.teardown(() => client.dispose())
  const streamOf = (name: string) => `behaviour.${name}-${crypto.randomUUID()}`

  await t.test('an id is looked at only when the revision check fails', (t) =>
    looksAtIdsLast(t, client, streamOf('ids')),
  )
  await t.test('an empty append succeeds and writes nothing', async (t) => {
    const stream = streamOf('empty')
    await client.appendToStream(stream, [], { expectedRevision: NO_STREAM })
    t.equal(await refusal(readIds(client, stream)), 'stream-not-found')
  })
  await t.test('only data counts for the largest append', (t) =>
    measuresData(t, client, streamOf('large')),
  )
  await t.test('positions: reads include them', (t) =>
    takesPositions(t, client, streamOf('positions')),
  )
  await t.test('a deleted stream goes on at its old number', async (t) => {
    const stream = streamOf('deleted')
    await client.appendToStream(stream, [anEvent(), anEvent()], { expectedRevision: NO_STREAM })
    await client.deleteStream(stream)
    const again = await client.appendToStream(stream, [anEvent()], { expectedRevision: NO_STREAM })
    t.equal(again.nextExpectedRevision, 2n)
  })
}

async function looksAtIdsLast(t: Test, client: EventStoreDBClient, stream: string): Promise<void> {
  const events = [anEvent(), anEvent()]
  const append = (of: EventData[], expectedRevision: bigint | typeof NO_STREAM) =>
    client.appendToStream(stream, of, { expectedRevision })
  const first = await append(events, NO_STREAM)
  t.equal(first.nextExpectedRevision, 1n)
  t.equal((await append([anEvent()], 1n)).nextExpectedRevision, 2n)

  t.equal((await append(events, NO_STREAM)).nextExpectedRevision, 1n, 'the first answer again')
  const other = events.map(({ id }) => anEvent({ id, note: 'other data' }))
  t.equal((await append(other, NO_STREAM)).nextExpectedRevision, 1n, 'whatever the data is')
  t.equal(await refusal(append([...events, anEvent()], NO_STREAM)), 'wrong-expected-version')
  t.equal(await refusal(append(events, 0n)), 'wrong-expected-version')
  t.equal((await readIds(client, stream)).length, 3)

  t.equal((await append(events, 2n)).nextExpectedRevision, 4n, 'stored a second time')
  const one = anEvent()
  t.equal((await append([one, one], 4n)).nextExpectedRevision, 6n, 'twice in one append')
}

async function measuresData(t: Test, client: EventStoreDBClient, stream: string): Promise<void> {
  const withData = (bytes: number) =>
    anEvent({ note: 'x'.repeat(bytes - '{"note":""}'.length), metadata: { more: 'y'.repeat(500) } })
  const tooLarge = client.appendToStream(stream, [withData(1_048_577)], {
    expectedRevision: NO_STREAM,
  })
  t.equal(await refusal(tooLarge), 'maximum-append-size-exceeded')
  const largest = await client.appendToStream(stream, [withData(1_048_576)], {
    expectedRevision: NO_STREAM,
  })
  t.equal(largest.nextExpectedRevision, 0n)
}

async function takesPositions(t: Test, client: EventStoreDBClient, stream: string): Promise<void> {
  await client.appendToStream(stream, [anEvent(), anEvent()], { expectedRevision: NO_STREAM })
  const mine = (await readAllFrom(client, START)).filter(({ event }) => event?.streamId === stream)
  const [first, second] = mine.map(({ event }) => event?.position)
  if (!first || !second) throw new Error('what was appended can not be read')

  t.same((await readAllFrom(client, first))[0]?.event?.position, first)
  const beyond = { commit: second.commit + 10_000_000n, prepare: second.prepare + 10_000_000n }
  t.same(await readAllFrom(client, beyond), [], 'beyond the end there is nothing, and no error')
  const between = { commit: first.commit + 1n, prepare: first.prepare + 1n }
  await t.rejects(readAllFrom(client, between), { code: 2 })
}

/** The client's name for what was refused. */
async function refusal(call: Promise<unknown>): Promise<unknown> {
  const error = await call.then(
    () => undefined,
    (refused: unknown) => refused,
  )
  return error instanceof Error && 'type' in error ? error.type : error
}

async function readAllFrom(
  client: EventStoreDBClient,
  fromPosition: typeof START | { readonly commit: bigint; readonly prepare: bigint },
) {
  const read = []
  for await (const resolved of client.readAll({ fromPosition })) read.push(resolved)
  return read
}

async function readIds(client: EventStoreDBClient, stream: string): Promise<readonly string[]> {
  const ids: string[] = []
  for await (const { event } of client.readStream(stream)) ids.push(event?.id ?? '')
  return ids
}

function anEvent(
  wanted: { readonly id?: string; readonly note?: string; readonly metadata?: object } = {},
): EventData {
  const { id = crypto.randomUUID(), note = 'as it was seen', metadata = {} } = wanted
  return jsonEvent({ id, type: 'Seen', data: { note }, metadata: { ...metadata } })
}
