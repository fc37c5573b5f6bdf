import { readFileSync } from 'node:fs'
import type {
  ChannelCredentialOptions,
  DNSClusterOptions,
  GossipClusterOptions,
  SingleNodeOptions,
} from '@eventstore/db-client'

/** Where the servers are and how to speak to them, as the client's constructor takes it. */
export interface ServerAddress {
  readonly settings: DNSClusterOptions | GossipClusterOptions | SingleNodeOptions
  readonly channel: ChannelCredentialOptions
  readonly credentials: { readonly username: string; readonly password: string } | undefined
}

/** An address that can't be used. The message names the part and never repeats a credential. */
export class ServerAddressError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ServerAddressError'
  }
}

const shape = new RegExp(
  String.raw`^(?:esdb|kurrentdb)(?<discover>\+discover)?://` +
    '(?:(?<user>[^:@/]*):(?<word>[^@/]*)@)?' +
    String.raw`(?<hosts>[^/?@]+)/?(?:\?(?<options>.*))?$`,
)

const numbers = [
  'defaultDeadline',
  'discoveryInterval',
  'gossipTimeout',
  'keepAliveInterval',
  'keepAliveTimeout',
  'maxDiscoverAttempts',
] as const

/**
 * Reads `esdb://` and `kurrentdb://` addresses, with `+discover`, several hosts and the client's
 * options. The client's own reader is not used: it repeats the whole address, password included,
 * in warnings and errors, ignores what it does not know, and accepts tlsVerifyCert=false while it
 * verifies all the same.
 *
 * @throws ServerAddressError with a sentence that names the part
 */
export function parseServerAddress(text: string): ServerAddress {
  const parts = shape.exec(text.trim())?.groups
  if (!parts)
    throw new ServerAddressError(
      'The address of EventStoreDB must look like esdb://host:2113?tls=true or ' +
        'kurrentdb+discover://user:password@name:2113.',
    )
  const options = new Options(parts['options'] ?? '')
  const settings = settingsOf(parts, options)
  const channel = channelOf(options)
  options.assertAllTaken()
  return { settings, channel, credentials: credentialsOf(parts) }
}

function settingsOf(
  parts: Readonly<Record<string, string | undefined>>,
  options: Options,
): ServerAddress['settings'] {
  options.mustBe('throwOnAppendFailure', 'true', 'a refused append would look like a stored one')
  options.mustBe('nodePreference', 'leader', 'decisions are read from the leader')
  const client: Record<string, number | string> = { nodePreference: 'leader' }
  for (const name of numbers) {
    const value = options.number(name)
    if (value !== undefined) client[name] = value
  }
  const connectionName = options.text('connectionName')
  if (connectionName !== undefined) client['connectionName'] = connectionName

  const [first, ...more] = (parts['hosts'] ?? '').split(',').map(endpointOf)
  if (!first) throw new ServerAddressError('The address of EventStoreDB has no host.')
  if (parts['discover']) return { ...client, discover: first }
  return more.length > 0
    ? { ...client, endpoints: [first, ...more] }
    : { ...client, endpoint: first }
}

function endpointOf(host: string): { readonly address: string; readonly port: number } {
  const [address = '', port = '2113', ...rest] = host.split(':')
  const isPort = /^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536
  if (address === '' || rest.length > 0 || !isPort)
    throw new ServerAddressError('A host in the address of EventStoreDB is not name:port.')
  return { address, port: Number(port) }
}

function channelOf(options: Options): ChannelCredentialOptions {
  options.mustBe('tlsVerifyCert', 'true', 'a server that is not verified could be anybody')
  const tls = options.text('tls') ?? 'true'
  if (tls !== 'true' && tls !== 'false')
    throw new ServerAddressError('The option tls of EventStoreDB must be true or false.')
  const rootCertificate = options.file('tlsCAFile')
  const userCertFile = options.file('userCertFile')
  const userKeyFile = options.file('userKeyFile')
  if (!userCertFile !== !userKeyFile)
    throw new ServerAddressError('The options userCertFile and userKeyFile go together.')
  return {
    insecure: tls === 'false',
    ...(rootCertificate ? { rootCertificate } : {}),
    ...(userCertFile && userKeyFile ? { userCertFile, userKeyFile } : {}),
  }
}

function credentialsOf(
  parts: Readonly<Record<string, string | undefined>>,
): ServerAddress['credentials'] {
  const { user, word } = parts
  if (user === undefined || word === undefined) return undefined
  try {
    return { username: decodeURIComponent(user), password: decodeURIComponent(word) }
  } catch {
    throw new ServerAddressError('The user or password of EventStoreDB is not percent-encoded.')
  }
}

/** The options behind the `?`, by names that are compared as the client compares them. */
class Options {
  readonly #values = new Map<string, string>()

  constructor(text: string) {
    for (const [name, value] of new URLSearchParams(text)) this.#values.set(flat(name), value)
  }

  text(name: string): string | undefined {
    const value = this.#values.get(flat(name))
    this.#values.delete(flat(name))
    return value
  }

  number(name: string): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    if (!/^-?\d{1,9}$/.test(value))
      throw new ServerAddressError(`The option ${name} of EventStoreDB must be a whole number.`)
    return Number(value)
  }

  mustBe(name: string, only: string, reason: string): void {
    const value = this.text(name)
    if (value !== undefined && value.toLowerCase() !== only)
      throw new ServerAddressError(
        `The option ${name} of EventStoreDB can only be ${only}: ${reason}.`,
      )
  }

  file(name: string): Buffer | undefined {
    const path = this.text(name)
    if (path === undefined) return undefined
    try {
      return readFileSync(path)
    } catch {
      throw new ServerAddressError(`The file of the option ${name} of EventStoreDB can't be read.`)
    }
  }

  assertAllTaken(): void {
    const [unknown] = this.#values.keys()
    if (unknown !== undefined)
      throw new ServerAddressError(
        `The address of EventStoreDB has an unknown option: ${unknown.slice(0, 40)}.`,
      )
  }
}

function flat(name: string): string {
  return name.trim().toLowerCase().replace(/[_-]/g, '')
}
