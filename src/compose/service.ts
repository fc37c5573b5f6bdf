import { hostname } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import type { AppendCounts } from '../api/metrics.js'
import type { BulkParts } from '../application/bulk/decide-on-roll.js'
import { type Clock, createSimulatedClock, realClock } from '../application/clock.js'
import { createCommandHandler } from '../application/command-handler.js'
import type { PersonNameOpener } from '../application/exports/ports.js'
import type { ImportParts } from '../application/imports/run-import.js'
import { type Founding, openLedger } from '../application/ledger.js'
import type { PaymentParts } from '../application/payment/parts.js'
import {
  createPaymentProcess,
  type PaymentProcess,
} from '../application/payment/payment-process.js'
import { createPolicyReader } from '../application/policy-reader.js'
import type { ErasureParts } from '../application/processes/erasure.js'
import type { ProcessParts } from '../application/processes/parts.js'
import type { ReassessmentParts } from '../application/reassessment.js'
import type { Config } from '../config.js'
import { createPool } from '../database/pool.js'
import { instant } from '../domain/values/calendar.js'
import type { EventStore, LogQueries } from '../event-store/event-store.js'
import { productFolder } from '../product-folder.js'
import { allProjections } from '../projections/all-projections.js'
import { Projector } from '../projections/projector.js'
import { openReadModel, type ReadModel } from '../projections/read-model.js'
import { createErasureFile } from '../sealing/erasure-list.js'
import { createKeyedHashes } from '../sealing/keyed-hashes.js'
import { type MasterKey, openMasterKey } from '../sealing/master-key.js'
import { createPostgresPersonKeys } from '../sealing/postgres-person-keys.js'
import { createVault } from '../sealing/vault.js'
import { readBankLayouts } from './bank-layouts.js'
import { countedLog } from './counted-log.js'
import { type OpenDatabase, openDatabase, type StartLog } from './database.js'
import { assertOrigin, noteOrigin, openLog } from './log.js'
import { Opened } from './opened.js'
import { personNames } from './person-names.js'
import { readPorts, type StreamReader } from './read-ports.js'
import { createReassessmentCheckpoint } from './reassessment-checkpoint.js'

/** Everything a service or a command for operators works with, wired once. */
export interface LedgerService {
  readonly config: Config
  readonly founding: Founding
  readonly clock: Clock
  readonly database: OpenDatabase
  readonly pool: pg.Pool
  readonly store: EventStore
  /** Whether the server of the log answers now. */
  isLogReachable(): Promise<boolean>
  readonly appendCounts: AppendCounts
  readonly masterKey: MasterKey
  readonly processes: ProcessParts
  readonly erasure: ErasureParts
  readonly bulk: BulkParts
  readonly reassessment: ReassessmentParts
  readonly imports: ImportParts
  readonly paymentParts: PaymentParts
  readonly payment: PaymentProcess
  readonly names: PersonNameOpener
  readonly model: ReadModel
  readonly projector: Projector
  close(): Promise<void>
}

export interface OpeningOptions {
  readonly log: StartLog
  /** Where a simulated ledger's clock starts when it has no events yet. */
  readonly simulatedStart?: string
  /** What a new ledger is called on its pages and files. */
  readonly name?: string
}

/** Opens the ledger of a configuration: database, log, keys, read models; founds it when empty. */
export async function openService(config: Config, options: OpeningOptions): Promise<LedgerService> {
  const opened = new Opened()
  try {
    return await openAll(config, options, opened)
  } catch (error) {
    await opened.close().catch(() => undefined)
    throw error
  }
}

