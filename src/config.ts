import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { parseServerAddress } from './event-store/eventstoredb/server-address.js'

const Port = z.coerce.number().int().min(0).max(65_535)

function webAddress(...protocols: readonly string[]) {
  return z.string().refine(
    (text) => {
      return URL.canParse(text) && protocols.includes(new URL(text).protocol)
    },
    `must be an address that begins with ${protocols.map((name) => `${name}//`).join(' or ')}`,
  )
}

const postgresAddress = webAddress('postgres:', 'postgresql:')

const Settings = z.object({
  PORT: Port.default(8080),
  HOST: z.string().max(253).default('127.0.0.1'),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: postgresAddress.optional(),
  DATABASE_ADMIN_URL: postgresAddress.optional(),
  CLOCK: z.enum(['real', 'simulated']).default('real'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  JWKS_URL: webAddress('https:', 'http:').optional(),
  JWT_ISSUER: z.string().max(500).optional(),
  JWT_AUDIENCE: z.string().max(500).optional(),
  MASTER_KEY_FILE: z.string().optional(),
  BANK_LAYOUTS_DIR: z.string().optional(),
  BODY_LIMIT_BYTES: z.coerce
    .number()
    .int()
    .min(1024)
    .max(64 * 1024 * 1024)
    .default(1024 * 1024),
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).max(100_000_000).default(60_000),
  REQUEST_SECONDS: z.coerce.number().min(0.2).max(600).default(30),
  EVENT_STORE: z.enum(['postgres', 'eventstoredb']).default('postgres'),
  EVENTSTOREDB_URL: z.string().optional(),
  EVENTSTOREDB_USER: z.string().max(200).optional(),
  EVENTSTOREDB_PASSWORD_FILE: z.string().optional(),
  EVENTSTOREDB_LEDGER: z
    .string()
    .regex(/^[a-z0-9-]{1,60}$/, 'must be 1 to 60 small letters, digits or hyphens')
    .default('ledger'),
  EVENTSTOREDB_APPEND_BYTES: z.coerce
    .number()
    .int()
    .min(64 * 1024)
    .max(16 * 1024 * 1024)
    .default(1024 * 1024),
  EVENTSTOREDB_CALL_MILLISECONDS: z.coerce.number().int().min(100).max(60_000).default(5_000),
  EVENTSTOREDB_SETTLE_MILLISECONDS: z.coerce.number().int().min(500).max(300_000).default(30_000),
})
type Settings = z.infer<typeof Settings>

/** Where tokens come from: an identity provider's key set, or this ledger's own key. */
export type TokenSource =
  | {
      readonly kind: 'jwks'
      readonly url: string
      readonly issuer: string
      readonly audience: string
    }
  | { readonly kind: 'local'; readonly issuer: string; readonly audience: string }

/** The log in EventStoreDB or KurrentDB. */
export interface EventStoreDbSettings {
  readonly kind: 'eventstoredb'
  /** With the password in it: a function, so that nothing which prints settings prints it. */
  connectionString(): string
  /** The ledger's name on the server, which may hold more than one. */
  readonly ledger: string
  /** The largest append that the server is set to take. */
  readonly appendBytes: number
  readonly callMilliseconds: number
  readonly settleMilliseconds: number
}

/** Where the log is. */
export type LogSettings = { readonly kind: 'postgres' } | EventStoreDbSettings

/** Everything that the environment may set. Paths are absolute. */
export interface Config {
  readonly port: number
  readonly host: string
  readonly dataDirectory: string
  /** PostgreSQL as the service; absent: the embedded one under `dataDirectory`. */
  readonly databaseUrl: string | undefined
  /** PostgreSQL as who may migrate; absent: `databaseUrl`. */
  readonly databaseAdminUrl: string | undefined
  readonly clock: 'real' | 'simulated'
  readonly logLevel: Settings['LOG_LEVEL']
  readonly tokenSource: TokenSource
  readonly masterKeyFile: string
  /** Layouts of bank files; absent: those that come with the product. */
  readonly bankLayoutsDirectory: string | undefined
  readonly bodyLimitBytes: number
  readonly rateLimitPerMinute: number
  /** How long an ordinary request may take, whatever it waits for. */
  readonly requestMilliseconds: number
  readonly eventStore: LogSettings
}

