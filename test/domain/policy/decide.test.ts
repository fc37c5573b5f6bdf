import t from 'tap'
import {
  DivisionCommand,
  ProgrammeCommand,
  StandardCommand,
} from '../../../src/domain/policy/commands.js'
import {
  divisionDecider,
  programmeDecider,
  standardDecider,
} from '../../../src/domain/policy/decide.js'
import { policyFrom } from '../../../src/domain/policy/policy.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { given } from '../../support/given.js'
import {
  amount,
  component,
  division,
  divisionDefined,
  divisionId,
  divisionMerged,
  document,
  programme,
  programmeDefined,
  rule,
  ruleSet,
  standardSet,
} from '../../support/policy.js'

const county = divisionDefined(1, { code: '990101' })
const neighbour = divisionDefined(2, { code: '990102' })
const dibao = programmeDefined('urban-dibao')
const policy = policyFrom([dibao, county, neighbour])
const programmes = programmeDecider(policy)
const standards = standardDecider(policy)
const divisions = divisionDecider(policy)

t.test('DefineProgramme', async (t) => {
  const command = { type: 'DefineProgramme', ...dibao.data } as const

  t.test('defines it, once', async () => {
    given(programmes).when(command).then(dibao)
    given(programmes, dibao).when(command).thenNothing()
  })

  t.test('defines it anew from a later month', async () => {
    const anew = programmeDefined('urban-dibao', { unit: '人' }, '2014-01')
    given(programmes, dibao)
      .when({ type: 'DefineProgramme', ...anew.data })
      .then(anew)
  })
})

t.test('SetRule', async (t) => {
  const set = ruleSet('urban-dibao', { division: '990101', from: '2012-01' })
  const command = { type: 'SetRule', ...set.data } as const

  t.test('sets it, and the same again changes nothing', async () => {
    given(programmes, dibao).when(command).then(set)
    given(programmes, dibao, set).when(command).thenNothing()
  })

  t.test('refuses an unknown programme or place', async () => {
    given(programmes).when(command).thenRefused('programme-unknown')
    given(programmes, dibao)
      .when({ ...command, division: division('990199') })
      .thenRefused('division-unknown', { division: '990199000000' })
  })

  t.test('refuses a rule that contradicts itself', async () => {
    const refuse = (over: Parameters<typeof rule>[0], field: string) =>
      given(programmes, dibao)
        .when({ ...command, rule: rule(over) })
        .thenRefused('rule-contradictory', { field })
    const supplement = { classification: 'disabled', nameZh: '重残', amountFen: amount(100) }
    const half = { numerator: 1, denominator: 2 }
    refuse({ classified: [{ ...supplement, shareOfStandard: half }] }, 'classified')
    refuse(
      { classified: [{ ...supplement, amountFen: null, shareOfStandard: null }] },
      'classified',
    )
    refuse({ bandsFen: [amount(200), amount(100)] }, 'bandsFen')
  })

  t.test('takes another rule for the same month as known later', async () => {
    const other = ruleSet(
      'urban-dibao',
      { division: '990101', from: '2012-01' },
      { component: component('living') },
    )
    given(programmes, dibao, set)
      .when({ type: 'SetRule', ...other.data })
      .then(other)
    given(programmes, dibao, set, other).when(command).then(set)
  })
})

t.test('SetStandard', async (t) => {
  const set = standardSet('urban-dibao', { division: '990101', from: '2012-07', fen: 41000 })
  const command = { type: 'SetStandard', ...set.data } as const

  t.test('sets it, and the same again changes nothing', async () => {
    given(standards).when(command).then(set)
    given(standards, set).when(command).thenNothing()
  })

  t.test('another figure for the same month supersedes, and can be taken back', async () => {
    const other = standardSet('urban-dibao', { division: '990101', from: '2012-07', fen: 41500 })
    given(standards, set)
      .when({ type: 'SetStandard', ...other.data })
      .then(other)
    given(standards, set, other).when(command).then(set)
  })

  t.test('refuses an unknown programme or place', async () => {
    given(standards)
      .when({ ...command, programme: programme('orphan') })
      .thenRefused('programme-unknown')
    given(standards)
      .when({ ...command, division: division('97') })
      .thenRefused('division-unknown')
  })
})

t.test('SetPriceTerms', async () => {
  const set = {
    type: 'PriceTermsSet',
    data: {
      from: month('2016-08'),
      programme: programme('urban-dibao'),
      division: division('990101'),
      terms: {
        cpiAtLeastBasisPoints: 350,
        foodAtLeastBasisPoints: 600,
        monthsRunning: 1,
        periodMonths: 1,
      },
      document: document('价〔2016〕8号'),
    },
  } as const
  const command = { type: 'SetPriceTerms', ...set.data } as const
  given(programmes, dibao).when(command).then(set)
  given(programmes, dibao, set).when(command).thenNothing()
  given(programmes).when(command).thenRefused('programme-unknown')
  given(programmes, dibao)
    .when({ ...command, division: division('97') })
    .thenRefused('division-unknown')
})

