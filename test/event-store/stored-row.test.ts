import t from 'tap'
import {
  copiedColumns,
  eventColumns,
  storedEvent,
} from '../../src/event-store/postgres/stored-row.js'

const hash = 'ab'.repeat(32)
const texts: Readonly<Record<string, string>> = {
  ordinal: '7',
  version: '2',
  event_id: '74738ff5-5367-5958-9aee-98fffdcd1876',
  type: 'ReviewRecorded',
  schema_version: '1',
  effective: '2012-05',
  recorded: '2012-06-06 02:00:00.5+00',
  stream: 'case-1',
  actor: 'clerk\\t17',
  correlation: 'request-1',
  data: '{"note": "a\\\\"b"}',
}

t.test('a copied line is an event, with its hash as hex or as a bytea writes it', async (t) => {
  for (const leafHash of [hash, `\\\\x${hash}`]) {
    const line = eventColumns
      .split(', ')
      .map((column) => ({ ...texts, leaf_hash: leafHash })[column])
      .join('\t')
    t.same(storedEvent(copiedColumns(line)), {
      ordinal: 7,
      stream: 'case-1',
      version: 2,
      eventId: '74738ff5-5367-5958-9aee-98fffdcd1876',
      type: 'ReviewRecorded',
      schemaVersion: 1,
      effective: '2012-05',
      recorded: '2012-06-06T02:00:00.500Z',
      actor: 'clerk\t17',
      correlation: 'request-1',
      leafHash: hash,
      data: { note: 'a"b' },
    })
  }
})
