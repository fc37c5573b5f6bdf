import { county } from '../support/http-ledger.js'
import { paper } from './office.js'
import { type Asking, golden, type Ours } from './other-county-asking.js'
import { everywhereOf, filesOf } from './other-county-files.js'

const month = '2012-01'
const day = '2012-01-05'
const reason = '核实'
const roll = { division: county, month }
const circumstances = {
  assessed: true,
  covered: true,
  classifications: [],
  bornOn: '1960-03-04',
}
const step = { body: {} }
const cause = { kind: 'income', note: reason, document: null }
const figure = { figureId: 'figure-2', programme: 'urban-dibao', unit: null }
const run = { kind: 'regular', programmes: ['urban-dibao'], division: county, period: '2012-04' }
const death = { diedOn: day, source: '公安' }

function casesOf({ otherCaseId, personId }: Ours): Readonly<Record<string, Asking>> {
  const at = '/v1/cases/{caseId}'
  return {
    [`GET ${at}`]: {},
    [`GET ${at}/explanation`]: { query: { month } },
    [`POST ${at}/members`]: {
      body: { from: month, personId, relation: '本人', head: false, circumstances },
    },
    [`POST ${at}/members/circumstances`]: {
      body: { from: month, personId, circumstances, reason },
    },
    [`POST ${at}/members/leaving`]: { body: { lastMonth: month, personId, reason } },
    [`POST ${at}/head`]: { body: { from: month, personId, reason } },
    [`POST ${at}/income`]: { body: { from: month, monthlyIncomeFen: 0, basis: reason } },
    [`POST ${at}/steps`]: { body: { on: day, step: 'survey', passed: true, note: null } },
    [`POST ${at}/reviews`]: {
      body: { on: day, level: 'town', kind: 'scheduled', result: 'unchanged', note: null },
    },
    [`POST ${at}/holds`]: { body: { from: month, holdId: 'h', reason } },
    [`POST ${at}/holds/lifting`]: { body: { from: month, holdId: 'h', reason } },
    [`POST ${at}/move`]: {
      body: { from: month, division: '990201001001', urbanRural: 'urban', reason },
    },
    [`POST ${at}/class`]: { body: { from: month, benefitClass: 'general', reason } },
    [`POST ${at}/entry`]: { body: { confirmedOn: day, reason } },
    [`POST ${at}/reassessment`]: { body: { from: month, cause } },
    [`POST ${at}/supplements`]: {
      body: {
        month,
        component: 'heating',
        measure: 'cash',
        amountFen: 100,
        persons: [],
        supplementId: 's',
        document: paper,
      },
    },
    [`POST ${at}/grace`]: { body: { from: month, reason } },
    [`POST ${at}/exit`]: { body: { lastMonth: month, reason } },
    [`POST ${at}/retraction`]: { body: { retractedOn: day, retractsVersion: 1, reason } },
    [`POST ${at}/continuation`]: {
      body: { into: otherCaseId, lastMonth: month, confirmedOn: day, reason },
    },
    'POST /v1/cases': {
      body: {
        programme: 'urban-dibao',
        division: '990301001001',
        urbanRural: 'urban',
        benefitClass: 'general',
        openedOn: day,
      },
    },
  }
}

function personsOf({ identityNumber }: Ours): Readonly<Record<string, Asking>> {
  const at = '/v1/persons/{personId}'
  const details = {
    name: '冒名',
    identityNumber,
    bornOn: null,
    sex: null,
    address: null,
    phone: null,
  }
  const payee = '0f8fad5b-d9cb-5469-a165-70867728950e'
  return {
    'POST /v1/persons/search': { body: { identityNumber } },
    [`GET ${at}`]: {},
    [`PUT ${at}`]: { body: { details, reason } },
    [`POST ${at}/death`]: { body: death },
    [`POST ${at}/death/retraction`]: { body: { retractedOn: day, reason } },
    [`POST ${at}/accounts`]: {
      body: { from: day, bank: '别处银行', account: '1111000011', holder: '冒名' },
    },
    [`POST ${at}/erasure`]: { body: { reason } },
    [`POST ${at}/life-verifications`]: {
      body: { verifiedOn: day, validThrough: '2012-12', method: reason },
    },
    [`GET ${at}/payee-changes`]: {},
    [`POST ${at}/payee-changes/confirmation`]: { body: { proposal: 1 } },
    [`POST ${at}/payee`]: { body: { from: day, payee, reason } },
    [`POST ${at}/holds`]: { body: { from: month, holdId: 'h', scope: 'person', reason } },
    [`POST ${at}/holds/lifting`]: { body: { from: month, holdId: 'h', reason } },
    [`POST ${at}/merger`]: { body: { into: payee, mergedOn: day, reason } },
  }
}

