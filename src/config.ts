import { join, resolve } from 'node:path'
import { z } from 'zod'

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
  EVENT_STORE: z.enum(['memory', 'postgres']).default('postgres'),
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
  readonly eventStore: 'memory' | 'postgres'
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
    eventStore: settings.EVENT_STORE,
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
  if (issue.code === 'custom') return `The setting ${setting} ${issue.message}.`
  if (issue.code === 'too_small') return `The setting ${setting} must be at least ${issue.minimum}.`
  if (issue.code === 'too_big') return `The setting ${setting} must be at most ${issue.maximum}.`
  return `The setting ${setting} must be a whole number.`
}
