import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Role } from '../api/auth/actor.js'
import { issueToken, verifyToken } from '../api/auth/tokens.js'
import { sentencesOf } from '../api/problem.js'
import { postgresIssuedTokens, revokeTokens } from '../api/vault/issued-tokens.js'
import { postgresRevocations } from '../api/vault/revoked-tokens.js'
import { type Actor, assertWithinScope } from '../application/caller.js'
import { explainCase, explanationLines } from '../application/explain-case.js'
import { ordinalKnownAt } from '../application/known-at.js'
import { findStuckProcesses } from '../application/processes/stuck.js'
import type { Facts, OperatorLedger, OperatorPorts, TokenDesk, TokenOrder } from '../cli/ports.js'
import type { Config } from '../config.js'
import { DomainError } from '../domain/errors.js'
import { Month } from '../domain/values/calendar.js'
import { DivisionCode } from '../domain/values/division.js'
import { ActorId, CaseId, type Ordinal } from '../domain/values/identifiers.js'
import { allProjections } from '../projections/all-projections.js'
import { checkReadModel } from '../projections/check/check.js'
import { openReadModel } from '../projections/read-model.js'
import { rebuildReadModel } from '../projections/rebuild.js'
import { importsWaiting } from '../projections/registers/waiting.js'
import { backupLedger, restoreLedger } from './backup.js'
import { openDatabase, type StartLog } from './database.js'
import { exportLogOf, importLogInto } from './move-log.js'
import { patiently } from './patient-pool.js'
import { type LedgerService, openService } from './service.js'
import { tokenRules } from './token-rules.js'

/** The commands for operators on the ledger of a configuration. */
export function createOperatorPorts(config: Config, log: StartLog): OperatorPorts {
  return {
    serve: () => serve(config, log),
    async migrate() {
      const ran: string[] = []
      const database = await openDatabase(config, {
        ...log,
        info: (facts, phrase) => {
          if ('migrations' in facts && Array.isArray(facts.migrations))
            ran.push(...facts.migrations.map(String))
          log.info(facts, phrase)
        },
      })
      await database.close()
      return ran
    },
    async found(name) {
      const service = await openService(config, { log, name })
      await service.close()
      const { founding } = service
      // The name is in the first event, which nobody edits.
      if (founding.name !== name) throw new DomainError('ledger-already-founded', { ...founding })
      return founding
    },
    async open() {
      await assertThere(config)
      return operatorLedger(await openService(config, { log }))
    },
    async backup({ file, keysFile, overwrite, passphrase }) {
      await assertThere(config)
      const service = await openService(config, { log })
      try {
        const takenAt = service.clock.now()
        const { admin } = service.database
        const request = { file, keysFile, overwrite, passphrase, takenAt }
        const taken = await backupLedger(config, admin, request)
        const place = config.eventStore.kind === 'postgres' ? 'in this file' : 'elsewhere'
        return factsOf({ file, keysFile, log: place, ...taken })
      } finally {
        await service.close()
      }
    },
    async restore(order) {
      const { erasures, ...request } = order
      const given = erasures === undefined ? request : { ...request, erasures }
      return factsOf({ ...(await restoreLedger(config, given)) })
    },
    async exportLog(order) {
      await assertThere(config)
      return factsOf({ file: order.file, ...(await exportLogOf(config, log, order)) })
    },
    async importLog(order) {
      return factsOf({ file: order.file, ...(await importLogInto(config, log, order)) })
    },
    sentencesOf,
  }
}

/** A command other than serve and found makes no ledger by accident. */
async function assertThere({ databaseUrl, dataDirectory }: Config): Promise<void> {
  if (databaseUrl !== undefined) return
  const found = await stat(join(dataDirectory, 'db')).catch(() => undefined)
  if (!found) throw new DomainError('ledger-not-founded')
}

async function serve(config: Config, log: StartLog): Promise<void> {
  const service = await openService(config, { log })
  // Loaded here only: no other command needs a web server.
  const { listen } = await import('./http.js')
  try {
    const http = await listen(service)
    log.info({ origin: http.origin }, 'listened')
    await new Promise<void>((resolve) => {
      process.once('SIGTERM', () => resolve())
      process.once('SIGINT', () => resolve())
    })
    await http.stop()
  } finally {
    await service.close()
  }
}

async function operatorLedger(service: LedgerService): Promise<OperatorLedger> {
  const { hashes, vault } = service.processes
  const tokens = await tokenDesk(service)
  return {
    founding: service.founding,
    processes: service.processes,
    imports: service.imports,
    payments: service.payment,
    reassessment: service.reassessment,
    tokens,
    actorOf: (token) => actorOf(service, token),
    async explain({ caseId, month, asKnownAt }) {
      const asked = { caseId: CaseId.parse(caseId), month: monthOf(month) }
      const knownAt = await ordinalOf(service, asKnownAt)
      return explanationLines(await explainCase(service.store, { ...asked, knownAt }))
    },
    importsWaiting: (within) => waitingImports(service, within),
    async rebuild(onProgress) {
      const { ordinal, milliseconds, differences } = await patiently(
        service.database.connection,
        (pool) =>
          rebuildReadModel({
            pool,
            store: service.store,
            projections: allProjections({ vault, hashes }),
            onProgress: ({ ordinal, head }) => onProgress({ done: ordinal + 1, total: head + 1 }),
          }),
      )
      return { ordinal, milliseconds, differences: differences ?? 'not compared' }
    },
    async check(onProgress) {
      await service.projector.waitFor(await service.store.head(), patienceMilliseconds)
      const { differences } = await patiently(service.database.connection, (pool) =>
        checkReadModel({
          store: service.store,
          model: openReadModel(pool),
          names: { vault, hashes },
          onProgress: ({ done, of }) => onProgress({ done, total: of }),
        }),
      )
      return differences.map((difference) => JSON.stringify(difference))
    },
    async unfinished() {
      const { policies, store, vault } = service.processes
      const found = await findStuckProcesses({ policies, store, vault })
      return found.map((process) => JSON.stringify(process))
    },
    async status() {
      const { halted, ...status } = await service.projector.status()
      return { ...status, halted: halted === null ? null : JSON.stringify(halted) }
    },
    close: () => service.close(),
  }
}