async function openAll(
  config: Config,
  options: OpeningOptions,
  opened: Opened,
): Promise<LedgerService> {
  const database = await openDatabase(config, options.log)
  opened.add(() => database.close())
  const clock = clockOf(config, options)
  const { queries, ...log } = await openLog({
    settings: config.eventStore,
    database,
    clock: clock.kind,
    log: options.log,
    requestMilliseconds: config.requestMilliseconds,
  })
  opened.add(() => log.close())
  opened.add(() => log.store.close())
  const { appendCounts, store } = countedLog(log.store)
  const pool = servicePool(config, database)
  opened.add(() => pool.end())
  await assertOrigin(pool, store)
  const masterKey = await openMasterKey(config.masterKeyFile)
  const processes = processParts({ config, store, queries, clock, pool, masterKey })
  await processes.vault.assertMasterKeyFits()
  const { hashes, vault } = processes
  const name = options.name ?? '民政待遇台账'
  const founding = await openLedger({ store, clock, hashes, name })
  await noteOrigin(pool, store)
  const model = openReadModel(pool)
  const projector = projectorOf({ ...processes, pool }, { ...config, ...options })
  opened.add(() => projector.stop())
  await projector.start()
  const checkpoint = createReassessmentCheckpoint({
    query: (text, values) => pool.query(text, values),
  })
  const readStreams: StreamReader = (streams) => queries.readStreams(streams)
  const ports = readPorts({ model, projector, vault, readStreams, reassessed: checkpoint })
  const layouts = await readBankLayouts(
    config.bankLayoutsDirectory ?? join(productFolder, 'bank-layouts'),
  )
  const paymentParts = { ...processes, ...ports, ...layouts }

  return {
    config,
    founding,
    clock,
    database,
    pool,
    store,
    isLogReachable: log.isReachable,
    appendCounts,
    masterKey,
    processes,
    erasure: { ...processes, unpaid: ports.unpaid, duplicates: ports.duplicates },
    bulk: { ...processes, rolls: ports.rolls },
    reassessment: { ...processes, rolls: ports.rolls, checkpoint },
    imports: { ...processes, readStreams, bankLayouts: layouts.bankLayouts },
    paymentParts,
    payment: createPaymentProcess(paymentParts),
    names: personNames(readStreams, vault),
    model,
    projector,
    close: () => opened.close(),
  }
}

/** Long work has statements that take longer than an ordinary request may. */
const statementInRequests = 2

function servicePool({ requestMilliseconds }: Config, { connection }: OpenDatabase): pg.Pool {
  const answerMilliseconds = statementInRequests * requestMilliseconds
  return createPool(connection, { name: 'service', connections: 12, answerMilliseconds })
}

const simulatedStart = '2012-01-01T00:00:00.000Z'

function clockOf(config: Config, options: OpeningOptions): Clock {
  if (config.clock === 'real') return realClock
  return createSimulatedClock(instant(options.simulatedStart ?? simulatedStart))
}

function projectorOf(
  parts: Pick<ProcessParts, 'hashes' | 'store' | 'vault'> & { readonly pool: pg.Pool },
  { log, requestMilliseconds }: Pick<OpeningOptions, 'log'> & Pick<Config, 'requestMilliseconds'>,
): Projector {
  const { hashes, pool, store, vault } = parts
  return new Projector({
    pool,
    store,
    projections: allProjections({ vault, hashes }),
    owner: `${hostname()}/${process.pid}`,
    leaseMilliseconds: Math.round(requestMilliseconds / 2),
    onHalt: (halt) => log.warn({ halt }, 'halted the projections'),
    onInterruption: (reason) => log.warn({ reason }, 'interrupted the projections'),
  })
}

function processParts(parts: {
  readonly config: Config
  readonly store: EventStore
  readonly queries: LogQueries
  readonly clock: Clock
  readonly pool: pg.Pool
  readonly masterKey: MasterKey
}): ProcessParts {
  const { config, store, queries, clock, pool, masterKey } = parts
  const hashes = createKeyedHashes(masterKey)
  const vault = createVault({
    keys: createPostgresPersonKeys({ query: (text, values) => pool.query(text, [...values]) }),
    erasures: createErasureFile(join(config.dataDirectory, 'erased-persons.txt')),
    masterKey,
  })
  const handler = createCommandHandler({ store, clock, hashes })
  const policies = createPolicyReader(store, (range) => queries.policyEvents(range))
  return { store, handler, policies, vault, hashes, clock }
}