const runs: Readonly<Record<string, Asking>> = {
  'GET /v1/runs': { query: roll },
  'POST /v1/runs': { body: run },
  'GET /v1/runs/{runId}': {},
  'GET /v1/runs/{runId}/lines': {},
  'GET /v1/runs/{runId}/verification': {},
  'GET /v1/runs/{runId}/sheet': {},
  'GET /v1/runs/{runId}/summary': {},
  'GET /v1/runs/{runId}/notice': {},
  'GET /v1/runs/{runId}/bank-file': {},
  'POST /v1/runs/{runId}/preparation': step,
  'POST /v1/runs/{runId}/submission': step,
  'POST /v1/runs/{runId}/approval': step,
  'POST /v1/runs/{runId}/rejection': { body: { reason } },
  'POST /v1/runs/{runId}/release': { body: { layout: 'delimited-utf8' } },
  'POST /v1/runs/{runId}/bank-answers': {
    body: { layout: 'delimited-utf8', contentBase64: Buffer.from('1,成功').toString('base64') },
  },
  'POST /v1/runs/{runId}/closing': step,
  'GET /v1/recoveries': { query: roll },
  'GET /v1/recoveries/{caseId}': {},
  'POST /v1/recoveries/{caseId}/agreement': { body: { instalmentFen: 100, note: reason } },
  'POST /v1/recoveries/{caseId}/repayments': {
    body: { receivedOn: day, amountFen: 100, receipt: '收-1' },
  },
  'POST /v1/recoveries/{caseId}/write-off-proposal': { body: { amountFen: 100, reason } },
  'POST /v1/recoveries/{caseId}/write-offs': { body: { amountFen: 100, reason } },
}

const lists: Readonly<Record<string, Asking>> = {
  'GET /v1/rolls': { query: roll },
  'GET /v1/rolls/counts': { query: roll },
  'GET /v1/movements/rows': { query: roll },
  'GET /v1/movements': { query: { division: county, from: month, to: month } },
  'GET /v1/reviews': { query: { division: county, on: day } },
  'GET /v1/totals/owed': { query: roll },
  'GET /v1/totals/paid': { query: roll },
  'GET /v1/totals/recovered': { query: roll },
  'GET /v1/totals/per-capita': { query: roll },
  'GET /v1/reported-figures': {},
  'GET /v1/death-lists': {},
  'GET /v1/events': {},
  'GET /v1/proposals': { query: { ...roll, programme: 'urban-dibao' } },
  'GET /v1/imports': { query: { division: county } },
  'GET /v1/funds': { query: { county } },
  'GET /v1/bulk-decisions': { query: { division: county } },
  'POST /v1/price-link-retractions': {
    body: { decisionId: 'd', division: county, reason },
  },
  'POST /v1/bulk-decisions/{bulkDecisionId}/withdrawal': { body: { reason } },
  'GET /v1/payee-changes': { query: { division: county } },
  'GET /v1/write-off-proposals': { query: { division: county } },
  'GET /v1/personal-data-accesses': {},
  'GET /v1/ledger': {},
}

async function policyOf({ divisionId, holdId }: Ours): Promise<Readonly<Record<string, Asking>>> {
  const place = { division: county }
  const standard = { programme: 'urban-dibao', division: county, month, benefitClass: 'general' }
  const { benefitClass: _, ...rule } = standard
  const named = { from: '2013-01-01', divisionId, document: paper }
  return {
    'GET /v1/standards': { query: standard, isPublic: true },
    'GET /v1/rules': { query: rule, isPublic: true },
    'GET /v1/programmes': { isPublic: true },
    'GET /v1/divisions': { query: { division: county, on: day }, isPublic: true },
    'POST /v1/rules': { body: await golden('RuleSet', place) },
    'POST /v1/price-terms': { body: await golden('PriceTermsSet', place) },
    'POST /v1/standards': { body: await golden('StandardSet', place) },
    'POST /v1/divisions': { body: await golden('DivisionDefined', { code: '990301009000' }) },
    'POST /v1/divisions/renaming': { body: { ...named, nameZh: '改名区' } },
    'POST /v1/divisions/merger': { body: { ...named, into: '990201000000' } },
    'POST /v1/programme-holds': {
      body: { from: month, programme: 'urban-dibao', ...place, holdId: 'h', reason },
    },
    'POST /v1/programme-holds/lifting': {
      body: { from: month, programme: 'urban-dibao', holdId, reason },
    },
    'POST /v1/price-indices': { body: await golden('PriceIndexPublished', place) },
    'POST /v1/price-links': {
      body: {
        decisionId: 'd',
        from: month,
        to: month,
        ...place,
        method: { kind: 'fixed-monthly', amountFen: 100 },
        programmes: ['urban-dibao'],
        reference: 'on-roll-at-end',
        document: paper,
        basis: { kind: 'document' },
      },
    },
    'POST /v1/campaigns': {
      body: {
        campaignId: 'festival-of-ours',
        programme: 'festival-greeting',
        month,
        decidedOn: '2012-01-05',
        ...place,
        document: paper,
        unit: 'household',
        tiers: [{ programme: 'urban-dibao', amountFen: 100 }],
      },
    },
    'POST /v1/reassessments': {
      body: { programmes: ['urban-dibao'], ...place, from: month, cause, mode: 'automatic' },
    },
    'POST /v1/reported-figures': {
      body: await golden('ReportedFigureRecorded', { ...place, ...figure }),
    },
    'POST /v1/funds': { body: await golden('FundAllocated', { county }) },
  }
}

/** By method and path as the OpenAPI document writes them: what another county asks of ours. */
export async function requestsFor(ours: Ours): Promise<Readonly<Record<string, Asking>>> {
  return {
    ...casesOf(ours),
    ...personsOf(ours),
    ...runs,
    ...lists,
    ...(await policyOf(ours)),
    ...(await filesOf(ours)),
    ...(await everywhereOf(ours)),
  }
}
