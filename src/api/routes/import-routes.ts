import { z } from 'zod'
import { receiveDeathList } from '../../application/death-list.js'
import { importAccounts } from '../../application/imports/import-accounts.js'
import { importCampaign } from '../../application/imports/import-campaign.js'
import { importHouseholds } from '../../application/imports/import-households.js'
import { importPolicy } from '../../application/imports/import-policy.js'
import { readDeaths } from '../../application/imports/read-deaths.js'
import type { RowFault } from '../../application/imports/row-faults.js'
import type { ImportOutcome, ImportRequest } from '../../application/imports/run-import.js'
import type { ImportFile } from '../../application/imports/table-file.js'
import { withdrawImport, withdrawnIn } from '../../application/imports/withdraw-import.js'
import { Campaign } from '../../domain/bulk-decision/events.js'
import { importEvents } from '../../domain/import/events.js'
import { PlainDate, shanghaiDateOf } from '../../domain/values/calendar.js'
import { ShortText } from '../../domain/values/document.js'
import { ActorId, CaseId, ImportId } from '../../domain/values/identifiers.js'
import type { Role } from '../auth/actor.js'
import { callerOf, type LedgerServices, outcomeOf, outcomeOfMany } from '../ledger-services.js'
import { RefusedRows, sentencesOfRow } from '../refused-rows.js'
import { commandRoute } from './command-route.js'
import { nothing, type Route, type RouteFace } from './route.js'

const tag = '导入 Imports'
const importBytes = 64 * 1024 * 1024

const File = z.strictObject({
  name: z.string().min(1).max(200).describe('文件名 .csv, .xlsx or .json'),
  contentBase64: z.base64(),
})
/** Two hands: the first is a dry run, the second writes. */
export const byTwo = z
  .boolean()
  .default(false)
  .describe(
    '试导（经办） says what would change and records who prepared it; ' +
      'the same without it comes from another person',
  )

const Fault = z.looseObject({})

const Outcome = z.strictObject({
  importId: z.string(),
  result: z.enum(['refused', 'would-change', 'unchanged', 'completed']),
  rows: z.int(),
  changedRows: z.int(),
  unchangedRows: z.int(),
  refusedRows: z.int().describe('有误的行 rows with a fault; rows = changed + unchanged + refused'),
  events: z.record(z.string(), z.int()),
  faults: z.array(Fault),
})

/** Files of rows: checked whole, then written whole, or not at all. */
export function importRoutes(services: LedgerServices): readonly Route[] {
  const { imports } = services
  return [
    importRoute(services, {
      url: '/v1/imports/policy',
      summary: { zh: '导入政策', en: 'Import programmes, divisions, rules and standards' },
      roles: ['administrator', 'approver'],
      body: z.strictObject({ files: z.array(File).min(1).max(200), dryRun: byTwo }),
      run: ({ files }, request) => importPolicy(imports, files.map(fileOf), request),
    }),
    importRoute(services, {
      url: '/v1/imports/households',
      summary: { zh: '导入家庭、成员与期初', en: 'Import cases, members and opening history' },
      roles: ['clerk', 'approver', 'administrator'],
      body: z.strictObject({
        cases: File.optional(),
        members: File.optional(),
        history: File.optional(),
        dryRun: byTwo,
      }),
      run: ({ cases, history, members }, request) =>
        importHouseholds(
          imports,
          {
            cases: cases && fileOf(cases),
            members: members && fileOf(members),
            history: history && fileOf(history),
          },
          request,
        ),
    }),
    importRoute(services, {
      url: '/v1/imports/accounts',
      summary: { zh: '导入账户', en: 'Import the accounts of payees' },
      roles: ['administrator', 'approver'],
      body: z.strictObject({ file: File, dryRun: byTwo }),
      run: ({ file }, request) => importAccounts(imports, fileOf(file), request),
    }),
    importRoute(services, {
      url: '/v1/imports/campaigns',
      summary: { zh: '导入专项名单', en: 'Import the recipients of a campaign' },
      roles: ['clerk', 'approver', 'administrator'],
      body: z.strictObject({ campaign: Campaign, file: File, dryRun: byTwo }),
      run: ({ campaign, file }, request) =>
        importCampaign(imports, { campaign, file: fileOf(file) }, request),
    }),
    deathList(services),
    withdrawal(services),
  ]
}

function fileOf({ name, contentBase64 }: z.infer<typeof File>): ImportFile {
  return { name, bytes: Buffer.from(contentBase64, 'base64') }
}

