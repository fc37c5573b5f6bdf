import { execFile } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '../..')

function demo(...words: readonly string[]) {
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const command = ['--import=tsx', 'scripts/demo/main.ts', ...words]
    execFile(process.execPath, command, { cwd: root, timeout: 60_000 }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
    })
  })
}

t.test('the demonstration says how it is asked for, and starts nothing else', async (t) => {
  t.match(await demo('--help'), { code: 0, out: /--once/, err: '' })
  t.match(await demo('--onec'), { code: 2, out: '', err: /No such option: --onec[\s\S]*--once/ })
})
