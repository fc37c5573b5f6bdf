import t from 'tap'
import { deathListDecider } from '../../../src/domain/import/death-list.js'
import type {
  DeathListEvent,
  ImportEvent,
  ReportedFigureEvent,
} from '../../../src/domain/import/events.js'
import { importDecider } from '../../../src/domain/import/import.js'
import { addReported, reportedFigureDecider } from '../../../src/domain/import/reported-figure.js'
import { ledgerDecider } from '../../../src/domain/ledger/decide.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { DivisionCode } from '../../../src/domain/values/division.js'
import { ActorId, ImportId } from '../../../src/domain/values/identifiers.js'
import { assertRefused, given } from '../../support/given.js'
import { amount, division, personId } from '../../support/policy.js'

const importId = ImportId.parse(personId(70))
const started: Extract<ImportEvent, { type: 'ImportStarted' }> = {
  type: 'ImportStarted',
  data: {
    startedOn: plainDate('2012-01-03'),
    importId,
    kind: 'cases',
    fileDigest: 'a'.repeat(64),
    rows: 1185,
    by: ActorId.parse('clerk'),
  },
}
const prepared: Extract<ImportEvent, { type: 'ImportPrepared' }> = {
  type: 'ImportPrepared',
  data: {
    preparedOn: plainDate('2012-01-02'),
    importId,
    kind: 'cases',
    fileDigest: 'b'.repeat(64),
    rows: 1185,
    by: ActorId.parse('preparer'),
    division: DivisionCode.parse('990101000000'),
    places: [],
  },
}
const completed: Extract<ImportEvent, { type: 'ImportCompleted' }> = {
  type: 'ImportCompleted',
  data: { completedOn: plainDate('2012-01-03'), importId, written: 1185, unchanged: 0 },
}

t.test('an import is prepared once a person, until it starts', async () => {
  const prepare = { type: 'PrepareImport', ...prepared.data } as const
  const by = ActorId.parse('other')
  given(importDecider).when(prepare).then(prepared)
  given(importDecider, prepared)
    .when({ ...prepare, preparedOn: plainDate('2012-01-03') })
    .thenNothing()
  given(importDecider, prepared)
    .when({ ...prepare, by })
    .then({ ...prepared, data: { ...prepared.data, by } })
  given(importDecider, prepared, started)
    .when({ ...prepare, by })
    .thenNothing()
})

t.test('WithdrawImport', async (t) => {
  const other = { ...prepared, data: { ...prepared.data, by: ActorId.parse('other') } }
  const [clerk, approver] = [prepared.data.by, ActorId.parse('approver')]
  const said = { withdrawnOn: plainDate('2012-01-03'), importId, reason: '文件有误' }
  const withdraw = { type: 'WithdrawImport', ...said, division: null } as const
  const withdrawn = (by: ActorId, ...preparedBy: ActorId[]): ImportEvent => ({
    type: 'ImportWithdrawn',
    data: { ...said, by, preparedBy },
  })
  const place = DivisionCode.parse('990101000000')

  t.test('takes back one’s own word, or every one of the places one answers for', async () => {
    given(importDecider, prepared, other)
      .when({ ...withdraw, by: clerk })
      .then(withdrawn(clerk, clerk))
    given(importDecider, prepared, other)
      .when({ ...withdraw, by: approver, division: place })
      .then(withdrawn(approver, clerk, other.data.by))
  })

  t.test('refuses others, other places, what nobody prepared and what is begun', async () => {
    const elsewhere = DivisionCode.parse('990201000000')
    for (const division of [null, elsewhere])
      given(importDecider, prepared)
        .when({ ...withdraw, by: approver, division })
        .thenRefused('import-prepared-by-others', { importId })
    given(importDecider)
      .when({ ...withdraw, by: clerk })
      .thenRefused('import-unknown', { importId })
    for (const over of [[started], [started, completed]])
      given(importDecider, prepared, ...over)
        .when({ ...withdraw, by: clerk })
        .thenRefused('import-already-begun', { importId })
  })

  t.test('does it once, and prepared anew it counts again', async () => {
    const gone = withdrawn(approver, clerk)
    const again = { ...withdraw, withdrawnOn: plainDate('2012-01-04') }
    for (const by of [clerk, approver])
      given(importDecider, prepared, gone)
        .when({ ...again, by })
        .thenNothing()
    const start = { type: 'StartImport', ...started.data } as const
    given(importDecider, prepared, gone).when(start).thenRefused('import-not-prepared')
    given(importDecider, prepared, gone, prepared).when(start).then(started)
    given(importDecider, prepared, gone)
      .when({ type: 'PrepareImport', ...prepared.data })
      .then(prepared)
    given(importDecider, prepared, other, gone).when(start).then(started)
  })
})

t.test('an import is started by another person than the only one who prepared it', async () => {
  const start = { type: 'StartImport', ...started.data } as const
  given(importDecider).when(start).thenRefused('import-not-prepared', { importId })
  given(importDecider, prepared)
    .when({ ...start, by: prepared.data.by })
    .thenRefused('same-person-prepares-and-approves', { by: prepared.data.by })
  const alsoByStarter = { ...prepared, data: { ...prepared.data, by: started.data.by } }
  given(importDecider, alsoByStarter).when(start).thenRefused('same-person-prepares-and-approves')
  given(importDecider, prepared, alsoByStarter).when(start).then(started)
})