interface ImportFace<Body> {
  readonly url: string
  readonly summary: RouteFace['summary']
  readonly roles: readonly Role[]
  readonly body: z.ZodType<Body>
  readonly run: (body: Body, request: ImportRequest) => Promise<ImportOutcome>
}

function importRoute<Body extends { readonly dryRun: boolean }>(
  { store }: LedgerServices,
  face: ImportFace<Body>,
): Route {
  return commandRoute({
    method: 'POST',
    url: face.url,
    duration: 'long',
    tag,
    summary: face.summary,
    roles: face.roles,
    params: nothing,
    body: face.body,
    bodyLimitBytes: importBytes,
    result: Outcome,
    scope: () => [],
    execute: async ({ actor, body }, context) => {
      const request = { actor: callerOf(actor, context).actor, dryRun: body.dryRun }
      const { kind: _, faults, ...outcome } = await face.run(body, request)
      return outcomeOfMany(store, { ...outcome, faults: shown(faults, body) })
    },
  })
}

/**
 * A dry run tells the faults of a file; a file that was to be written is refused for them.
 *
 * @throws RefusedRows
 */
function shown(faults: readonly RowFault[], { dryRun }: { readonly dryRun: boolean }) {
  if (faults.length > 0 && !dryRun) throw new RefusedRows(faults)
  return faults.map((fault) => ({ ...fault, ...sentencesOfRow(fault) }))
}

function withdrawal({ processes }: LedgerServices): Route {
  const { reason } = importEvents.ImportWithdrawn.data.shape
  return commandRoute({
    method: 'POST',
    url: '/v1/imports/:importId/withdrawal',
    tag,
    summary: {
      zh: '撤回待确认导入',
      en: 'Withdraw an import that you prepared, or, as an approver, one of your places',
    },
    roles: ['clerk', 'approver', 'administrator'],
    params: z.strictObject({ importId: ImportId }),
    body: z.strictObject({ reason }),
    result: z.strictObject({
      importId: ImportId,
      changed: z.boolean(),
      withdrawnOf: z.array(ActorId).describe('被撤回的经办人 whose preparation no longer counts'),
    }),
    scope: () => [],
    execute: async ({ actor, body, params: { importId } }, context) => {
      const { expectedVersion } = context
      const handled = await withdrawImport(processes, {
        ...body,
        importId,
        caller: callerOf(actor, context),
        ...(expectedVersion === undefined ? {} : { expectedVersion }),
      })
      const { changed } = handled
      return outcomeOf(handled, { importId, changed, withdrawnOf: withdrawnIn(handled.events) })
    },
  })
}

const DeathListAnswer = z.strictObject({
  matched: z.int(),
  unmatched: z.array(z.int()),
  doubtful: z.array(z.int()).describe('姓名与号码不符的行 Lines whose number is of another name'),
  conflicting: z
    .array(z.strictObject({ line: z.int(), listedOn: PlainDate, recordedOn: PlainDate }))
    .describe('死亡日期与已登记不同 Recorded with another date, which stands'),
  proposals: z.array(CaseId),
  decided: z.int(),
  faults: z.array(Fault),
})

function deathList({ processes, store }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/imports/deaths',
    duration: 'long',
    tag,
    summary: {
      zh: '导入死亡名单',
      en: 'Match a list of deaths; who matches nobody makes no person',
    },
    roles: ['administrator'],
    params: nothing,
    body: z.strictObject({
      file: File,
      source: ShortText,
      receivedOn: PlainDate,
      remarks: z.array(ShortText).max(20),
      dryRun: z.boolean().default(false).describe('试导 says what would change, writes nothing'),
    }),
    bodyLimitBytes: importBytes,
    result: DeathListAnswer,
    scope: () => [],
    execute: async ({ actor, body: { file, ...list } }, context) => {
      const { faults, ...read } = await readDeaths(
        fileOf(file),
        shanghaiDateOf(processes.clock.now()),
      )
      const none = { matched: 0, unmatched: [], doubtful: [], conflicting: [], decided: 0 }
      if (faults.length > 0)
        return outcomeOfMany(store, { ...none, proposals: [], faults: shown(faults, list) })
      const caller = callerOf(actor, context)
      const outcome = await receiveDeathList(processes, { ...list, ...read, caller })
      const outside = shown(outcome.faults, list)
      const consequences = outcome.deaths.flatMap((death) => death.consequences)
      return outcomeOfMany(store, {
        matched: outcome.matched.length,
        unmatched: [...outcome.unmatched],
        doubtful: [...outcome.doubtful],
        conflicting: [...outcome.conflicting],
        proposals: [...outcome.proposals],
        decided: consequences.filter(({ kind }) => kind === 'decided').length,
        faults: outside,
      })
    },
  })
}
