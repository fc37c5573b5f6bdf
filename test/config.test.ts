import { resolve } from 'node:path'
import t from 'tap'
import { ConfigError, readConfig } from '../src/config.js'

t.test('nothing set: a service for this machine alone, on the real clock', async (t) => {
  const config = readConfig({})
  t.strictSame(config, {
    port: 8080,
    host: '127.0.0.1',
    dataDirectory: resolve('data'),
    databaseUrl: undefined,
    databaseAdminUrl: undefined,
    clock: 'real',
    logLevel: 'info',
    tokenSource: { kind: 'local', issuer: 'benefits-ledger', audience: 'benefits-ledger' },
    bankLayoutsDirectory: undefined,
    masterKeyFile: resolve('data/master.key'),
    bodyLimitBytes: 1024 * 1024,
    rateLimitPerMinute: 60_000,
    requestMilliseconds: 30_000,
    eventStore: { kind: 'postgres' },
  })
  t.ok(Object.isFrozen(config) && Object.isFrozen(config.tokenSource))
})

t.test('what is set is taken, and what is set to nothing is not set', async (t) => {
  const config = readConfig({
    PORT: '0',
    HOST: '',
    CLOCK: 'simulated',
    DATABASE_URL: 'postgres://ledger_service@db/ledger',
    JWKS_URL: 'https://id.example/keys',
    JWT_ISSUER: 'https://id.example',
    JWT_AUDIENCE: 'ledger',
    EVENT_STORE: 'eventstoredb',
    EVENTSTOREDB_URL: 'esdb://log.example:2113?tls=true',
    UNRELATED: 'kept out',
  })
  t.match(config, {
    port: 0,
    host: '127.0.0.1',
    clock: 'simulated',
    databaseUrl: 'postgres://ledger_service@db/ledger',
    databaseAdminUrl: 'postgres://ledger_service@db/ledger',
    tokenSource: { kind: 'jwks', url: 'https://id.example/keys', audience: 'ledger' },
    eventStore: { kind: 'eventstoredb', ledger: 'ledger', appendBytes: 1024 * 1024 },
  })
  t.notOk('UNRELATED' in config)
})

t.test(
  'a bad value stops the start with a sentence that names it, never with the value',
  async (t) => {
    const wrong = [
      [{ PORT: '80a' }, 'The setting PORT must be a whole number.'],
      [{ PORT: '70000' }, 'The setting PORT must be at most 65535.'],
      [{ BODY_LIMIT_BYTES: '1' }, 'The setting BODY_LIMIT_BYTES must be at least 1024.'],
      [{ CLOCK: 'sundial' }, 'The setting CLOCK must be one of: real, simulated.'],
      [
        { DATABASE_URL: 'mysql://root:secret@db' },
        'The setting DATABASE_URL must be an address that begins with postgres:// or ' +
          'postgresql://.',
      ],
      [
        { JWKS_URL: 'https://id.example/keys', JWT_ISSUER: 'a' },
        'The setting JWT_AUDIENCE is missing: with JWKS_URL, give the issuer and the audience ' +
          'that tokens must name.',
      ],
    ] as const
    for (const [environment, message] of wrong)
      t.throws(() => readConfig(environment), new ConfigError(message))
  },
)

t.test('all bad values are told at once', async (t) => {
  t.throws(() => readConfig({ PORT: '-1', LOG_LEVEL: 'loud' }), {
    message: /PORT must be at least 0\.\nThe setting LOG_LEVEL must be one of/,
  })
})

t.test('a log in EventStoreDB is named whole, and its password is shown nowhere', async (t) => {
  const folder = t.testdir({ password: 'sec:ret@1\n' })
  const given = {
    EVENT_STORE: 'eventstoredb',
    EVENTSTOREDB_URL: 'kurrentdb+discover://log.example:2113?tls=true',
    EVENTSTOREDB_USER: 'ledger',
    EVENTSTOREDB_PASSWORD_FILE: `${folder}/password`,
  }
  const { eventStore } = readConfig(given)
  t.equal(
    eventStore.kind === 'eventstoredb' && eventStore.connectionString(),
    'kurrentdb+discover://ledger:sec%3Aret%401@log.example:2113?tls=true',
  )
  t.notMatch(JSON.stringify(readConfig(given)), /ret/)

  const { EVENTSTOREDB_URL: url, ...withoutUrl } = given
  const refusals = [
    [withoutUrl, /EVENTSTOREDB_URL is missing: .*give the address/],
    [{ ...given, EVENTSTOREDB_USER: '' }, /go together: give both/],
    [{ ...given, EVENTSTOREDB_PASSWORD_FILE: '/nowhere' }, /EVENTSTOREDB_PASSWORD_FILE can't be/],
    [{ ...given, EVENTSTOREDB_URL: 'esdb://u:secret@h' }, /a user in it beside/],
    [
      { ...given, EVENTSTOREDB_URL: `${url}&tlsVerifyCert=false` },
      /URL can't be used.*verifyCert/i,
    ],
    [{ ...given, EVENTSTOREDB_LEDGER: 'A.b' }, /EVENTSTOREDB_LEDGER must be 1 to 60 small/],
    [{ ...given, EVENTSTOREDB_APPEND_BYTES: '1' }, /EVENTSTOREDB_APPEND_BYTES must be at least/],
  ] as const
  for (const [environment, message] of refusals) {
    const error = t.throws(() => readConfig(environment), { message })
    t.notMatch(String(error), 'secret')
  }
})
