import assert from 'node:assert/strict'
import type { PersonId } from '../../domain/values/identifiers.js'
import { Sealed } from '../../domain/values/sealed.js'
import { eventIdOf } from '../../event-store/event-id.js'
import type { Append, Json, NewEvent } from '../../event-store/event-store.js'
import type { SealRequest } from '../../sealing/person-cipher.js'
import type { Vault } from '../../sealing/vault.js'

/** Begins every cipher that stands for a text until it is sealed; as base64url it is all zeros. */
const marker = 'A'.repeat(30)

interface Field {
  readonly append: number
  readonly event: number
  readonly name: string
  readonly request: SealRequest
}

/**
 * Texts that a plan will seal when it is written. Sealing makes a person's key, so a dry run and a
 * refused file must not seal anything.
 */
export class PendingSeals {
  readonly #texts = new Map<string, string>()

  /** Stands for the text in commands and events until `seal` puts the cipher in its place. */
  stand(person: PersonId, text: string): Sealed {
    const cipher = `${marker}${String(this.#texts.size).padStart(12, '0')}`
    this.#texts.set(cipher, text)
    return Sealed.parse({ person, cipher })
  }

  /** The appends with every standing text sealed under its event's id, which its key gives. */
  async seal(appends: readonly Append[], vault: Vault): Promise<readonly Append[]> {
    const fields = this.#fieldsOf(appends)
    if (fields.length === 0) return appends
    const sealed = await vault.sealAll(fields.map(({ request }) => request))
    const data = appends.map(({ events }) => events.map((event) => ({ ...event.data })))
    for (const [at, { append, event, name }] of fields.entries()) {
      const target = data[append]?.[event]
      const field = sealed[at]
      assert(target && field)
      target[name] = { ...field }
    }
    return appends.map((append, at) => ({
      ...append,
      events: append.events.map((event, index) => withData(event, data[at]?.[index])),
    }))
  }

  #fieldsOf(appends: readonly Append[]): readonly Field[] {
    const fields: Field[] = []
    for (const [append, { key, events }] of appends.entries())
      for (const [event, { data }] of events.entries())
        for (const [name, value] of Object.entries(data)) {
          const standing = standingIn(value)
          if (!standing) continue
          const text = this.#texts.get(standing.cipher)
          assert(text !== undefined, `${name} stands for no text of this plan`)
          const eventId = eventIdOf(key, event)
          const request = { person: standing.person, eventId, field: name, text }
          fields.push({ append, event, name, request })
        }
    return fields
  }
}

function withData(event: NewEvent, data: NewEvent['data'] | undefined): NewEvent {
  assert(data)
  return { ...event, data }
}

function standingIn(value: Json): Sealed | undefined {
  if (typeof value !== 'object' || value === null || !('cipher' in value)) return undefined
  const { data } = Sealed.safeParse(value)
  return data?.cipher.startsWith(marker) ? data : undefined
}
