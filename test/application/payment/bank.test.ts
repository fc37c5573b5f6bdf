import t from 'tap'
import { createPaymentProcess } from '../../../src/application/payment/payment-process.js'
import { yuan } from '../../support/case-world.js'
import { callerOf } from '../setting.js'
import { checker, createPaymentWorld, officer, releaser } from './payment-world.js'

async function threePaid() {
  const world = await createPaymentWorld()
  for (const number of [1, 2, 3]) await world.household(number)
  const january = await world.paid('2012-01')
  return { world, january, runId: january.runId }
}

t.test('a bank file has its control totals, and is the same when written again', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1, { monthly: 350 })
  await world.household(2, { monthly: 117.92 })
  await world.household(3, { account: false })
  const { runId } = await world.prepared('2012-01')
  await world.approve(runId)
  const file = await world.release(runId)
  t.same(file.bytes.toString().split('\r\n'), [
    'H|201201|2|467.92',
    '1|户主0001|6222000000011|农商行|350.00|urban-dibao2012年1月',
    '2|户主0002|6222000000021|农商行|117.92|urban-dibao2012年1月',
    'T|2|467.92',
    '',
  ])
  t.match(file, { lineCount: 2, totalFen: 46792 })
  const released = (await world.runEvents(runId)).at(-1)
  t.match(released, { type: 'PaymentRunReleased', data: { bankFileDigest: file.digest } })
  t.same((await world.release(runId)).bytes, file.bytes)
})

t.test('the preparer approves nothing and releases nothing, whatever their role', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const { runId } = await world.prepared('2012-01')
  const administrator = { ...officer(), actor: { ...officer().actor, roles: ['administrator'] } }
  const code = 'same-person-prepares-and-approves'
  await t.rejects(world.process.approve(checker(), { runId }), { code: 'run-not-submitted' })
  await world.process.submit(callerOf({ sub: 'officer-2' }), runId)
  await t.rejects(world.process.approve(administrator, { runId }), { code })
  await t.rejects(world.process.approve(callerOf({ sub: 'officer-2' }), { runId }), { code })
  const written: Uint8Array[] = []
  const sink = { write: async (bytes: Uint8Array) => void written.push(bytes) }
  const asked = { runId, layout: 'delimited-utf8', sink }
  await t.rejects(world.process.release(releaser(), asked), { code: 'run-not-approved' })
  await world.process.approve(checker(), { runId })
  await t.rejects(world.process.release(administrator, asked), { code })
  t.same(written, [], 'nothing was written')
  const reserved = (await world.payerEvents()).filter((event) => event.type === 'FundReserved')
  t.same(reserved, [], 'nothing was reserved')
})

t.test('a release needs the money, once', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const { runId } = await world.prepared('2012-01')
  await world.approve(runId)
  await world.release(runId)
  await world.release(runId)
  const reserved = (await world.payerEvents()).filter((event) => event.type === 'FundReserved')
  t.equal(reserved.length, 1)
  t.match(reserved[0]?.data, { runId, parts: [{ amountFen: yuan(350) }] })
})

t.test('a release that the money does not reach writes and reserves nothing', async (t) => {
  const world = await createPaymentWorld({ allocatedYuan: 349.99 })
  await world.household(1)
  const { runId } = await world.prepared('2012-01')
  await world.approve(runId)
  const before = await world.parts.store.head()
  const sink = { write: async () => void t.fail('a byte was written') }
  const release = (layout: string) => world.process.release(releaser(), { runId, layout, sink })
  await t.rejects(release('none'), { code: 'bank-layout-unknown' })
  await t.rejects(release('delimited-utf8'), { code: 'funds-insufficient' })
  t.equal(await world.parts.store.head(), before)
  await world.allocate(yuan(0.01))
  t.match(await world.release(runId), { lineCount: 1, totalFen: 35000 })
})

t.test('a file that breaks off is no release, and is written whole the next time', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const { runId } = await world.prepared('2012-01')
  await world.approve(runId)
  let pieces = 0
  const sink = {
    write: async () => {
      pieces += 1
      if (pieces === 2) throw new Error('the disk is full')
    },
  }
  const caller = releaser()
  const asked = { runId, layout: 'delimited-utf8', sink }
  await t.rejects(world.process.release(caller, asked), /the disk is full/)
  t.equal((await world.runEvents(runId)).at(-1)?.type, 'PaymentRunApproved')
  t.match(await world.process.release(caller, asked), { lineCount: 1 })
  t.equal((await world.runEvents(runId)).at(-1)?.type, 'PaymentRunReleased')
})

