import { connect, type Socket } from 'node:net'

/** Which direction of a connection is lost. */
export type Silence = 'to-database' | 'to-service'

export interface LinkOwner {
  /** Asked when a COMMIT was passed on: whether its answer is to be lost. */
  readonly isAnswerToSteal: () => boolean
  /** Both ends are closed. */
  readonly onEnd: () => void
}

/** Words of the PostgreSQL protocol by which what commits is known: ours say no other way. */
const commitWords = [Buffer.from('ledger-append'), Buffer.from('COMMIT')]
/** Sync, the last message of a prepared statement; and the end of a simple query's text. */
const sync = Buffer.from([0x53, 0, 0, 0, 4])

/** One connection between a service and the database, both ends of it. */
export class NetworkLink {
  readonly #service: Socket
  readonly #database: Socket
  readonly #owner: LinkOwner
  readonly #silent = new Set<Silence>()
  #isCommitting = false

  constructor(service: Socket, databaseSocket: string, owner: LinkOwner) {
    this.#service = service
    this.#owner = owner
    this.#database = connect({ path: databaseSocket })
    service.setNoDelay(true)
    service.on('data', (bytes) => this.#toDatabase(Buffer.from(bytes)))
    this.#database.on('data', (bytes) => {
      if (!this.#silent.has('to-service')) service.write(bytes)
    })
    // On a silent link neither end hears that the other went, as when a cable is out.
    service.on('close', () => this.#end('to-database', this.#database))
    this.#database.on('close', () => this.#end('to-service', service))
    for (const end of [service, this.#database])
      end.on('close', () => {
        if (service.destroyed && this.#database.destroyed) owner.onEnd()
      })
    service.on('error', () => undefined)
    this.#database.on('error', () => undefined)
  }

  stall(): void {
    this.#service.pause()
    this.#database.pause()
  }

  flow(): void {
    this.#service.resume()
    this.#database.resume()
  }

  silence(direction: Silence): void {
    this.#silent.add(direction)
  }

  reset(): void {
    this.#silent.clear()
    // `resetAndDestroy` of a socket with writes under way leaves its handle open for ever.
    this.#service.destroy()
    this.#database.destroy()
  }

  #toDatabase(bytes: Buffer): void {
    if (this.#silent.has('to-database')) return
    this.#database.write(bytes)
    this.#isCommitting ||= commitWords.some((word) => bytes.includes(word))
    if (!this.#isCommitting || !isWhole(bytes)) return
    this.#isCommitting = false
    if (this.#owner.isAnswerToSteal()) this.#steal()
  }

  /** The database hears the COMMIT and the end of the connection after it; the service a reset. */
  #steal(): void {
    this.#silent.add('to-service')
    this.#database.end()
    this.#service.resetAndDestroy()
  }

  #end(direction: Silence, other: Socket): void {
    if (!this.#silent.has(direction)) other.end()
  }
}

function isWhole(bytes: Buffer): boolean {
  return bytes.subarray(-sync.length).equals(sync) || (bytes[0] === 0x51 && bytes.at(-1) === 0)
}
