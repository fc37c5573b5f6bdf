import t from 'tap'
import { eventIdOf } from '../../src/event-store/event-id.js'

t.test('an event id is a UUIDv5 that key and index give again', async (t) => {
  t.match(
    eventIdOf('key', 0),
    /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
  t.equal(eventIdOf('key', 0), eventIdOf('key', 0))
  // uuid5(9d0b6c3a-54e8-4f0e-8a7f-1c2b6d5e4f30, "0:key") of another implementation.
  t.equal(eventIdOf('key', 0), 'f65abc18-9ea9-586d-9b3a-97190d8958f4')
  const ids = [0, 1, 2, 10, 11].flatMap((index) => [
    eventIdOf('key', index),
    eventIdOf('1:key', index),
    eventIdOf('钥匙', index),
  ])
  t.equal(new Set(ids).size, ids.length)
})
