import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { templateFiles } from '../../src/application/imports/templates.js'
import type { OperatorPorts } from '../../src/cli/ports.js'
import { runCommandLine } from '../../src/cli/program.js'
import { createOperatorPorts } from '../../src/compose/operators.js'
import { readConfig } from '../../src/config.js'
import { testFolder } from '../support/postgres.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const silent = { info: () => undefined, warn: () => undefined }

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A command line as an operator types it, in a process of its own. */
function typed(environment: Record<string, string>, ...words: readonly string[]): Promise<Ran> {
  const { PATH = '', HOME = '' } = process.env
  const main = join(root, 'src/cli/main.ts')
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      ['--import', 'tsx', main, ...words],
      { cwd: root, env: { PATH, HOME, ...environment } },
      (error, out, err) => {
        const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0
        resolve({ code, out, err })
      },
    ),
  )
}

/** The same in this process, which saves the start. */
async function run(
  ports: OperatorPorts,
  environment: Record<string, string>,
  ...words: readonly string[]
): Promise<Ran> {
  let out = ''
  let err = ''
  const terminal = {
    environment,
    interactive: false,
    out: (text: string) => {
      out += text
    },
    err: (text: string) => {
      err += text
    },
  }
  const code = await runCommandLine({ ports, terminal }, words)
  return { code, out, err }
}

const factIn = (text: string, name: string) =>
  new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? ''