const patienceMilliseconds = 600_000
const importsListed = 1000

async function waitingImports(
  { model, projector, store }: LedgerService,
  within: DivisionCode,
): Promise<readonly Facts[]> {
  await projector.waitFor(await store.head(), patienceMilliseconds)
  const waiting = await importsWaiting(model, { within, limit: importsListed })
  return waiting.map(({ division, importId, kind, preparedBy, preparedOn, rows, started }) => ({
    importId,
    kind,
    rows,
    division,
    preparedBy,
    preparedOn,
    state: started ? '写入未完成 begun' : '待确认 prepared',
  }))
}

function monthOf(text: string): Month {
  const parsed = Month.safeParse(text)
  if (!parsed.success) throw new DomainError('option-malformed', { options: ['<month>'] })
  return parsed.data
}

/** An ordinal, or the last one known at an instant. */
async function ordinalOf(
  { clock, store }: LedgerService,
  text: string | undefined,
): Promise<Ordinal | undefined> {
  if (text === undefined) return undefined
  const parts = { ordinalAt: store.ordinalAt.bind(store), now: () => clock.now() }
  return ordinalKnownAt(parts, text)
}

async function actorOf(service: LedgerService, token: string | undefined): Promise<Actor> {
  if (token === undefined || token === '') throw new DomainError('token-missing')
  const { rules } = await tokenRules(service.config)
  const { sub, roles, division, jti, iat } = await verifyToken(token, rules)
  const revocations = revocationsOf(service)
  const identity = { tokenId: jti, subject: sub, division, issuedAtSeconds: iat }
  if (await revocations.isRevoked(identity)) throw new DomainError('token-revoked')
  return { sub, roles, division }
}

function revocationsOf({ pool }: LedgerService) {
  return postgresRevocations({ query: (text, values) => pool.query(text, values) })
}

function issuedOf({ pool }: LedgerService) {
  return postgresIssuedTokens({ query: (text, values) => pool.query(text, values) })
}

const selectRevoked = `
  SELECT kind, value, division, revoked_at, revoked_by, reason
  FROM vault.revoked_token
  ORDER BY revoked_at DESC
  LIMIT 1000`

async function tokenDesk(service: LedgerService): Promise<TokenDesk> {
  const { localKey, rules } = await tokenRules(service.config)
  return {
    async issue(given, by) {
      if (!localKey) throw new DomainError('tokens-issued-elsewhere')
      const order = checkedOrder(given)
      if (by) assertWithinScope(by, order.division)
      else await claimFirst(service, { keyId: localKey.keyId, actor: order.actor })
      const token = await issueToken(order, { ...rules, key: localKey })
      const { tokenId } = token
      await issuedOf(service).record({ ...order, tokenId, issuedBy: by?.sub ?? null })
      return token
    },
    async revoke({ kind, value, reason, by }) {
      const { division, sub } = by
      const tokens = { issued: issuedOf(service), revocations: revocationsOf(service) }
      return revokeTokens(tokens, { kind, value, division, reason, by: sub })
    },
    async listRevoked() {
      const { rows } = await service.pool.query<Record<string, string>>(selectRevoked)
      return rows
    },
  }
}

/** The first token under a key needs nobody's word; whoever removes the key ends all its tokens. */
async function claimFirst(
  { pool }: LedgerService,
  { actor, keyId }: { readonly actor: ActorId; readonly keyId: string },
): Promise<void> {
  const { rowCount } = await pool.query(insertFirst, [keyId, actor])
  if (rowCount === 0) throw new DomainError('first-token-issued')
}

const insertFirst = `
  INSERT INTO vault.first_token (key_id, actor)
  VALUES ($1, $2)
  ON CONFLICT DO NOTHING`

function checkedOrder({ sub, name, roles, division, days }: TokenOrder) {
  const actor = ActorId.safeParse(sub)
  const known = Role.array().min(1).safeParse(roles)
  const scope = DivisionCode.safeParse(division)
  const wrong = [
    ...(actor.success ? [] : ['--sub']),
    ...(known.success ? [] : ['--role']),
    ...(scope.success ? [] : ['--division']),
    ...(days >= 1 && days <= 366 ? [] : ['--days']),
  ]
  if (!actor.success || !known.success || !scope.success || wrong.length > 0)
    throw new DomainError('option-malformed', { options: wrong })
  const lifetimeSeconds = Math.round(days * 86_400)
  return { actor: actor.data, name, roles: known.data, division: scope.data, lifetimeSeconds }
}

function factsOf(result: object): Facts {
  const facts: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(result))
    facts[name] =
      typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value)
  return facts
}