t.test('an approved run that can not be released is rejected, and its money is free', async (t) => {
  const world = await createPaymentWorld({ allocatedYuan: 350 })
  await world.household(1)
  const { runId } = await world.prepared('2012-01')
  await world.approve(runId)
  const openAccounts = async () => [{ holder: '张\n三', account: '6222', bank: '农商行' }]
  const broken = createPaymentProcess({ ...world.parts, accounts: { openAccounts } })
  const release = { runId, layout: 'delimited-utf8', sink: { write: async () => {} } }
  await t.rejects(broken.release(releaser(), release), { code: 'bank-field-breaks-record' })
  const wish = { runId, reason: '户名有误' }
  await t.rejects(world.process.reject(officer(), wish), {
    code: 'same-person-prepares-and-approves',
  })
  await world.process.reject(checker(), wish)
  await world.process.reject(checker(), wish)
  const released = (await world.payerEvents()).filter((event) => event.type === 'FundReleased')
  t.equal(released.length, 1)
  await t.rejects(world.process.release(releaser(), release), { code: 'run-rejected' })
  const again = await world.paid('2012-01')
  t.same(await world.items(again), ['2012-01 base 350'])
  await t.rejects(world.process.reject(checker(), { runId: again.runId, reason: '已放款' }), {
    code: 'run-already-released',
  })
})

t.test('a file that would not be the released one is refused', async (t) => {
  const { world, runId } = await threePaid()
  const accounts = {
    openAccounts: async (references: readonly unknown[]) =>
      references.map(() => ({ holder: '别人', account: '1', bank: '农商行' })),
  }
  const other = createPaymentProcess({ ...world.parts, accounts })
  const sink = { write: async () => {} }
  await t.rejects(other.writeBankFile(releaser(), { runId, sink }), { code: 'bank-file-differs' })
})

t.test('a returned line is due again with the next run, and never twice', async (t) => {
  const { world, january, runId } = await threePaid()
  const report = await world.answer(runId, ['1,成功,350.00,', '2,退票,,户名不符', '3,成功,,'])
  t.match(report, { credited: 2, creditedFen: 70000, returned: 1, returnedFen: 35000, unknown: 0 })
  const february = await world.paid('2012-02')
  const again = (await world.lines(february)).filter((line) => line.items.length > 1)
  const [, returned] = await world.lines(january)
  t.same(
    again.map((line) => [line.caseId, line.amountFen]),
    [[returned?.caseId, 70000]],
  )
  const late = await world.answer(runId, ['2,退票,,再退', '2,退票,0.00,户名不符'])
  t.match(late, { credited: 0, returned: 0, duplicates: 2 })
  t.same(await world.items(await world.paid('2012-03')), Array(3).fill('2012-03 base 350'))
})

t.test('a return that the bank takes back is told, and not paid again', async (t) => {
  const { world, runId } = await threePaid()
  await world.answer(runId, ['1,部分,100.00,', '2,退票,,户名不符', '3,成功,,'])
  const late = await world.answer(runId, ['1,成功,,', '2,成功,350.00,补记', '3,部分,100.00,'])
  t.match(late, { credited: 0, returned: 0, duplicates: 0, contradictions: 3 })
  t.match(late.contradictionRows, [
    { row: 2, line: 1, recorded: 'partial', recordedFen: 10000, says: 'credited', counts: 'file' },
    { row: 3, line: 2, recorded: 'returned', recordedFen: 0, saysFen: 35000, counts: 'file' },
    { row: 4, line: 3, recorded: 'credited', saysFen: 10000, counts: 'recorded' },
  ])
  t.same(await world.items(await world.paid('2012-02')), Array(3).fill('2012-02 base 350'))
  const { differences } = await world.process.close(officer(), { runId })
  t.same(differences, [
    '银行：第 1 笔银行前后说法不一：先是部分到账 100.00 元，后是成功 350.00 元；' +
      '按已到账 350.00 元计，不再补发，请与银行核实',
    '银行：第 2 笔银行前后说法不一：先是退票，后是成功 350.00 元；' +
      '按已到账 350.00 元计，不再补发，请与银行核实',
    '银行：第 3 笔银行前后说法不一：先是成功 350.00 元，后是部分到账 100.00 元；' +
      '已记录的不变，请与银行核实',
  ])
})

t.test('paid again before the bank takes a return back: overpaid, and found', async (t) => {
  const { world, runId } = await threePaid()
  await world.answer(runId, ['1,成功,,', '2,退票,,户名不符', '3,成功,,'])
  await world.paid('2012-02')
  await world.answer(runId, ['2,成功,350.00,补记'])
  const march = await world.prepared('2012-03')
  t.same(await world.items(march), Array(3).fill('2012-03 base 350'))
  t.equal(await world.approve(march.runId), 1)
})

t.test('a file that fits another run is refused whole', async (t) => {
  const { world, runId } = await threePaid()
  const rows = ['1,退票,,', '2,退票,320.00,', '3,成功,400.00,', '7,成功,350.00,']
  const facts = { rows: 4, misfits: 3, firstRow: 3 }
  await t.rejects(world.answer(runId, rows), { code: 'answers-of-another-run', facts })
  const report = await world.answer(runId, ['1,成功,,', '2,退票,123.45,x', '3,退票,350.00,x'])
  t.match(report, { credited: 1, returned: 1, unknown: 1 })
  t.same(report.unknownRows, [{ row: 3, line: 2, why: 'amount-differs' }])
})

