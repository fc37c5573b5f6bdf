import { connect, type NetConnectOpts, type Socket } from 'node:net'

/** Which direction of a connection is lost. */
export type Silence = 'to-server' | 'to-service'

export interface LinkOwner {
  /** Asked when what is to be stored was passed on: whether its answer is to be lost. */
  readonly isAnswerToSteal: () => boolean
  /** Both ends are closed. */
  readonly onEnd: () => void
}

/** Where a link leads, and how it is seen on the way that something is to be stored there. */
export interface Destination {
  readonly to: NetConnectOpts
  /** What of the protocol stands before the end of what is to be stored. */
  readonly begins: (bytes: Buffer) => boolean
  readonly isWhole: (bytes: Buffer) => boolean
}

/** Words of the PostgreSQL protocol by which what commits is known: ours say no other way. */
const commitWords = [Buffer.from('ledger-append'), Buffer.from('COMMIT')]
/** Sync, the last message of a prepared statement; and the end of a simple query's text. */
const sync = Buffer.from([0x53, 0, 0, 0, 4])

/** PostgreSQL behind its socket. */
export function databaseAt(path: string): Destination {
  return {
    to: { path },
    begins: (bytes) => commitWords.some((word) => bytes.includes(word)),
    isWhole: (bytes) =>
      bytes.subarray(-sync.length).equals(sync) || (bytes[0] === 0x51 && bytes.at(-1) === 0),
  }
}

/** In the metadata of every event that goes to EventStoreDB, which nothing compresses. */
const appendWord = Buffer.from('"requestHash"')

/** EventStoreDB: an append and its end are seldom in two packets, and then it is not stored. */
export function logServerAt(host: string, port: number): Destination {
  return {
    to: { host, port },
    begins: (bytes) => bytes.includes(appendWord),
    isWhole: () => true,
  }
}

/** One connection between a service and a server, both ends of it. */
export class NetworkLink {
  readonly #service: Socket
  readonly #server: Socket
  readonly #destination: Destination
  readonly #owner: LinkOwner
  readonly #silent = new Set<Silence>()
  #isCommitting = false

  constructor(service: Socket, destination: Destination, owner: LinkOwner) {
    this.#service = service
    this.#destination = destination
    this.#owner = owner
    this.#server = connect(destination.to)
    service.setNoDelay(true)
    service.on('data', (bytes) => this.#toServer(Buffer.from(bytes)))
    this.#server.on('data', (bytes) => {
      if (!this.#silent.has('to-service')) service.write(bytes)
    })
    // On a silent link neither end hears that the other went, as when a cable is out.
    service.on('close', () => this.#end('to-server', this.#server))
    this.#server.on('close', () => this.#end('to-service', service))
    for (const end of [service, this.#server])
      end.on('close', () => {
        if (service.destroyed && this.#server.destroyed) owner.onEnd()
      })
    service.on('error', () => undefined)
    this.#server.on('error', () => undefined)
  }

  stall(): void {
    this.#service.pause()
    this.#server.pause()
  }

  flow(): void {
    this.#service.resume()
    this.#server.resume()
  }

  silence(direction: Silence): void {
    this.#silent.add(direction)
  }

  reset(): void {
    this.#silent.clear()
    // `resetAndDestroy` of a socket with writes under way leaves its handle open for ever.
    this.#service.destroy()
    this.#server.destroy()
  }

  #toServer(bytes: Buffer): void {
    if (this.#silent.has('to-server')) return
    this.#server.write(bytes)
    this.#isCommitting ||= this.#destination.begins(bytes)
    if (!this.#isCommitting || !this.#destination.isWhole(bytes)) return
    this.#isCommitting = false
    if (this.#owner.isAnswerToSteal()) this.#steal()
  }

  /** The server hears the COMMIT and the end of the connection after it; the service a reset. */
  #steal(): void {
    this.#silent.add('to-service')
    this.#server.end()
    this.#service.resetAndDestroy()
  }

  #end(direction: Silence, other: Socket): void {
    if (!this.#silent.has(direction)) other.end()
  }
}