t.test('an import starts once, also when it resumes on another day', async () => {
  const start = { type: 'StartImport', ...started.data } as const
  given(importDecider, prepared).when(start).then(started)
  given(importDecider, started)
    .when({ ...start, startedOn: plainDate('2012-01-04'), by: ActorId.parse('other') })
    .thenNothing()
  given(importDecider, started)
    .when({ ...start, fileDigest: 'b'.repeat(64) })
    .thenRefused('import-already-started', { fileDigest: 'a'.repeat(64) })
})

t.test('an import completes once, after it started', async () => {
  const complete = { type: 'CompleteImport', ...completed.data } as const
  given(importDecider, started).when(complete).then(completed)
  given(importDecider, started, completed)
    .when({ ...complete, completedOn: plainDate('2012-01-04') })
    .thenNothing()
  given(importDecider, started, completed)
    .when({ ...complete, written: 3 })
    .thenRefused('import-already-completed', { written: 1185 })
  given(importDecider).when(complete).thenRefused('import-not-started')
})

const list: DeathListEvent = {
  type: 'DeathListReceived',
  data: {
    receivedOn: plainDate('2012-05-08'),
    source: '殡葬管理所',
    rows: 3,
    matched: [{ personId: personId(1), diedOn: plainDate('2012-04-20') }],
    unmatched: 2,
    unmatchedRows: [2, 3],
    fileDigest: 'c'.repeat(64),
    remarks: ['2 火化 + 1 外地'],
  },
}

t.test('a death list counts once, and its rows add up', async () => {
  const receive = { type: 'ReceiveDeathList', ...list.data } as const
  given(deathListDecider).when(receive).then(list)
  given(deathListDecider, list)
    .when({ ...receive, receivedOn: plainDate('2012-05-09') })
    .thenNothing()
  given(deathListDecider, list)
    .when({ ...receive, fileDigest: 'd'.repeat(64) })
    .thenRefused('death-list-already-received')
  given(deathListDecider)
    .when({ ...receive, rows: 4 })
    .thenRefused('death-list-count-mismatch', { rows: 4, matched: 1, unmatched: 2 })
  given(deathListDecider)
    .when({ ...receive, unmatchedRows: [2] })
    .thenRefused('death-list-count-mismatch', { unmatchedRows: 1 })
})

type Figure = ReportedFigureEvent['data']
const figure = (over: Partial<Figure> = {}): ReportedFigureEvent => ({
  type: 'ReportedFigureRecorded',
  data: {
    figureId: 'P2-15',
    from: month('2012-01'),
    to: month('2012-05'),
    division: division('990101'),
    programme: null,
    what: '临时救助',
    amountFen: amount(120000),
    count: 30,
    unit: '人次',
    standing: 'reported',
    reason: null,
    source: '半年总结',
    ...over,
  },
})
const record = (over: Partial<Figure> = {}) =>
  ({ type: 'RecordReportedFigure', ...figure(over).data }) as const

t.test('RecordReportedFigure', async (t) => {
  t.test('records, and another reading supersedes', async () => {
    given(reportedFigureDecider).when(record()).then(figure())
    given(reportedFigureDecider, figure()).when(record()).thenNothing()
    given(reportedFigureDecider, figure())
      .when(record({ count: 31 }))
      .then(figure({ count: 31 }))
  })

  t.test('a flagged one says why', async () => {
    for (const standing of ['anomaly', 'inconsistent'] as const) {
      given(reportedFigureDecider)
        .when(record({ standing }))
        .thenRefused('reported-figure-needs-reason', { figureId: 'P2-15', standing })
      given(reportedFigureDecider)
        .when(record({ standing, reason: '与分项之和不符' }))
        .then(figure({ standing, reason: '与分项之和不符' }))
    }
  })

  t.test('has a value, and a count has its unit', async () => {
    given(reportedFigureDecider)
      .when(record({ amountFen: null, count: null }))
      .thenRefused('reported-figure-without-value', { field: 'amountFen' })
    given(reportedFigureDecider)
      .when(record({ unit: null }))
      .thenRefused('reported-figure-without-value', { field: 'unit' })
  })
})

t.test('reported figures add within one unit and one standing only', async (t) => {
  const one = figure().data
  const other = figure({ figureId: 'P2-16', amountFen: amount(1), count: 2 }).data
  t.equal(addReported([]), null)
  t.strictSame(addReported([one, other]), {
    unit: '人次',
    standing: 'reported',
    amountFen: 120001,
    count: 32,
  })
  t.strictSame(addReported([figure({ count: null, unit: null }).data]), {
    unit: null,
    standing: 'reported',
    amountFen: 120000,
    count: null,
  })
  const refused = (over: Partial<Figure>) =>
    assertRefused(() => addReported([one, { ...other, ...over }]), 'units-do-not-add', {
      figures: ['P2-15', 'P2-16'],
    })
  refused({ unit: '人' })
  refused({ standing: 'anomaly', reason: '存疑' })
  refused({ amountFen: null })
  refused({ count: null })
})

t.test('a ledger is founded once, on one clock', async () => {
  const founded = {
    type: 'LedgerFounded',
    data: { foundedOn: plainDate('2012-01-01'), clock: 'simulated', name: '示例' },
  } as const
  const command = { ...founded.data, type: 'FoundLedger' } as const
  given(ledgerDecider).when(command).then(founded)
  given(ledgerDecider, founded)
    .when({ ...command, foundedOn: plainDate('2013-01-01') })
    .thenNothing()
  given(ledgerDecider, founded)
    .when({ ...command, clock: 'real' })
    .thenRefused('ledger-already-founded', { clock: 'simulated' })
})
