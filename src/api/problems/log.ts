import type { ProblemKinds } from './problem-kind.js'

/** What the log, the keys of persons and the founding of a ledger refuse. */
export const logProblems = {
  'not-canonical-json': {
    status: 422,
    titleZh: '数据含有台账不能保存的值',
    titleEn: 'A value can not be kept by the ledger',
    sentenceZh: '{path} 处的值不能入账（{found}）；数字须为整数，文字不得含空字符或残缺字符。',
    sentenceEn:
      'The value at {path} can not be kept ({found}); numbers are whole, and text has no NUL and ' +
      'no half characters.',
  },
  'log-busy': {
    status: 503,
    titleZh: '台账写入排队已满',
    titleEn: 'The log has too many waiting writes',
    sentenceZh: '等待写入的请求过多，本次未写入；请在 Retry-After 所示秒数后用同一个幂等键重试。',
    sentenceEn: 'Too many writes are waiting and nothing was written; try again with the same key.',
    retryAfterSeconds: 1,
  },
  'log-closed': {
    status: 503,
    titleZh: '台账正在关闭',
    titleEn: 'The log is closing',
    sentenceZh: '服务正在停止，本次未写入；请稍后用同一个幂等键重试。',
    sentenceEn: 'The service is stopping and nothing was written; try again with the same key.',
    retryAfterSeconds: 10,
  },
  'log-unreachable': {
    status: 503,
    titleZh: '台账日志暂时无法访问',
    titleEn: 'The log can not be reached',
    sentenceZh:
      '台账日志的服务器没有及时答复，不能确定本次是否写入；' +
      '请在 Retry-After 所示秒数后用同一个幂等键重试，' +
      '不会重复入账；若持续出现，请通知管理员检查日志服务器。',
    sentenceEn:
      'The server of the log gave no answer in time, and whether this was written is not known; ' +
      'try again with the same key, which writes nothing twice; if it goes on, tell an ' +
      'administrator.',
    retryAfterSeconds: 5,
  },
  'log-of-another-ledger': {
    status: 500,
    titleZh: '日志不属于本台账的数据库',
    titleEn: 'The log is of another ledger than the database',
    sentenceZh:
      'EVENT_STORE 所指的日志与本数据库中的密钥不属于同一台账（第一条事件应为 {expected}，实为 {found}）；' +
      '请改回原来的设置，或先用 export-log 与 import-log 迁移日志。',
    sentenceEn:
      'The log that EVENT_STORE names and the keys in this database are of different ledgers ' +
      '(the first event should be {expected} and is {found}); set it back, or move the log with ' +
      'export-log and import-log first.',
  },
  'log-not-empty': {
    status: 409,
    titleZh: '日志不是空的',
    titleEn: 'The log is not empty',
    sentenceZh:
      '导入只能写入空的日志，或接着同一文件中断的导入；而此日志已有 {events} 条别的事件，请换一个空的日志再导入。',
    sentenceEn:
      'A log is imported into an empty one, or goes on where the import of the same file was ' +
      'broken off; this one has {events} events of another: choose an empty one.',
  },
  'log-keys-missing': {
    status: 409,
    titleZh: '缺少人员密钥',
    titleEn: 'Keys of persons are missing',
    sentenceZh:
      '日志文件中有 {persons} 人的密钥不在此数据库中（第一人 {personId}），什么都没有写入。密钥不随日志导出：' +
      '请改用保存密钥的原数据库，或先以 restore 把它的备份恢复到此处，再导入日志。',
    sentenceEn:
      'Keys of {persons} persons of the file are not in this database ({personId} first), and ' +
      'nothing was written. A log file holds no keys: use the database that has them, or restore ' +
      'its backup here first, then import.',
  },
  'log-file-broken': {
    status: 422,
    titleZh: '日志文件不完整或被改动',
    titleEn: 'The log file is broken or was changed',
    sentenceZh: '日志文件第 {line} 行不对：{fault}；请重新导出后再导入。',
    sentenceEn: 'Line {line} of the log file is wrong: {fault}; export the log again.',
  },
  'log-broken': {
    status: 500,
    titleZh: '台账序号不连续',
    titleEn: 'The log is broken',
    sentenceZh: '台账在序号 {expected} 处应连续而读到 {found}；请立即停止写入并通知管理员核查。',
    sentenceEn: 'The log should go on at {expected} and has {found}; stop writing and investigate.',
  },
  'known-at-malformed': {
    status: 400,
    titleZh: '“当时所知”写法不对',
    titleEn: 'A time of knowledge that can not be read',
    sentenceZh:
      'knownAt（命令行 --as-known-at）“{given}”不是账序、日期或时刻；' +
      '请写作 697、2012-06-06 或 2012-06-06T10:00:00+08:00。',
    sentenceEn:
      'knownAt (--as-known-at) "{given}" is no ordinal, day or moment; write 697, 2012-06-06 ' +
      'or 2012-06-06T10:00:00+08:00.',
  },
  'instant-not-reached': {
    status: 422,
    titleZh: '时刻尚未到达',
    titleEn: 'The moment is not reached',
    sentenceZh: '{asked} 尚未到达，台账现在是 {now}；请用过去的日期或时刻。',
    sentenceEn: '{asked} is still to come, the ledger is at {now}; ask for a time that is past.',
  },
  'ordinal-not-reached': {
    status: 422,
    titleZh: '序号尚未到达',
    titleEn: 'The ordinal is not reached',
    sentenceZh: '序号 {ordinal} 尚未到达，目前到 {reached}；请用不大于它的序号。',
    sentenceEn:
      'Ordinal {ordinal} is not reached, the read models are at {reached}; ask for one up ' +
      'to that.',
  },
  'log-event-altered': {
    status: 500,
    titleZh: '日志中的事件已被改动',
    titleEn: 'An event of the log was altered',
    sentenceZh:
      '序号 {ordinal} 的事件（{stream} 第 {version} 版）与入账时的哈希不符，已在数据库中被改动；' +
      '请停止写入、保留现场，并从备份恢复。',
    sentenceEn:
      'Event {ordinal} ({stream} version {version}) is not what its hash was made of: it was ' +
      'altered in the database; stop writing, keep the database, restore from a backup.',
  },
  'event-too-large': {
    status: 413,
    titleZh: '单项内容过大',
    titleEn: 'One event is too large',
    sentenceZh: '第 {index} 项为 {bytes} 字节，超过 {limit} 字节的上限；请缩短内容或拆分提交。',
    sentenceEn: 'Event {index} has {bytes} bytes and the limit is {limit}; shorten or split it.',
  },
  'append-too-large': {
    status: 413,
    titleZh: '一次写入的内容过大',
    titleEn: 'The append is too large',
    sentenceZh: '本次写入共 {bytes} 字节，超过 {limit} 字节的上限；请拆分提交。',
    sentenceEn: 'The append has {bytes} bytes and the limit is {limit}; send it in parts.',
  },
  'append-malformed': {
    status: 500,
    titleZh: '写入格式有误',
    titleEn: 'The append is malformed',
    sentenceZh: '写入的 {field} 不合格式；这是程序错误，请把请求编号告知管理员。',
    sentenceEn: 'The {field} of an append is malformed; this is a fault of the program.',
  },
  'append-without-events': {
    status: 500,
    titleZh: '写入没有内容',
    titleEn: 'The append is empty',
    sentenceZh: '写入没有任何事件；这是程序错误，请把请求编号告知管理员。',
    sentenceEn: 'An append has no events; this is a fault of the program.',
  },
  'too-many-events-in-append': {
    status: 413,
    titleZh: '一次写入的事项过多',
    titleEn: 'The append has too many events',
    sentenceZh: '本次写入有 {events} 项，超过 {limit} 项的上限；请拆分提交。',
    sentenceEn: 'The append has {events} events and the limit is {limit}; send it in parts.',
  },
  'too-many-appends-in-batch': {
    status: 413,
    titleZh: '一批写入过多',
    titleEn: 'The batch has too many appends',
    sentenceZh: '本批有 {appends} 次写入，超过 {limit} 次的上限；请分批提交。',
    sentenceEn: 'The batch has {appends} appends and the limit is {limit}; send fewer at once.',
  },
  'event-unknown': {
    status: 500,
    titleZh: '台账中有本版本不认识的事件',
    titleEn: 'The log holds an event that this version does not know',
    sentenceZh: '台账中有本版本不认识的事件 {type}；请使用写入它的版本或更新的版本。',
    sentenceEn: 'The log holds {type}, which this version does not know; run a newer version.',
  },
  'recorded-clock-refused': {
    status: 503,
    titleZh: '服务器时钟不准',
    titleEn: "The service's clock is wrong",
    sentenceZh: '服务器时钟与数据库相差过大，本次未写入；请管理员校准时钟后重试。',
    sentenceEn: "The service's clock is far from the database's; have it set right, then retry.",
    retryAfterSeconds: 60,
  },
  'master-key-missing': {
    status: 500,
    titleZh: '缺少主密钥',
    titleEn: 'The master key is missing',
    sentenceZh: '主密钥文件 {path} 不存在；请恢复密钥文件，或用 MASTER_KEY_FILE 指明其位置。',
    sentenceEn: 'There is no master key at {path}; restore it, or name its place: MASTER_KEY_FILE.',
  },
  'master-key-unfit': {
    status: 500,
    titleZh: '主密钥不可用',
    titleEn: 'The master key is unfit',
    sentenceZh: '主密钥不可用（{reason}）；请换上与本台账相配的密钥文件，权限为 0600。',
    sentenceEn: "The master key is unfit ({reason}); use this ledger's own file, with mode 0600.",
  },
  'sealed-field-broken': {
    status: 500,
    titleZh: '密封字段损坏',
    titleEn: 'A sealed field is broken',
    sentenceZh: '人员 {person} 的密封字段无法打开；请管理员从备份核对数据与密钥。',
    sentenceEn: 'A sealed field of person {person} does not open; compare data and keys.',
  },
  'person-erased': {
    status: 410,
    titleZh: '该人的个人信息已删除',
    titleEn: "The person's data was erased",
    sentenceZh: '该人的个人信息已依法删除，不能再查阅或填写；金额与记录仍然有效。',
    sentenceEn: 'The data of this person was erased for good; amounts and records stay.',
  },
} as const satisfies ProblemKinds
