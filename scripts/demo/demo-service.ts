import { createServer } from 'node:net'
import { join } from 'node:path'
import { type HttpService, listen } from '../../src/compose/http.js'
import { openService } from '../../src/compose/service.js'
import { type Config, readConfig } from '../../src/config.js'
import type { OfficeName } from './demonstration.js'
import { LedgerClient } from './office/ledger-client.js'
import { type OfficePeople, officePeople } from './office/office-people.js'

/** A ledger on a simulated clock, listening; nothing of it is used but its address and its key. */
export interface DemoService {
  readonly client: LedgerClient
  readonly peopleOf: (office: OfficeName) => Promise<OfficePeople>
  stop(): Promise<void>
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the settings as the service does, with the demonstration's own defaults. */
export async function demoConfig(environment: Environment): Promise<Config> {
  const asked = readConfig({
    DATA_DIR: join('data', 'demo'),
    LOG_LEVEL: 'warn',
    ...environment,
    CLOCK: 'simulated',
  })
  return (await isFree(asked)) ? asked : { ...asked, port: 0 }
}

export async function startDemoService(config: Config): Promise<DemoService> {
  const log = {
    info: () => undefined,
    warn: (facts: object, phrase: string) =>
      process.stderr.write(`${phrase} ${JSON.stringify(facts)}\n`),
  }
  const service = await openService(config, { log, name: '民政待遇台账（演示）' })
  const http = await listen(service, { logStream: process.stderr })
  return {
    client: new LedgerClient(http.origin),
    peopleOf: (office) => officePeople(office, { key: keyOf(http), ...config }),
    async stop() {
      await http.stop()
      await service.close()
    },
  }
}

function keyOf({ localKey }: HttpService) {
  if (localKey) return localKey
  throw new Error('The demonstration signs its own tokens: start it without JWKS_URL.')
}

function isFree({ host, port }: Config): Promise<boolean> {
  const probe = createServer()
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false))
    probe.listen(port, host, () => probe.close(() => resolve(true)))
  })
}
