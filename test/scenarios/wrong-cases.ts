import { csvFile } from '../application/imports/import-files.js'
import { county } from '../support/http-ledger.js'
import { caseHeader, caseRow, households, newCase, type Wrong } from './wrong-facts.js'

/** Cases in a place, on a roll or in a class where they can't be. */
export function wrongCases(): readonly Wrong[] {
  return [
    {
      what: 'an urban programme for a case of the rural roll',
      by: 'clerk',
      request: 'POST /v1/cases',
      options: { body: { ...newCase, urbanRural: 'rural' } },
      told: { status: 422, code: 'roll-of-programme-differs' },
      names: /urbanRural/,
    },
    {
      what: 'a class of which no policy speaks',
      by: 'clerk',
      request: 'POST /v1/cases',
      options: { body: { ...newCase, benefitClass: 'moon-class' } },
      told: { status: 422, code: 'benefit-class-unknown' },
      names: /moon-class/,
    },
    {
      what: 'a case of a whole county',
      by: 'clerk',
      request: 'POST /v1/cases',
      options: { body: { ...newCase, division: county } },
      told: { status: 422, code: 'division-above-town' },
      names: /村/,
    },
    {
      what: 'a case of a whole county in a file',
      by: 'clerk',
      request: 'POST /v1/imports/households',
      options: { body: households(csvFile('户.csv', [caseHeader, caseRow('1', county)])) },
      told: { status: 422, code: 'import-refused' },
      names: /990301000000/,
      field: '户.csv:2:区划',
    },
  ]
}
