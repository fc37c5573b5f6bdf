import { createHash } from 'node:crypto'
import t from 'tap'
import { canonicalEnvelope, leafHash, leafHashAround } from '../../src/integrity/leaf-hash.js'

const event = {
  ordinal: 12,
  stream: 'case-1',
  version: 0,
  eventId: '74738ff5-5367-5958-9aee-98fffdcd1876',
  type: 'CaseOpened',
  schemaVersion: 1,
  effective: '2012-05',
  recorded: '2012-06-06T02:00:00.000Z',
  actor: 'clerk-17',
  correlation: 'request-1',
  data: { name: '张三', 'a"b': [1] },
}
const canonical =
  '{"actor":"clerk-17","correlation":"request-1","data":{"a\\"b":[1],"name":"张三"},' +
  '"effective":"2012-05","eventId":"74738ff5-5367-5958-9aee-98fffdcd1876",' +
  '"recorded":"2012-06-06T02:00:00.000Z","schemaVersion":1,"stream":"case-1",' +
  '"type":"CaseOpened","version":0}'

t.test('the envelope is the canonical text of ten members, without the ordinal', async (t) => {
  t.equal(canonicalEnvelope(event), canonical)
})

t.test('a leaf is SHA-256 over 0x00 and the envelope', async (t) => {
  const expected = createHash('sha256').update(Buffer.of(0)).update(canonical).digest('hex')
  t.equal(leafHash(event), expected)
  t.equal(leafHash({ ...event }), leafHash({ ...event, data: { 'a"b': [1], name: '张三' } }))
  t.equal(leafHashAround(event, '{"a\\"b":[1],"name":"张三"}'), expected)
})

t.test('every member counts', async (t) => {
  const changes = [
    { stream: 'case-2' },
    { version: 1 },
    { type: 'X' },
    { schemaVersion: 2 },
    { effective: '2012-06' },
    { recorded: '2012-06-06T02:00:00.001Z' },
    { actor: 'clerk-18' },
    { correlation: 'request-2' },
    { data: {} },
    { eventId: '74738ff5-5367-5958-9aee-98fffdcd1877' },
  ]
  const hashes = changes.map((change) => leafHash({ ...event, ...change }))
  t.equal(new Set([...hashes, leafHash(event)]).size, changes.length + 1)
})
