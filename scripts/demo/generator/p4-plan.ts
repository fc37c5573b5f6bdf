import { type Month, month, monthsOf, plainDate } from '../../../src/domain/values/calendar.js'
import { caseActions, type DecisionHabit, dayIn } from './case-actions.js'
import { type CaseLife, isOnRollIn } from './case-life.js'
import { deathLists } from './death-list.js'
import { monthsFrom } from './district-plan.js'
import { inventedPeople } from './invented-people.js'
import { type FormerBooks, openingFiles } from './opening-files.js'
import { type P4Dibao, p4Dibao } from './p4-dibao.js'
import { personalRoll } from './personal-roll.js'
import { districts } from './places.js'
import type { DistrictPlan, PlannedAction } from './plan.js'
import { type Random, seededRandom } from './random.js'
import { reportedFigures } from './reported-figures.js'
import { temporaryAid } from './temporary-aid.js'
import { constantly, flatTerms, p4Terms } from './terms.js'

const span = { from: month('2012-01'), to: month('2012-12') } as const
const seed = 20_121_231
const censuses = [month('2012-05'), month('2012-11')] as const

/** P4: a whole year, two censuses of the roll, standards raised in July. */
export function p4Plan(): DistrictPlan {
  const random = seededRandom(seed)
  const people = inventedPeople({ district: 'P4', region: '990301', random })
  const dibao = p4Dibao({ people, random })
  const tekun = personalRoll({
    people,
    random,
    district: 'P4',
    programme: 'tekun',
    letter: 'W',
    classes: [
      { benefitClass: 'centralised', persons: 4 },
      { benefitClass: 'dispersed', persons: 8 },
    ],
    bornFrom: 1928,
    bornTo: 1950,
  })
  const lives = [...dibao.lives, ...tekun, dibao.tekun]
  const decided = lives.flatMap((life) => caseActions(life, habitOf(life, random)))
  const actions: readonly PlannedAction[] = [
    ...decided,
    ...censusReviews(dibao.lives, decided),
    ...spotChecks(dibao.lives),
    ...raise,
    ...newHead(dibao),
    ...returnedAccounts(dibao),
    ...monthlyRuns(dibao),
    ...temporaryAid({ people, random }),
    ...deathLists({
      district: 'P4',
      people,
      random,
      months: monthsOf(span),
      total: 60,
      known: dibao.deaths,
      remarks: [],
    }),
    ...reportedFigures('P4'),
  ]
  return {
    key: 'P4',
    division: districts.P4.division,
    cutOver: span.from,
    persons: people.all(),
    opening: openingFiles(lives, { cutOver: span.from, books: formerBooks }),
    months: monthsFrom(actions, span),
  }
}

function habitOf(life: CaseLife, random: Random): DecisionHabit {
  const household = life.file.programme.endsWith('dibao')
  return {
    decides: 'month-before',
    days: { from: 15, to: 25 },
    steps: household
      ? [
          ['survey', 5],
          ['appraisal', 7],
          ['town-audit', 8],
          ['public-notice', 10],
          ['confirmation', 18],
        ]
      : [
          ['survey', 5],
          ['town-audit', 8],
          ['confirmation', 18],
        ],
    random,
    censuses,
    until: span.to,
  }
}

function formerBooks({ file }: CaseLife): FormerBooks {
  if (file.programme === 'urban-dibao') return { component: 'base', terms: p4Terms.urban }
  if (file.programme === 'rural-dibao') return { component: 'base', terms: p4Terms.rural }
  const monthlyFen = file.benefitClass === 'centralised' ? 40_000 : 30_000
  return { component: 'support', terms: flatTerms(constantly(monthlyFen)) }
}

/** A census sees every household on the roll; what it changes stands among the decisions. */
function censusReviews(
  lives: readonly CaseLife[],
  decided: readonly PlannedAction[],
): readonly PlannedAction[] {
  return censuses.flatMap((census) => {
    const reviewed = new Set(
      decided.flatMap((action) =>
        action.do === 'record-review' && action.on.startsWith(census) ? [action.caseKey] : [],
      ),
    )
    return lives
      .filter((life) => isOnRollIn(life, census) && !reviewed.has(life.file.caseKey))
      .map((life, at) => review(life, { on: dayIn(census, 15 + (at % 10)), kind: 'census' }))
  })
}

function spotChecks(lives: readonly CaseLife[]): readonly PlannedAction[] {
  return ['2012-03', '2012-09']
    .map(month)
    .flatMap((of) =>
      lives
        .filter((life, at) => at % 12 === 0 && isOnRollIn(life, of))
        .map((life) => review(life, { on: dayIn(of, 27), kind: 'spot-check' })),
    )
}

function review(
  life: CaseLife,
  how: { readonly on: PlannedAction['on']; readonly kind: 'census' | 'spot-check' },
): PlannedAction {
  return {
    do: 'record-review',
    caseKey: life.file.caseKey,
    level: how.kind === 'census' ? 'town' : 'district',
    result: 'unchanged',
    note: how.kind === 'census' ? '普查，情况未变' : '区级抽审，情况属实',
    ...how,
  }
}

/** P4-01: announced in June, from July 390 and 200 a month. */
const raise: readonly PlannedAction[] = [
  { do: 'import-policy', on: plainDate('2012-06-20'), path: 'standards/p4-2012-07.json' },
  {
    do: 'reassess-roll',
    on: plainDate('2012-06-21'),
    programmes: ['urban-dibao', 'rural-dibao'],
    from: month('2012-07'),
    cause: 'standard',
  },
]

/** The household goes on under another head: neither entry nor exit. */
function newHead({ quiet }: P4Dibao): readonly PlannedAction[] {
  const life = quiet.find(({ members }) => members.length > 1)
  const second = life?.members[1]
  if (!life || !second) return []
  return [
    {
      do: 'change-head',
      on: plainDate('2012-09-20'),
      caseKey: life.file.caseKey,
      personKey: second.person.key,
      from: month('2012-10'),
      reason: '原户主长期外出',
    },
  ]
}

const returnedIn = month('2012-08')

/** Two lines come back in August; the accounts are put right before September's run. */
function returnedLives({ quiet }: P4Dibao): readonly CaseLife[] {
  return quiet.filter(({ members }) => members.length === 1).slice(0, 2)
}

function returnedAccounts(dibao: P4Dibao): readonly PlannedAction[] {
  return returnedLives(dibao).flatMap(({ members }) =>
    members.flatMap(({ person }): readonly PlannedAction[] => {
      if (!person.account) return []
      const account = { ...person.account, account: `${person.account.account}8` }
      return [{ do: 'set-account', on: plainDate('2012-08-28'), personKey: person.key, account }]
    }),
  )
}

function monthlyRuns(dibao: P4Dibao): readonly PlannedAction[] {
  const returned = returnedLives(dibao).map(({ file }) => file.caseKey)
  return monthsOf(span).flatMap((period: Month): readonly PlannedAction[] => {
    const run = { do: 'pay', on: dayIn(period, 9), kind: 'regular', period } as const
    return [
      {
        ...run,
        programmes: ['urban-dibao', 'rural-dibao'],
        returned: period === returnedIn ? returned : [],
      },
      { ...run, programmes: ['tekun'], returned: [] },
    ]
  })
}
