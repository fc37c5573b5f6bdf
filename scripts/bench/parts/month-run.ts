import { reassessThroughHead } from '../../../src/application/reassessment.js'
import { paymentRunLinesStream } from '../../../src/application/streams.js'
import { month, monthIndex } from '../../../src/domain/values/calendar.js'
import type { RunId } from '../../../src/domain/values/identifiers.js'
import type { Append, EventStore } from '../../../src/event-store/event-store.js'
import type { Bench, BenchPart } from '../bench.js'
import { county, towns } from '../invented-district.js'
import { appendEvery } from '../load-ledger.js'
import { measurement } from '../measurement.js'
import { officer, type RunReport, runInProcess } from '../month-run.js'
import { caughtUp, timed } from '../timing.js'

const period = month('2012-01')

/** A month's run for all, against the bare lines in SQL and the append of its own chunks. */
export const monthRun: BenchPart = {
  name: 'month-run',
  async measure(bench) {
    const { config } = bench.place
    const service = await bench.service()
    const folder = config.dataDirectory
    // What was learned before this month was decided before this month.
    await reassessThroughHead(service.reassessment)
    const [town = county] = towns
    const tenth = await runInProcess({ folder, division: town, period })
    // Rejected, so that the run for all has every line of the month before it.
    await service.payment.reject(officer('reject'), { runId: tenth.runId, reason: '测量' })
    const whole = await runInProcess({ folder, division: county, period })
    await caughtUp(service.projector, await service.store.head())
    const inserted = await insertBareLines(bench, whole)
    const appended = await appendChunksAgain(bench, service.store, whole.runId)
    const megabytes = (bytes: number) => bytes / 1024 ** 2
    return [
      measurement({
        id: 'month-run',
        what: 'a month’s run, open and prepare, against INSERT..SELECT and its chunks’ append',
        measured: whole.milliseconds / 1000,
        limit: (inserted + appended) / 1000,
        unit: 's',
        aim: '<= 2',
      }),
      measurement({
        id: 'month-run-memory',
        what: 'peak memory of the process that runs a month for all, against a tenth of the cases',
        measured: megabytes(whole.peakBytes),
        limit: megabytes(tenth.peakBytes),
        unit: 'MiB',
        aim: '<= 1.25',
      }),
    ]
  },
}

const createLines = `
  CREATE TABLE bench.run_line (
    run_id text NOT NULL,
    line bigint NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    programme text COLLATE "C" NOT NULL,
    division text COLLATE "C" NOT NULL,
    urban_rural text COLLATE "C" NOT NULL,
    payee text COLLATE "C",
    account_version integer,
    persons bigint NOT NULL,
    amount_fen bigint NOT NULL,
    PRIMARY KEY (run_id, line)
  )`

const inForce = 'from_month <= $3 AND to_month >= $3 AND known_from <= $2 AND known_to > $2'

/** The same lines without any rule: sums of what is in force, joined with payees and persons. */
const insertLines = `
  INSERT INTO bench.run_line
  SELECT $1, row_number() OVER (ORDER BY r.division, r.case_id), r.case_id, r.programme,
    r.division, r.urban_rural, h.person_id, a.account_version, m.persons, e.amount_fen
  FROM roll_case AS r
  JOIN (
    SELECT case_id, SUM(amount_fen)::bigint AS amount_fen FROM entitlement
    WHERE ${inForce} AND measure = 'cash' GROUP BY case_id
  ) AS e USING (case_id)
  JOIN (SELECT case_id, COUNT(*) AS persons FROM roll_member WHERE ${inForce} GROUP BY case_id)
    AS m USING (case_id)
  LEFT JOIN (SELECT case_id, person_id FROM case_head WHERE ${inForce}) AS h USING (case_id)
  LEFT JOIN (
    SELECT person_id, MAX((data ->> 'accountVersion')::integer) AS account_version
    FROM person_fact WHERE type = 'PayeeAccountSet' AND ordinal <= $2 GROUP BY person_id
  ) AS a ON a.person_id = h.person_id
  WHERE ${inForce}`

const compareLines = `
  SELECT COUNT(*) FILTER (WHERE b.line IS NULL OR p.line IS NULL) AS differing, COUNT(*) AS lines
  FROM (SELECT * FROM read_model.payment_line WHERE run_id = $1) AS p
  FULL JOIN (SELECT * FROM bench.run_line WHERE run_id = $1) AS b
    ON b.line = p.line AND b.case_id = p.case_id AND b.amount_fen = p.amount_fen
      AND b.payee IS NOT DISTINCT FROM p.payee AND b.persons = p.persons
      AND b.account_version IS NOT DISTINCT FROM p.account_version`

async function insertBareLines(
  { note, place: { admin } }: Bench,
  { ordinal, runId }: RunReport,
): Promise<number> {
  await admin.query(`CREATE SCHEMA IF NOT EXISTS bench; DROP TABLE IF EXISTS bench.run_line`)
  await admin.query(createLines)
  const client = await admin.connect()
  try {
    await client.query('SET search_path TO read_model')
    const milliseconds = await timed(() =>
      client.query(insertLines, [runId, ordinal, monthIndex(period)]),
    )
    const { rows } = await client.query<{ differing: number; lines: number }>(compareLines, [runId])
    const [compared] = rows
    if (!compared || compared.lines === 0 || compared.differing > 0)
      throw new Error(`of ${compared?.lines} lines ${compared?.differing} are not those of SQL`)
    note(`the run and the bare SQL have the same ${compared.lines} lines`)
    return milliseconds
  } finally {
    client.release(true)
  }
}

async function appendChunksAgain(bench: Bench, store: EventStore, runId: RunId): Promise<number> {
  const appends: Append[] = []
  for (let chunk = 0; ; chunk += 1) {
    const { name: stream } = paymentRunLinesStream({ runId, chunk })
    const events = await store.readStream(stream)
    const [first] = events
    if (!first) break
    const { actor, correlation, recorded } = first
    const requestHash = first.leafHash
    const content = events.map(({ data, effective, schemaVersion, type }) => ({
      data,
      effective,
      schemaVersion,
      type,
    }))
    const who = { actor, correlation, recorded }
    appends.push({ stream, expected: 'none', events: content, key: stream, requestHash, ...who })
  }
  return timed(() => appendEvery(bench.place.beside.log, appends))
}
