import { setTimeout as sleep } from 'node:timers/promises'
import { createPool } from '../../src/database/pool.js'
import type { Random } from '../demo/generator/random.js'
import type { AttackedPlace, AttackedService } from './attacked-place.js'
import type { Network } from './network.js'

export const attackNames = [
  'kill-service',
  'kill-server',
  'kill-session',
  'end-session',
  'kill-log',
  'cut-network',
  'stall-network',
  'half-open-network',
  'steal-answer',
  'jump-clock',
  'cut-log-network',
  'stall-log-network',
  'half-open-log-network',
  'steal-log-answer',
] as const
export type AttackName = (typeof attackNames)[number]

/** Most stalls are short; one in so many is longer than a request may take. */
const shortStallMilliseconds = 6000
const longStallMilliseconds = 36_000
const percentOfLongStalls = 6
const jumpsMinutes = [-60, -10, -4, -1, 1, 4, 10, 60]
const jumpMilliseconds = 4000
/** Until the ends of a connection that lost one direction hear of it. */
const halfOpenMilliseconds = 25_000

/** One attack; resolves when what was killed answers again, and what was stalled flows again. */
export async function attack(
  place: AttackedPlace,
  name: AttackName,
  random: Random,
): Promise<void> {
  switch (name) {
    case 'kill-service':
      return random.pick(place.services).kill()
    case 'kill-server':
      return place.killServer()
    case 'kill-log':
      return place.log?.kill(random.between(0, 999) / 1000)
    case 'kill-session':
      return onSession(place, random, async (processId) => place.killSession(processId))
    case 'end-session':
      return onSession(place, random, async (processId, query) => {
        await query('SELECT pg_terminate_backend($1)', [processId])
      })
    case 'jump-clock':
      return jumpClock(random.pick(place.services), random)
    case 'cut-log-network':
    case 'stall-log-network':
    case 'half-open-log-network':
    case 'steal-log-answer':
      return onNetwork(random.pick(place.services).logNetwork, name, random)
    default:
      return onNetwork(random.pick(place.services).network, name, random)
  }
}

/** Whether a place has what is attacked: a log in PostgreSQL has no server of its own. */
export function isPossible({ log, services }: AttackedPlace, name: AttackName): boolean {
  if (name === 'kill-log') return log !== undefined
  return !name.includes('-log-') || services.some(({ logNetwork }) => logNetwork)
}

async function onNetwork(
  network: Network | undefined,
  name: AttackName,
  random: Random,
): Promise<void> {
  if (name.startsWith('cut')) network?.cut()
  else if (name.startsWith('stall')) await network?.stall(stallOf(random))
  else if (name.startsWith('half-open')) network?.halfOpen(random, halfOpenMilliseconds)
  else network?.stealNextAnswer()
}

/** Jumps that the log lets pass, and such that it refuses, both ways; then it is put right. */
async function jumpClock(service: AttackedService, random: Random): Promise<void> {
  await service.setClockAhead(random.pick(jumpsMinutes) * 60_000)
  await sleep(random.between(500, jumpMilliseconds))
  await service.setClockAhead(0)
}

function stallOf(random: Random): number {
  const isLong = random.chance(percentOfLongStalls)
  return isLong ? longStallMilliseconds : random.between(100, shortStallMilliseconds)
}

type Query = (text: string, values?: unknown[]) => Promise<readonly { readonly pid: number }[]>

/** The server takes nobody in while it recovers from the kill of a session. */
const recoveryMilliseconds = 60_000
const pauseMilliseconds = 50

const sessionsOfServices =
  "SELECT pid FROM pg_stat_activity WHERE usename = 'ledger_service' ORDER BY pid"

async function onSession(
  place: AttackedPlace,
  random: Random,
  act: (processId: number, query: Query) => Promise<void>,
): Promise<void> {
  const pool = createPool(place.server().adminConnection, { name: 'torture', connections: 1 })
  const query: Query = async (text, values) =>
    (await pool.query<{ pid: number }>(text, values)).rows
  try {
    const sessions = await patiently(() => query(sessionsOfServices))
    if (sessions.length > 0) await act(random.pick(sessions).pid, query)
    await sleep(pauseMilliseconds)
    await patiently(() => query(sessionsOfServices))
  } finally {
    await pool.end()
  }
}

/** Again and again until the server takes somebody in. */
async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  const end = performance.now() + recoveryMilliseconds
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (performance.now() > end) throw error
      await sleep(pauseMilliseconds)
    }
  }
}