/** A setting that stops the start. The message names it and never repeats its value. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConfigError'
  }
}

/**
 * Reads the settings once, checked and frozen. A setting that is empty counts as not given.
 *
 * @throws ConfigError with one sentence a wrong setting
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.entries(environment).filter(([, value]) => value !== '')
  const parsed = Settings.safeParse(Object.fromEntries(given))
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(sentenceOf).join('\n'))
  const settings = parsed.data
  const dataDirectory = resolve(settings.DATA_DIR)

  return Object.freeze({
    port: settings.PORT,
    host: settings.HOST,
    dataDirectory,
    databaseUrl: settings.DATABASE_URL,
    databaseAdminUrl: settings.DATABASE_ADMIN_URL ?? settings.DATABASE_URL,
    clock: settings.CLOCK,
    logLevel: settings.LOG_LEVEL,
    tokenSource: tokenSourceOf(settings),
    masterKeyFile: resolve(settings.MASTER_KEY_FILE ?? join(dataDirectory, 'master.key')),
    bankLayoutsDirectory:
      settings.BANK_LAYOUTS_DIR === undefined ? undefined : resolve(settings.BANK_LAYOUTS_DIR),
    bodyLimitBytes: settings.BODY_LIMIT_BYTES,
    rateLimitPerMinute: settings.RATE_LIMIT_PER_MINUTE,
    requestMilliseconds: Math.round(settings.REQUEST_SECONDS * 1000),
    eventStore: logSettingsOf(settings),
  })
}

function tokenSourceOf(settings: Settings): TokenSource {
  const { JWKS_URL: url, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = settings
  if (url === undefined) {
    const own = 'benefits-ledger'
    return Object.freeze({ kind: 'local', issuer: issuer ?? own, audience: audience ?? own })
  }
  if (issuer === undefined) throw missingBesideJwks('JWT_ISSUER')
  if (audience === undefined) throw missingBesideJwks('JWT_AUDIENCE')
  return Object.freeze({ kind: 'jwks', url, issuer, audience })
}

function logSettingsOf(settings: Settings): LogSettings {
  if (settings.EVENT_STORE === 'postgres') return Object.freeze({ kind: 'postgres' })
  const address = serverAddressOf(settings)
  return Object.freeze({
    kind: 'eventstoredb',
    connectionString: () => address,
    ledger: settings.EVENTSTOREDB_LEDGER,
    appendBytes: settings.EVENTSTOREDB_APPEND_BYTES,
    callMilliseconds: settings.EVENTSTOREDB_CALL_MILLISECONDS,
    settleMilliseconds: settings.EVENTSTOREDB_SETTLE_MILLISECONDS,
  })
}

/** The address with user and password in it, looked at as the log will look at it. */
function serverAddressOf(settings: Settings): string {
  const { EVENTSTOREDB_URL: url, EVENTSTOREDB_USER: user } = settings
  const { EVENTSTOREDB_PASSWORD_FILE: file } = settings
  if (url === undefined)
    throw new ConfigError(
      'The setting EVENTSTOREDB_URL is missing: with EVENT_STORE=eventstoredb, give the address ' +
        'of the server, such as esdb://host:2113?tls=true.',
    )
  if ((user === undefined) !== (file === undefined))
    throw new ConfigError(
      'The settings EVENTSTOREDB_USER and EVENTSTOREDB_PASSWORD_FILE go together: give both.',
    )
  if (user !== undefined && file !== undefined && url.includes('@'))
    throw new ConfigError(
      'The setting EVENTSTOREDB_URL has a user in it beside EVENTSTOREDB_USER: give one of them.',
    )
  const who = user === undefined || file === undefined ? '' : `${userInfo(user, passwordIn(file))}@`
  const address = url.trim().replace('://', () => `://${who}`)
  try {
    parseServerAddress(address)
  } catch (error) {
    const fault = error instanceof Error ? error.message : 'it is no address'
    throw new ConfigError(`The setting EVENTSTOREDB_URL can't be used. ${fault}`)
  }
  return address
}

function userInfo(user: string, password: string): string {
  return `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
}

function passwordIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch {
    throw new ConfigError(
      "The file of the setting EVENTSTOREDB_PASSWORD_FILE can't be read: make it and let the " +
        'service read it.',
    )
  }
}

function missingBesideJwks(setting: string): ConfigError {
  return new ConfigError(
    `The setting ${setting} is missing: with JWKS_URL, give the issuer and the audience ` +
      'that tokens must name.',
  )
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  const setting = issue.path.join('.')
  if (issue.code === 'invalid_value')
    return `The setting ${setting} must be one of: ${issue.values.join(', ')}.`
  if (issue.code === 'custom' || issue.code === 'invalid_format')
    return `The setting ${setting} ${issue.message}.`
  if (issue.code === 'too_small') return `The setting ${setting} must be at least ${issue.minimum}.`
  if (issue.code === 'too_big') return `The setting ${setting} must be at most ${issue.maximum}.`
  return `The setting ${setting} must be a whole number.`
}
