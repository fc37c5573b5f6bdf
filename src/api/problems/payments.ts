import type { ProblemKinds } from './problem-kind.js'

/** Payment runs, their funds, bank files and answers. */
export const paymentProblems = {
  'run-already-admitted': {
    status: 409,
    titleZh: '批次已准入',
    titleEn: 'The run is admitted already',
    sentenceZh: '批次 {runId} 已准入且参数不同；请换一个批次编号。',
    sentenceEn: 'Run {runId} is admitted with other parameters; open another run.',
  },
  'run-already-open': {
    status: 409,
    titleZh: '本期批次已存在',
    titleEn: 'The run of this period exists already',
    sentenceZh:
      '{period} 同项目、同区划已有批次 {runId}（第 {number} 次）；请使用该批次，或先退回。',
    sentenceEn:
      'There is run {runId} (number {number}) for {period} already; use it, or reject it ' +
      'first.',
  },
  'run-number-taken': {
    status: 409,
    titleZh: '批次序号已使用',
    titleEn: 'The number of the run is taken',
    sentenceZh: '该序号已由批次 {runId} 使用；请用序号 {nextNumber}。',
    sentenceEn: 'That number belongs to run {runId}; take {nextNumber}.',
  },
  'earlier-run-unsettled': {
    status: 409,
    titleZh: '之前的批次未办结',
    titleEn: 'An earlier run is not settled',
    sentenceZh: '{period} 的批次 {runId} 尚未编制或退回；请先办结该批次。',
    sentenceEn: 'Run {runId} of {period} is neither prepared nor rejected; settle it first.',
  },
  'run-unknown': {
    status: 404,
    titleZh: '没有这个批次',
    titleEn: 'There is no such run',
    sentenceZh: '没有编号为 {runId} 的批次；请核对编号。',
    sentenceEn: 'There is no run {runId}; check its id.',
  },
  'run-already-rejected': {
    status: 409,
    titleZh: '批次已退回',
    titleEn: 'The run was rejected already',
    sentenceZh: '批次 {runId} 已退回；请另开批次。',
    sentenceEn: 'Run {runId} was rejected; open another one.',
  },
  'run-rejected': {
    status: 409,
    titleZh: '批次已退回',
    titleEn: 'The run was rejected',
    sentenceZh: '批次已退回（{reason}），不能继续办理；请另开批次。',
    sentenceEn: 'The run was rejected ({reason}) and goes no further; open another one.',
  },
  'run-already-opened': {
    status: 409,
    titleZh: '批次已开立',
    titleEn: 'The run is opened already',
    sentenceZh: '批次 {runId} 已开立且参数不同；请换一个批次编号。',
    sentenceEn: 'Run {runId} is opened with other parameters; open another one.',
  },
  'run-already-prepared': {
    status: 409,
    titleZh: '批次已编制',
    titleEn: 'The run is prepared already',
    sentenceZh: '批次已编制且明细不同；请核对，确需更改时退回后另开。',
    sentenceEn:
      'The run is prepared with other lines; compare them, or reject it and open another.',
  },
  'run-not-prepared': {
    status: 409,
    titleZh: '批次未编制',
    titleEn: 'The run is not prepared',
    sentenceZh: '批次 {runId} 尚未编制；请先编制。',
    sentenceEn: 'Run {runId} is not prepared; prepare it first.',
  },
  'run-not-submitted': {
    status: 409,
    titleZh: '批次未提交',
    titleEn: 'The run is not submitted',
    sentenceZh: '批次尚未提交；请先提交审批。',
    sentenceEn: 'The run is not submitted; submit it first.',
  },
  'run-not-approved': {
    status: 409,
    titleZh: '批次未审批',
    titleEn: 'The run is not approved',
    sentenceZh: '批次尚未审批；请先由他人审批。',
    sentenceEn: 'The run is not approved; have somebody else approve it first.',
  },
  'run-already-approved': {
    status: 409,
    titleZh: '批次已审批',
    titleEn: 'The run is approved already',
    sentenceZh: '批次已由 {by} 审批，之后不能更改；请继续办理放款，不能放款的请退回。',
    sentenceEn:
      'The run was approved by {by} and changes no more; go on to its release, or reject it ' +
      'where it can’t be released.',
  },
  'run-not-released': {
    status: 409,
    titleZh: '批次未放款',
    titleEn: 'The run is not released',
    sentenceZh: '批次 {runId} 尚未放款；请先放款。',
    sentenceEn: 'Run {runId} is not released; release it first.',
  },
  'run-already-released': {
    status: 409,
    titleZh: '批次已放款',
    titleEn: 'The run is released already',
    sentenceZh: '批次已放款，银行文件不同；请使用已放款的文件，勿重复发送。',
    sentenceEn: 'The run is released with another bank file; use that file and send nothing twice.',
  },
  'run-total-mismatch': {
    status: 409,
    titleZh: '批次合计不符',
    titleEn: 'The totals of the run do not match',
    sentenceZh:
      '编制为 {preparedCount} 笔、{preparedFen} 元，文件为 {lineCount} 笔、{totalFen} 元；请停止放款并核对。',
    sentenceEn:
      'Prepared were {preparedCount} lines of {preparedFen} yuan, the file has {lineCount} ' +
      'of {totalFen} yuan; stop and compare.',
  },
  'run-differences-unlisted': {
    status: 409,
    titleZh: '差额未说明',
    titleEn: 'The differences are not listed',
    sentenceZh: '尚有 {unansweredFen} 元未得到银行回执；请逐项说明差额后再办结。',
    sentenceEn:
      '{unansweredFen} yuan are without an answer of the bank; list each difference to ' +
      'close the run.',
  },
  'run-closed': {
    status: 409,
    titleZh: '批次已办结',
    titleEn: 'The run is closed',
    sentenceZh: '批次已于 {closedOn} 办结；后续回执请登记到补发或追缴。',
    sentenceEn: 'The run was closed on {closedOn}; record later answers as arrears or a recovery.',
  },
  'run-lines-differ': {
    status: 409,
    titleZh: '批次明细不符',
    titleEn: 'The lines of the run differ',
    sentenceZh: '批次 {runId} 重算的明细与已保存的不同；请停止办理并通知管理员核查。',
    sentenceEn:
      'The lines derived for run {runId} differ from the stored ones; stop and investigate.',
  },
  'run-above-county': {
    status: 422,
    titleZh: '批次不能跨县',
    titleEn: 'A run is for one county',
    sentenceZh: '区划 {division} 在县级以上；请按县（区）分别开立批次。',
    sentenceEn: 'Division {division} is above the county; open a run for each county.',
  },
  'reassessment-behind': {
    status: 409,
    titleZh: '待遇复核尚未完成',
    titleEn: 'The reassessment is behind',
    sentenceZh: '待遇复核只到序号 {reassessedThrough}，批次需到 {ordinal}；请稍候或先运行复核。',
    sentenceEn:
      'The reassessment has come to {reassessedThrough} and the run needs {ordinal}; wait, ' +
      'or run it.',
  },
  'programme-not-of-run-kind': {
    status: 422,
    titleZh: '项目与批次类型不符',
    titleEn: 'The programme is not of the kind of the run',
    sentenceZh: '项目 {programme} 不能列入 {kind} 批次；请另选批次类型或项目。',
    sentenceEn:
      'Programme {programme} does not belong in a run of kind {kind}; choose another of ' +
      'either.',
  },
  'payee-account-unknown': {
    status: 409,
    titleZh: '没有收款账户',
    titleEn: 'The payee has no such account',
    sentenceZh: '人员 {person} 没有第 {accountVersion} 版收款账户；请补录账户后重新编制。',
    sentenceEn:
      'Person {person} has no account of version {accountVersion}; record one and prepare ' +
      'anew.',
  },
  'fund-already-allocated': {
    status: 409,
    titleZh: '资金已下达',
    titleEn: 'The fund is allocated already',
    sentenceZh: '资金 {fundId} 已下达且内容不同；请换一个编号。',
    sentenceEn: 'Fund {fundId} is allocated with other content; take another id.',
  },
  'funds-insufficient': {
    status: 409,
    titleZh: '资金不足',
    titleEn: 'The funds do not suffice',
    sentenceZh: '{programmes} 的资金不足，缺 {missingFen} 元；请先下达资金，或将部分明细缓发。',
    sentenceEn:
      'The funds for {programmes} are {missingFen} yuan short; allocate more, or hold lines.',
  },
  'funds-already-reserved': {
    status: 409,
    titleZh: '资金已预留',
    titleEn: 'The funds are reserved already',
    sentenceZh: '批次 {runId} 已预留 {reservedFen} 元，金额不同；请先释放。',
    sentenceEn: 'Run {runId} has {reservedFen} yuan reserved, another amount; release them first.',
  },
  'funds-not-reserved': {
    status: 409,
    titleZh: '资金未预留',
    titleEn: 'The funds are not reserved',
    sentenceZh: '批次 {runId} 没有预留资金；请先预留。',
    sentenceEn: 'Run {runId} has no funds reserved; reserve them first.',
  },
  'bank-layout-unknown': {
    status: 422,
    titleZh: '没有这种银行文件格式',
    titleEn: 'There is no such bank layout',
    sentenceZh: '没有名为 {layout} 的银行文件格式；请核对名称。',
    sentenceEn: 'There is no bank layout {layout}; check the name.',
  },
  'bank-field-too-wide': {
    status: 422,
    titleZh: '银行文件栏位过宽',
    titleEn: 'A field is too wide for the bank file',
    sentenceZh:
      '第 {line} 笔（人员 {person}）的栏位 {field} 超过银行文件的宽度 {width}；请核对账户资料或格式。',
    sentenceEn:
      'Field {field} of line {line} (person {person}) is wider than {width}; check the account ' +
      'or the layout.',
  },
  'bank-field-breaks-record': {
    status: 422,
    titleZh: '银行文件栏位含分隔符',
    titleEn: 'A field would break its record',
    sentenceZh: '第 {line} 笔（人员 {person}）的栏位 {field} 含有分隔符或换行；请更正账户资料。',
    sentenceEn:
      'Field {field} of line {line} (person {person}) holds a separator or a line break; ' +
      'correct the account.',
  },
  'bank-field-unencodable': {
    status: 422,
    titleZh: '银行文件无法写出该字',
    titleEn: 'A character does not exist in the bank file',
    sentenceZh:
      '第 {line} 笔（人员 {person}）的栏位 {field} 有银行文件无法写出的字；请更正账户资料。',
    sentenceEn:
      'Field {field} of line {line} (person {person}) holds a character that the bank file ' +
      'does not have; correct the account.',
  },
  'account-unfit-for-bank-file': {
    status: 422,
    titleZh: '账户资料无法写入银行文件',
    titleEn: 'The account does not fit the bank file',
    sentenceZh:
      '{field} 无法写入银行文件 {layout}：过长，或含分隔符、换行、无法写出的字；请更正 {field}。',
    sentenceEn:
      '{field} can not stand in the bank file {layout}: it is too long, or holds a separator, a ' +
      'line break or a character that the file does not have; correct {field}.',
  },
  'bank-file-differs': {
    status: 409,
    titleZh: '银行文件与放款时不同',
    titleEn: 'The bank file differs from the released one',
    sentenceZh: '重新生成的银行文件与放款时的不同；请使用原文件，并通知管理员核查。',
    sentenceEn: 'The file made now differs from the released one; use that one, and investigate.',
  },
  'answer-layout-unknown': {
    status: 422,
    titleZh: '没有这种回执格式',
    titleEn: 'There is no such layout of answers',
    sentenceZh: '没有名为 {layout} 的回执格式；请核对名称。',
    sentenceEn: 'There is no layout of answers {layout}; check the name.',
  },
  'answer-file-empty': {
    status: 422,
    titleZh: '回执文件没有内容',
    titleEn: 'The file of answers is empty',
    sentenceZh: '批次 {runId} 的回执文件没有可读的行；请核对文件与格式。',
    sentenceEn:
      'The file of answers for run {runId} has no line that can be read; check file and ' +
      'layout.',
  },
  'answers-unfinished': {
    status: 409,
    titleZh: '另一回执文件未完成',
    titleEn: 'Another file of answers is unfinished',
    sentenceZh: '批次 {runId} 的回执文件 {file} 尚未处理完；请先重新提交该文件。',
    sentenceEn: 'The answers {file} of run {runId} are half recorded; send that file again first.',
  },
  'answers-of-another-run': {
    status: 422,
    titleZh: '像是别的批次的回盘文件',
    titleEn: 'The file looks like that of another run',
    sentenceZh:
      '回盘文件共 {rows} 行，其中 {misfits} 行的序号或金额与批次 {runId} 的明细对不上（首行为第 ' +
      '{firstRow} 行），像是别的批次的回盘；一行也没有记录。请核对批次编号与文件后重新上传。',
    sentenceEn:
      'Of {rows} rows {misfits} do not fit run {runId}, the first is row {firstRow}: it may be ' +
      'the file of another run. Nothing was recorded; check run and file.',
  },
} as const satisfies ProblemKinds
