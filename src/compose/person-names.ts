import type { PersonNameOpener } from '../application/exports/ports.js'
import { personStream } from '../application/streams.js'
import type { PersonId } from '../domain/values/identifiers.js'
import type { Sealed } from '../domain/values/sealed.js'
import { codec } from '../event-store/codec.js'
import type { StoredEvent } from '../event-store/event-store.js'
import type { Vault } from '../sealing/vault.js'
import type { StreamReader } from './read-ports.js'

/** Opens the names of persons as last said, a page of them at once: the log alone has them. */
export function personNames(readStreams: StreamReader, vault: Vault): PersonNameOpener {
  return {
    async namesOf(persons) {
      if (persons.length === 0) return new Map()
      const events = await readStreams([...new Set(persons)].map((one) => personStream(one).name))
      const sealed = [...new Map(events.flatMap(nameIn)).values()]
      const names = await vault.openAll(sealed)
      const opened = new Map<PersonId, string>()
      for (const [at, { person }] of sealed.entries()) {
        const name = names[at]
        if (typeof name === 'string') opened.set(person, name)
      }
      return opened
    },
  }
}

/** The name that an event gives; a later one of the same person takes its place. */
function nameIn(stored: StoredEvent): readonly (readonly [string, Sealed])[] {
  const event = codec.eventOf('person', stored)
  const isDetails = event.type === 'PersonRegistered' || event.type === 'PersonDetailsCorrected'
  return isDetails ? [[stored.stream, event.data.name]] : []
}
