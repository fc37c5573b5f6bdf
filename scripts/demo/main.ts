import { join, resolve } from 'node:path'
import { productFolder } from '../../src/product-folder.js'
import { demoConfig, startDemoService } from './demo-service.js'
import { demonstrate, everywhere } from './demonstration.js'
import { printFigures } from './figures/print-figures.js'
import { roleNameZh } from './office/office-people.js'

const say = (line: string) => void process.stdout.write(`${line}\n`)
const once = process.argv.includes('--once')

const config = await demoConfig(process.env)
const service = await startDemoService(config)
const { origin } = service.client
let ending = false
const end = async (code: number) => {
  if (ending) return
  ending = true
  await service.stop()
  process.exit(code)
}
process.once('SIGINT', () => end(130))
process.once('SIGTERM', () => end(143))

say(`演示服务已启动 The service listens at ${origin}, its API page is ${origin}/docs`)
try {
  const rows = await demonstrate({
    ...service,
    policyFolder: join(productFolder, 'policy'),
    outFolder: resolve('demo-out'),
    say,
  })
  printFigures(rows, say)
  const failed = rows.filter(({ ok }) => !ok).length
  process.exitCode = failed === 0 ? 0 : 1
  if (once || failed > 0) await end(failed === 0 ? 0 : 1)
  await printTokens()
} catch (error) {
  if (!ending) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    await end(1)
  }
}

async function printTokens(): Promise<void> {
  const people = await service.peopleOf({ name: 'demo', division: everywhere })
  for (const { role, token } of Object.values(people)) say(`${roleNameZh(role)} ${role}\n${token}`)
  say(`服务 Service: ${origin}   接口 API: ${origin}/docs   停止 Stop: Ctrl-C`)
}