t.test('an operator lives with a ledger from its founding to a restore', async (t) => {
  const folder = await testFolder(t)
  const files = await testFolder(t)
  const environment = { DATA_DIR: join(folder, 'data'), CLOCK: 'real' }
  const ports = createOperatorPorts(readConfig(environment), silent)
  const cli = (...words: readonly string[]) => run(ports, {}, ...words)

  await t.test(
    'nothing is made by accident, and a refusal is two sentences and no stack',
    async (t) => {
      const refused = await typed(environment, 'status')
      t.equal(refused.code, 2)
      t.equal(refused.out, '')
      t.match(refused.err, /台账尚未建立[\s\S]*There is no ledger yet[\s\S]*\(ledger-not-founded\)/)
      t.notMatch(refused.err, /^\s+at /m)
      const wrong = await typed({ ...environment, PORT: 'x' }, 'status')
      t.match(wrong, { code: 2, err: /The setting PORT/ })
      const unknown = await cli('no-such')
      t.match(unknown, { code: 2, err: /unknown command[\s\S]*--help/ })
      const help = await cli('import', '--help')
      t.match(help, { code: 0, out: /导入家庭（个案）· import households/ })
    },
  )

  await t.test('it is founded once', async (t) => {
    const founded = await typed(environment, 'found', '示例区台账')
    t.match(founded, { code: 0, out: /name: 示例区台账/ })
    t.match(await cli('found', '示例区台账'), founded)
    const other = /已有台账「示例区台账」[\s\S]*\(ledger-already-founded\)/
    t.match(await cli('found', '另一个名字'), { code: 2, out: '', err: other })
  })

  const as = (person: { readonly token: string }, ...words: readonly string[]) =>
    run(ports, { BENEFITS_TOKEN: person.token }, ...words)
  const personOf = (sub: string, division = '990000000000') => {
    return ['--sub', sub, '--name', sub, '--division', division]
  }
  const tokenIn = ({ out }: { readonly out: string }) => {
    return { token: factIn(out, 'token'), tokenId: factIn(out, 'tokenId') }
  }
  const first = ['token', 'issue', '--first', ...personOf('administrator-1')]
  const administrator = tokenIn(await cli(...first, '--role', 'administrator'))
  const issue = async (sub: string, ...roles: readonly string[]) => {
    const order = ['token', 'issue', ...personOf(sub), '--role', ...roles]
    return tokenIn(await as(administrator, ...order))
  }
  const officer = await issue('officer-1', 'payment-officer', 'clerk')
  const approver = await issue('approver-1', 'approver')
  const auditor = await issue('auditor-1', 'auditor')
  await t.test('the first token is issued once, and no token beyond its issuer', async (t) => {
    for (const sub of ['administrator-1', 'administrator-2'])
      t.match(await cli('token', 'issue', '--first', ...personOf(sub), '--role', 'administrator'), {
        code: 2,
        out: '',
        err: /\(first-token-issued\)/,
      })
    const county = ['token', 'issue', ...personOf('county-1', '990101000000')]
    const ofCounty = tokenIn(await as(administrator, ...county, '--role', 'administrator'))
    const beyond = ['token', 'issue', ...personOf('county-2'), '--role', 'administrator']
    t.match(await as(ofCounty, ...beyond), { code: 2, err: /\(division-outside-scope\)/ })
    const above = ['token', 'revoke', administrator.tokenId, '--reason', '误']
    t.match(await as(ofCounty, ...above), { code: 2, err: /\(token-outside-scope\)/ })
    t.match(await as(administrator, 'token', 'list'), { code: 0 })
  })

  await t.test('a write carries the token of a person who may', async (t) => {
    const policy = join(root, 'policy')
    t.match(await cli('import', 'policy', policy), { code: 2, err: /\(token-missing\)/ })
    t.match(await as(auditor, 'import', 'policy', policy), { code: 2, err: /\(role-missing\)/ })
    const forged = { token: `${administrator.token.slice(0, -4)}AAAA` }
    t.match(await as(forged, 'import', 'policy', policy), { code: 2, err: /\(token-invalid\)/ })
    const revoked = await issue('clerk-9', 'clerk')
    const order = ['token', 'revoke', revoked.tokenId, '--reason', '离岗']
    t.match(await as(administrator, ...order), { code: 0, out: /endedTokens: 1/ })
    t.match(await as(revoked, 'import', 'members', 'x.csv'), { err: /\(token-revoked\)/ })
    t.match(await as(administrator, 'token', 'list'), { out: new RegExp(revoked.tokenId) })
    const wrong = ['--sub', 'x', '--name', 'x', '--role', 'king', '--division', '1']
    t.match(await as(administrator, 'token', 'issue', ...wrong), {
      code: 2,
      err: /--role, --division[\s\S]*\(option-malformed\)/,
    })
  })

  await t.test(
    'policy, households, accounts, campaign and deaths come in from files',
    async (t) => {
      const founding = ['import', 'policy', join(root, 'policy')]
      t.match(await as(approver, ...founding), { code: 2, err: /\(import-not-prepared\)/ })
      t.match(await as(administrator, ...founding, '--dry-run'), { code: 0, out: /would-change/ })
      const own = /步骤 写入导入 [\s\S]*\(same-person-prepares/
      t.match(await as(administrator, ...founding), { err: own })
      const policy = await as(approver, ...founding)
      t.match(policy, { code: 0, out: /result: completed[\s\S]*StandardSet 60/ })
      for (const { name, bytes } of await templateFiles()) await writeFile(join(files, name), bytes)
      const at = (name: string) => join(files, name)
      const withMembers = ['--members', at('members.xlsx'), '--history', at('history.csv')]
      const households = ['import', 'cases', at('cases.xlsx'), ...withMembers]
      const dry = await as(officer, ...households, '--dry-run')
      t.match(dry, { code: 0, out: /result: would-change[\s\S]*CaseOpened 1/ })
      const waiting = await as(approver, 'import', 'waiting')
      const prepared = /^\S+ {2}cases {2}\d+ {2}\d{12} {2}\S+ {2}\S+ {2}待确认 prepared\n$/
      t.match(waiting, { code: 0, out: prepared })
      t.equal(waiting.out.split('  ')[2], factIn(dry.out, 'rows'), 'as many rows as the dry run')
      const importId = waiting.out.split(' ')[0] ?? ''
      const withdraw = ['import', 'withdraw', importId]
      t.match(await as(officer, ...withdraw), { err: /--reason/ })
      const malformed = ['import', 'withdraw', 'i', '--reason', '有误']
      t.match(await as(administrator, ...malformed), { err: /\(option-malformed\)/ })
      const withdrawn = { code: 0, out: /changed: true\nwithdrawnOf:\n {2}\S+\n/ }
      t.match(await as(officer, ...withdraw, '--reason', '文件有误'), withdrawn)
      t.match(await as(approver, 'import', 'waiting', '--json'), { code: 0, out: '[]\n' })
      t.match(await as(officer, ...households, '--dry-run'), { code: 0, out: /would-change/ })
      const before = await cli('status', '--json')
      const done = await typed(environment, ...households, '--token', approver.token)
      t.match(done, { code: 0, out: /result: completed[\s\S]*CaseOpened 1/ })
      t.match(await as(officer, ...households), { code: 0, out: /result: unchanged/ })
      t.match(await as(approver, 'import', 'waiting', '--json'), { code: 0, out: '[]\n' })
      const after = await cli('status', '--json')
      t.not(before.out, after.out)
      const byTwo = async (...words: readonly string[]) => {
        t.match(await as(officer, ...words, '--dry-run'), { code: 0, out: /would-change/ })
        return as(approver, ...words)
      }
      const accounts = await byTwo('import', 'accounts', at('accounts.csv'))
      t.match(accounts, { code: 0, out: /PayeeAccountSet 1/ })
      const list = ['import', 'campaign', at('campaign.xlsx'), '--campaign', 'c-1']
      const decided = ['--programme', 'festival-greeting', '--month', '2011-12']
      const paper = ['--document', '1号', '--issuer', '示例', '--decided-on', '2011-12-01']
      const where = ['--division', '990101000000']
      const campaign = await byTwo(...list, ...decided, ...paper, ...where)
      t.match(campaign, { code: 0, out: /SupplementGranted 1/ })
      const farMonth = decided.map((word) => (word === '2011-12' ? '2111-12' : word))
      const far = await as(officer, ...list, ...farMonth, ...paper, ...where, '--dry-run')
      t.match(far, { code: 2, err: /\(month-too-far-ahead\)/ })
      const badDate = ['--document', '1号', '--issuer', '示例', '--decided-on', '2011-13-01']
      t.match(await as(officer, ...list, ...decided, ...badDate, ...where), {
        code: 2,
        err: /--decidedOn/,
      })
    },
  )

  await t.test('bad rows are printed one by one and go to a report', async (t) => {
    const bad = join(files, 'bad.csv')
    await writeFile(bad, '户编号,身份证号,姓名,与户主关系\nA-0001,123,某,子\nZ-9,,某,子\n')
    const report = join(files, 'faults.csv')
    const refused = await as(officer, 'import', 'members', bad, '--report', report)
    t.equal(refused.code, 2)
    t.match(refused.err, /bad\.csv:2 \[身份证号\] 身份证号有误/)
    t.match(refused.err, /bad\.csv:3 .*\(household-unknown\)/)
    t.match(await readFile(report, 'utf8'), /bad\.csv,2,身份证号,cell-malformed/)
    t.match(await as(officer, 'import', 'members', join(files, 'none.csv')), {
      code: 2,
      err: /\(file-missing\)/,
    })
  })

  await t.test('an amount is explained from the log, as known at an ordinal', async (t) => {
    const explained = await as(officer, 'explain', 'A-0001', '2011-05')
    t.match(explained, { code: 0, out: /740\.00 元[\s\S]*#\d+ 期初接收 OpeningPositionRecorded/ })
    t.match(explained.out, /经办 prepared by officer-1，批准 approved by approver-1/)
    t.match(explained.out, /MemberJoined 经办 officer-1 写入 approver-1/)
    const early = await as(officer, 'explain', 'A-0001', '2011-05', '--as-known-at', '3')
    t.match(early, { code: 2, err: /\(case-unknown\)/ })
    const typed = await as(officer, 'explain', 'nosuch', '2011-05')
    t.match(typed, { code: 2, err: /没有编号为 nosuch 的/ })
    t.match(await as(officer, 'explain', 'A-0001', '2011-5'), { err: /\(option-malformed\)/ })
  })

  await t.test('a payment run goes from hand to hand', async (t) => {
    const where = ['--programme', 'urban-dibao', '--division', '990101000000']
    const what = ['run', 'open', '--kind', 'regular', '--period', '2012-01', ...where]
    const opened = await as(officer, ...what, '--key', 'january-2012-run')
    t.equal(opened.code, 0, opened.err)
    const runId = factIn(opened.out, 'runId')
    const again = await as(officer, ...what, '--key', 'january-2012-run')
    t.equal(factIn(again.out, 'runId'), runId)
    const prepared = await as(officer, 'run', 'prepare', runId)
    t.match(prepared, { code: 0, out: /prepared: true[\s\S]*lineCount: 1/ }, prepared.err)
    t.match(await as(officer, 'run', 'submit', runId), { code: 0 })
    t.match(await as(officer, 'run', 'approve', runId), { code: 2, err: /\(role-missing\)/ })
    t.match(await as(approver, 'run', 'approve', runId), { code: 0, out: /approved: true/ })
    const out = join(files, 'bank.csv')
    const release = ['run', 'release', runId, '--layout', 'no-such', '--out', out]
    t.match(await as(officer, ...release), { code: 2, err: /\(bank-layout-unknown\)/ })
    await t.rejects(readFile(out))
    t.match(await as(officer, 'run', 'submit', 'x'), { code: 2, err: /\(option-malformed\)/ })
  })

  await t.test('a death list ends what it has to end, and all checks out', async (t) => {
    const deaths = ['import', 'deaths', join(files, 'deaths.xlsx'), '--source', '殡仪馆']
    t.match(await as(officer, ...deaths, '--dry-run'), { code: 0, out: /matched: 1/ })
    t.match(await as(officer, ...deaths), { code: 0, out: /matched: 1/ })
    t.match(await cli('check'), { code: 0, out: /differences:\n$/ })
    t.match(await cli('unfinished'), { code: 0, out: /unfinished:\n$/ })
    t.match(await cli('rebuild'), { code: 0, out: /differences:\n$/ })
    t.match(await cli('migrate'), { code: 0 })
  })

  await t.test('a backup comes back somewhere else', async (t) => {
    const at = (name: string) => join(files, name)
    const backup = ['backup', at('b.gz'), '--keys', at('b.keys')]
    t.match(await cli(...backup), { code: 2, err: /\(passphrase-missing\)/ })
    const secret = { BENEFITS_BACKUP_PASSPHRASE: '一个足够长的备份口令一二三' }
    for (const keys of [at('b.gz'), `${files}/./b.gz`])
      t.match(await run(ports, secret, 'backup', at('b.gz'), '--keys', keys), {
        code: 2,
        err: /\(backup-files-same\)/,
      })
    const master = join(folder, 'data', 'master.key')
    const onKeys = ['backup', at('b.gz'), '--keys', master, '--overwrite']
    t.match(await run(ports, secret, ...onKeys), { code: 2, err: /\(backup-files-same\)/ })
    const taken = await run(ports, secret, ...backup)
    t.equal(taken.code, 0, taken.err)
    const written = await readFile(at('b.keys'))
    t.match(await run(ports, secret, ...backup), { code: 2, err: /\(backup-file-exists\)/ })
    t.same(await readFile(at('b.keys')), written)
    t.match(await run(ports, secret, ...backup, '--overwrite'), { code: 0 })
    t.notSame(await readFile(at('b.keys')), written)
    const elsewhere = { DATA_DIR: join(folder, 'restored'), CLOCK: 'real' }
    const other = createOperatorPorts(readConfig(elsewhere), silent)
    const restore = ['restore', at('b.gz'), '--keys', at('b.keys')]
    const lost = ['restore', at('b.gz'), '--keys', at('lost.keys')]
    t.match(await run(other, secret, ...lost), { code: 2, err: /\(backup-keys-missing\)/ })
    const restored = await run(other, secret, ...restore)
    t.equal(restored.code, 0, restored.err)
    t.equal(factIn(restored.out, 'ordinal'), factIn(taken.out, 'ordinal'))
    const explained = await run(
      other,
      { BENEFITS_TOKEN: officer.token },
      ...['explain', 'A-0001', '2011-05'],
    )
    t.equal(explained.out, (await as(officer, 'explain', 'A-0001', '2011-05')).out)
    t.match(await run(other, {}, 'check'), { code: 0, out: /differences:\n$/ })
  })
})
