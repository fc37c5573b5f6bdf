import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ConfigError } from '../../src/config.js'
import { productFolder } from '../../src/product-folder.js'
import { type DemoService, demoConfig, startDemoService } from './demo-service.js'
import { demonstrate, everywhere } from './demonstration.js'
import { allFigures } from './figures/all-figures.js'
import { printFigures } from './figures/print-figures.js'
import { demonstrationPlan } from './generator/demonstration-plan.js'
import { roleNameZh } from './office/office-people.js'
import { startProgress } from './progress.js'

const say = (line: string) => void process.stdout.write(`${line}\n`)

const usage = `用法 Usage: npm run demo -- [--once]

  --once   对账后退出 · end when the figures are compared; without it the ledger goes on listening
  --help   显示本说明 · print this`

process.exitCode = await answerTo(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${reasonOf(error)}\n`)
  return 1
})
// What is left to the runtime are connections kept open for a next request.
process.exit()

/** What is asked for wrongly starts nothing. */
async function answerTo(words: readonly string[]): Promise<number> {
  const unknown = words.filter((word) => word !== '--once' && word !== '--help')
  if (unknown.length > 0) {
    process.stderr.write(`没有选项 No such option: ${unknown.join(' ')}\n\n${usage}\n`)
    return 2
  }
  if (!words.includes('--help')) return run(words.includes('--once'))
  say(usage)
  return 0
}

function reasonOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** Answers the exit code: 0 where every figure agrees. */
async function run(once: boolean): Promise<number> {
  const service = await startDemoService(await demoConfig(process.env))
  const interrupted = new Promise<number>((interrupt) => {
    process.once('SIGINT', () => interrupt(130))
    process.once('SIGTERM', () => interrupt(143))
  })
  try {
    return await Promise.race([interrupted, show(service, { once, interrupted })])
  } finally {
    await service.stop()
  }
}

async function show(
  service: DemoService,
  until: { readonly once: boolean; readonly interrupted: Promise<number> },
): Promise<number> {
  const { origin } = service.client
  say(`演示台账已启动 The ledger listens at ${origin} with its API page at ${origin}/docs`)
  const rows = await demonstrate(
    {
      ...service,
      plans: demonstrationPlan(),
      figures: allFigures,
      policyFile: (path) => readFile(join(productFolder, 'policy', path)),
      startProgress: (actions) => startProgress(actions, process.stderr),
    },
    { folder: resolve('demo-out'), say },
  )
  printFigures(rows, say)
  if (!rows.every(({ ok }) => ok)) return 1
  if (until.once) return 0

  await printTokens(service)
  say(`服务 Service: ${origin}   接口 API: ${origin}/docs   停止 Stop: Ctrl-C`)
  await until.interrupted
  return 0
}

async function printTokens({ peopleOf }: DemoService): Promise<void> {
  say('令牌 Tokens, one a role, for all three districts:')
  for (const { role, token } of Object.values(await peopleOf(everywhere)))
    say(`\n${roleNameZh(role)} ${role}\n${token}`)
  say('')
}
