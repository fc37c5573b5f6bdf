import { createConnection, createServer } from 'node:net'
import { join } from 'node:path'
import { type Teardown, testFolder } from './postgres.js'

export interface AnswerDroppingProxy {
  /** Holds the proxy's socket: the `host` of a connection. */
  readonly folder: string
  /** The next append is handed on and committed, and its answer lost with the connection. */
  dropNextAnswer(): void
  droppedAnswers(): number
}

const socketName = '.s.PGSQL.5432'

/** Stands between a client and the server, and loses an answer when it is told to. */
export async function startAnswerDroppingProxy(
  t: Teardown,
  serverFolder: string,
): Promise<AnswerDroppingProxy> {
  const folder = await testFolder(t)
  let dropsNext = false
  let dropped = 0
  const proxy = createServer((client) => {
    const server = createConnection(join(serverFolder, socketName))
    let isAppending = false
    client.on('data', (bytes) => {
      isAppending = dropsNext && bytes.includes('ledger-append')
      server.write(bytes)
    })
    server.on('data', (bytes) => {
      if (!isAppending) return client.write(bytes)
      dropsNext = false
      dropped += 1
      server.destroy()
      return client.destroy()
    })
    client.on('error', () => undefined).on('close', () => server.end())
    server.on('error', () => undefined).on('close', () => client.end())
  })
  await new Promise<void>((resolve) => proxy.listen(join(folder, socketName), resolve))
  t.teardown(async () => {
    proxy.close()
  })
  return {
    folder,
    dropNextAnswer() {
      dropsNext = true
    },
    droppedAnswers: () => dropped,
  }
}