t.test('holds on a programme', async (t) => {
  const placed = {
    type: 'ProgrammeHoldPlaced',
    data: {
      from: month('2012-02'),
      programme: programme('urban-dibao'),
      division: division('990101'),
      holdId: 'h1',
      reason: '资金未到位',
    },
  } as const
  const lifted = {
    type: 'ProgrammeHoldLifted',
    data: {
      from: month('2012-04'),
      programme: programme('urban-dibao'),
      holdId: 'h1',
      reason: '资金到位',
    },
  } as const
  const place = { type: 'PlaceProgrammeHold', ...placed.data } as const
  const lift = { type: 'LiftProgrammeHold', ...lifted.data } as const

  t.test('are placed once', async () => {
    given(programmes, dibao).when(place).then(placed)
    given(programmes, dibao, placed).when(place).thenNothing()
    given(programmes, dibao, placed)
      .when({ ...place, from: month('2012-03') })
      .thenRefused('hold-id-taken')
    given(programmes).when(place).thenRefused('programme-unknown')
  })

  t.test('are lifted once, and stay placed-and-lifted when placed again', async () => {
    given(programmes, dibao, placed).when(lift).then(lifted)
    given(programmes, dibao, placed, lifted).when(lift).thenNothing()
    given(programmes, dibao, placed, lifted).when(place).thenNothing()
    given(programmes, dibao).when(lift).thenRefused('hold-unknown')
    given(programmes, dibao, placed, lifted)
      .when({ ...lift, from: month('2012-05') })
      .thenRefused('hold-already-lifted', { from: '2012-04' })
  })
})

t.test('divisions', async (t) => {
  t.test('are defined once, under a code that is free', async () => {
    const command = { type: 'DefineDivision', ...county.data } as const
    const unclaimed = divisionDefined(9, { code: '990109' })
    given(divisions)
      .when({ type: 'DefineDivision', ...unclaimed.data })
      .then(unclaimed)
    given(divisions, county).when(command).thenNothing()
    given(divisions, county)
      .when({ ...command, code: division('990108') })
      .thenRefused('division-already-defined', { division: '990101000000' })
    given(divisions)
      .when({ ...command, divisionId: divisionId(9) })
      .thenRefused('division-code-taken', { by: divisionId(1) })
  })

  t.test('a code is free again when its place has merged away', async () => {
    const merged = divisionMerged(1, { from: '2013-01-01', into: '990102' })
    const later = policyFrom([county, neighbour, merged])
    const again = divisionDefined(9, { code: '990101', from: '2015-01-01' })
    given(divisionDecider(later))
      .when({ type: 'DefineDivision', ...again.data })
      .then(again)
  })

  t.test('are renamed from a day on', async () => {
    const renamed = {
      type: 'DivisionRenamed',
      data: {
        from: plainDate('2015-06-01'),
        divisionId: divisionId(1),
        nameZh: '甲区',
        document: document('划〔2015〕3号'),
      },
    } as const
    const command = { ...renamed.data, type: 'RenameDivision' } as const
    given(divisions, county).when(command).then(renamed)
    given(divisions, county, renamed).when(command).thenNothing()
    given(divisions).when(command).thenRefused('division-unknown')
    given(divisions, county)
      .when({ ...command, from: plainDate('1999-01-01') })
      .thenRefused('division-unknown')
  })

  t.test('merge into a known place, once, and never into themselves', async () => {
    const merged = divisionMerged(1, { from: '2013-01-01', into: '990102' })
    const command = { type: 'MergeDivision', ...merged.data } as const
    given(divisions, county).when(command).then(merged)
    given(divisions, county, merged).when(command).thenNothing()
    given(divisions, county, merged)
      .when({ ...command, from: plainDate('2014-01-01') })
      .thenRefused('division-already-merged', { into: '990102000000' })
    given(divisions, county)
      .when({ ...command, into: division('990107') })
      .thenRefused('division-unknown')
    given(divisions, county)
      .when({ ...command, into: division('990101') })
      .thenRefused('division-merged-into-itself')
  })
})

t.test('requests are strict: what a command does not know is refused', async (t) => {
  const defined = { type: 'DefineDivision', ...county.data }
  t.ok(DivisionCommand.safeParse(defined).success)
  t.notOk(DivisionCommand.safeParse({ ...defined, colour: 'red' }).success)
  const standard = standardSet('urban-dibao', { division: '990101', from: '2012-07', fen: 1 })
  const set = { type: 'SetStandard', ...standard.data }
  t.ok(StandardCommand.safeParse(set).success)
  t.notOk(StandardCommand.safeParse({ ...set, amountFen: 0.5 }).success)
  t.notOk(StandardCommand.safeParse({ ...set, from: '2012-13' }).success)
  t.ok(ProgrammeCommand.safeParse({ type: 'DefineProgramme', ...dibao.data }).success)
  t.notOk(ProgrammeCommand.safeParse({ type: 'DropProgramme', ...dibao.data }).success)
})
