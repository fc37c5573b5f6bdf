import { noticeList } from '../../application/exports/notice-list.js'
import type { ListNames, PersonNameOpener } from '../../application/exports/ports.js'
import { runSheet } from '../../application/exports/run-sheet.js'
import { runSummary } from '../../application/exports/run-summary.js'
import { moneyNames } from '../../application/payment/money-names.js'
import { storedChunks } from '../../application/payment/run-lines.js'
import type { Policy } from '../../domain/policy/policy.js'
import { type Month, monthFromIndex } from '../../domain/values/calendar.js'
import type { LedgerServices } from '../ledger-services.js'
import type { PersonalDataGate } from '../personal-data.js'
import { type FileInput, fileRoute, type MadeFile } from './file-route.js'
import { named, policyNames } from './policy-names.js'
import type { Route } from './route.js'
import { placeOfRun, RunPath, runPlaceOrRefuse, runReaders, runTag } from './run-of-path.js'

/** The documents of a run, as files. */
export function runDocuments(services: LedgerServices): readonly Route[] {
  const shared = {
    tag: runTag,
    roles: runReaders,
    params: RunPath,
    scope: ({ params }: FileInput<RunPath>) => placeOfRun(services, params),
  }
  return [
    fileRoute({
      ...shared,
      url: '/v1/runs/:runId/sheet',
      summary: { zh: '发放花名册', en: 'Run sheet with names and accounts' },
      make: async (input) => {
        const { accounts } = services.paymentParts
        const parts = await documentParts(services, input)
        return { kind: 'table', table: runSheet({ ...parts, accounts }) }
      },
    }),
    fileRoute({
      ...shared,
      url: '/v1/runs/:runId/summary',
      summary: { zh: '发放汇总表', en: 'Sums by town and village' },
      impersonal: true,
      make: async (input) => ({
        kind: 'table',
        table: runSummary(await documentParts(services, input)),
      }),
    }),
    fileRoute({
      ...shared,
      url: '/v1/runs/:runId/notice',
      summary: { zh: '公示', en: 'Public notice: masked names, no number, no account' },
      make: async (input) => ({
        kind: 'table',
        table: noticeList(await documentParts(services, input)),
      }),
    }),
    fileRoute({
      ...shared,
      url: '/v1/runs/:runId/bank-file',
      summary: { zh: '银行代发文件', en: 'The bank file of a released run, the same bytes again' },
      make: (input) => bankFile(services, input),
    }),
  ]
}

async function documentParts(services: LedgerServices, { gate, params }: FileInput<RunPath>) {
  const run = await runPlaceOrRefuse(services, params)
  const period = monthFromIndex(run.period)
  const policy = await services.processes.policies.policyAt(run.frozenOrdinal)
  const chunks = storedChunks(services.store, params.runId)
  return {
    lines: { period, chunks, kind: run.kind, programmes: run.programmes },
    names: listNames(policy, period),
    people: gatedNames(services.names, gate),
  }
}

export function listNames(policy: Policy, period: Month): ListNames {
  const money = moneyNames(policy, period)
  return {
    ...policyNames(policy, period),
    money: (line) => named(() => money.moneyOf(line), ''),
  }
}

/** Writes down whose names are opened before it opens them. */
function gatedNames(names: PersonNameOpener, gate: PersonalDataGate): PersonNameOpener {
  return {
    async namesOf(persons) {
      await gate.letOut(persons)
      return names.namesOf(persons)
    },
  }
}

async function bankFile(
  services: LedgerServices,
  { actor, gate, params }: FileInput<RunPath>,
): Promise<MadeFile> {
  for await (const lines of storedChunks(services.store, params.runId))
    await gate.letOut(lines.flatMap(({ payee }) => (payee === null ? [] : [payee])))
  const bytes: Uint8Array[] = []
  const sink = { write: async (some: Uint8Array) => void bytes.push(some) }
  const { division, id: sub, roles } = actor
  const caller = { actor: { sub, roles, division }, key: 'read', correlation: params.runId }
  await services.payment.writeBankFile(caller, { ...params, sink })
  return { kind: 'bytes', name: `代发-${params.runId}.txt`, bytes: Buffer.concat(bytes) }
}