t.test('a line that was credited and returned later is due again', async (t) => {
  const { world, runId } = await threePaid()
  await world.answer(runId, ['1,成功,,', '2,成功,,', '3,成功,,'])
  const report = await world.answer(runId, ['3,退票,,销户'])
  t.match(report, { credited: 0, returned: 1, returnedFen: 35000 })
  t.equal((await world.items(await world.prepared('2012-02'))).length, 4)
  const { differences } = await world.process.close(officer(), { runId })
  t.same(differences, ['银行：先成功后退票，共 350.00 元'])
})

t.test('of a part only the rest is due again', async (t) => {
  const { world, runId } = await threePaid()
  const report = await world.answer(runId, ['1,部分,100.00,限额', '2,成功,,', '3,成功,,'])
  t.match(report, { credited: 2, creditedFen: 80000, returned: 1, returnedFen: 25000 })
  const items = await world.items(await world.prepared('2012-02'))
  t.same(
    items.filter((item) => item.startsWith('2012-01')),
    ['2012-01 base 250'],
  )
})

t.test('unknown rows are reported and stop nothing; a file twice counts once', async (t) => {
  const { world, runId } = await threePaid()
  const rows = ['9,成功,,', 'x,成功,,', '1,??,,', '2,成功,1.00,', '3,成功,350.00,']
  const report = await world.answer(runId, rows)
  t.match(report, { credited: 1, unknown: 4 })
  t.same(report.unknownRows, [
    { row: 2, line: 9, why: 'line-not-in-run' },
    { row: 3, line: null, why: 'line-number-unreadable' },
    { row: 4, line: 1, why: 'outcome-unreadable' },
    { row: 5, line: 2, why: 'amount-differs' },
  ])
  const before = await world.parts.store.head()
  t.same(await world.answer(runId, rows), report)
  t.equal(await world.parts.store.head(), before, 'nothing was added')
  await t.rejects(world.answer(runId, []), { code: 'answer-file-empty' })
})

t.test('two answers to one line in one file are both named, and neither is recorded', async (t) => {
  const { world, runId } = await threePaid()
  const rows = ['1,成功,350.00,', '2,成功,,', '1,退票,,户名不符', '2,成功,350.00,']
  const report = await world.answer(runId, rows)
  t.match(report, { credited: 1, returned: 0, duplicates: 1, unknown: 2 })
  t.same(report.unknownRows, [
    { row: 2, line: 1, why: 'contradicted-in-file' },
    { row: 4, line: 1, why: 'contradicted-in-file' },
  ])
  t.match(await world.answer(runId, ['1,成功,,']), { credited: 1 }, 'the line still waits')
})

t.test('answers that a crash cut off go on; another file waits for them', async (t) => {
  const { world, runId } = await threePaid()
  const bytes = Buffer.from('h\n1,成功,,\n2,退票,,x\n')
  const asked = { runId, layout: 'csv-answers', bytes }
  const { store } = world.parts
  const handler = {
    ...world.parts.handler,
    handle: async () => Promise.reject(new Error('the process ended')),
  }
  const crashing = createPaymentProcess({ ...world.parts, handler })
  await t.rejects(crashing.recordAnswers(officer(), asked), /the process ended/)
  await t.rejects(world.answer(runId, ['3,成功,,']), { code: 'answers-unfinished' })
  await t.rejects(world.process.close(officer(), { runId }), { code: 'answers-unfinished' })
  const report = await world.process.recordAnswers(officer(), asked)
  t.match(report, { credited: 1, returned: 1 })
  t.match(await world.answer(runId, ['3,成功,,', '1,成功,,']), { credited: 1, duplicates: 1 })
  const files = (await world.runEvents(runId)).filter(({ type }) => type === 'BankAnswersRecorded')
  t.equal(files.length, 2)
  t.equal((await store.readStream(`paymentRunAnswers-${runId}-1-0`)).length, 1)
})

t.test('a run closes when roll, run, bank and ledger agree', async (t) => {
  const { world, runId } = await threePaid()
  await world.answer(runId, ['1,成功,,', '2,成功,,', '3,退票,,'])
  t.same(await world.process.close(officer(), { runId }), { differences: [] })
  t.same(await world.process.close(officer(), { runId }), { differences: [] })
  t.match(await world.answer(runId, ['3,退票,,']), { duplicates: 1 }, 'also after the closing')
})

t.test('a run that does not agree closes with each difference listed', async (t) => {
  const { world, runId } = await threePaid()
  await world.answer(runId, ['1,成功,,'])
  const paid = { paidByRun: async () => ({ releasedFen: yuan(1050), returnedFen: yuan(1) }) }
  const owed = { owedAndCommitted: async () => [] }
  const process = createPaymentProcess({ ...world.parts, paid, owed })
  const { differences } = await process.close(officer(), { runId })
  t.same(differences, [
    '名册：第 1 笔与复算不符',
    '批次：明细与编制时的校验值不符',
    '银行：2 笔未回盘，共 700.00 元',
    '台账：已退回 1.00 元，应为 0.00 元',
  ])
})
