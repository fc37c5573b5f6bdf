import type { ProblemKinds } from './problem-kind.js'

/** What is wrong with a file that was handed in, or with a row of it; and backups. */
export const importProblems = {
  'file-missing': {
    status: 422,
    titleZh: '文件不存在或无法读取',
    titleEn: 'The file is not there',
    sentenceZh: '文件 {file} 不存在或没有读取权限；请检查路径。',
    sentenceEn: 'The file {file} is not there or can not be read; check its path.',
  },
  'file-kind-unknown': {
    status: 415,
    titleZh: '不支持的文件类型',
    titleEn: 'The kind of file is not supported',
    sentenceZh: '文件 {file} 不是 .csv 或 .xlsx；请另存为其中一种后重新导入。',
    sentenceEn: 'The file {file} is neither .csv nor .xlsx; save it as one of them and try again.',
  },
  'file-empty': {
    status: 422,
    titleZh: '文件没有数据行',
    titleEn: 'The file has no rows',
    sentenceZh: '文件 {file} 没有数据行；请检查是否选错文件，第一行应为列名。',
    sentenceEn: 'The file {file} has no rows; its first line holds the headings, rows follow.',
  },
  'file-too-large': {
    status: 413,
    titleZh: '文件过大',
    titleEn: 'The file is too large',
    sentenceZh: '文件 {file} 超过 {limitBytes} 字节的上限；请分成几个文件导入。',
    sentenceEn: 'The file {file} is over {limitBytes} bytes; import it as several files.',
  },
  'file-encoding-unknown': {
    status: 422,
    titleZh: '文件编码无法识别',
    titleEn: 'The encoding of the file is unknown',
    sentenceZh:
      '文件 {file} 第 {line} 行既不是 UTF-8 也不是 GB18030 编码；请用其中一种编码重新保存。',
    sentenceEn: 'Line {line} of {file} is neither UTF-8 nor GB18030; save the file as one of them.',
  },
  'spreadsheet-broken': {
    status: 422,
    titleZh: '电子表格损坏或无法读取',
    titleEn: 'The spreadsheet is broken',
    sentenceZh: '电子表格 {file} 无法读取（{reason}）；请重新导出 XLSX。',
    sentenceEn: 'The spreadsheet {file} can not be read ({reason}); export it as XLSX again.',
  },
  'spreadsheet-cells-lost': {
    status: 422,
    titleZh: '电子表格的单元格已丢失原值',
    titleEn: 'Cells of the spreadsheet lost their value',
    sentenceZh:
      '电子表格 {file} 中以下列的值已丢失（{reason}，首见于第 {line} 行）：{columns}；' +
      '请把这些列设为文本格式，重新填写后再导入。',
    sentenceEn:
      'Columns of the spreadsheet {file} lost their values ({reason}, first in row {line}): ' +
      '{columns}; format these columns as text, fill them in again and import the file.',
  },
  'table-broken': {
    status: 422,
    titleZh: 'CSV 格式有误',
    titleEn: 'The CSV is malformed',
    sentenceZh: '文件 {file} 第 {line} 行的引号或分隔符有误（{reason}）；请改正后重新导入。',
    sentenceEn: 'Line {line} of {file} has a faulty quote or separator ({reason}); put it right.',
  },
  'too-many-rows': {
    status: 413,
    titleZh: '文件行数过多',
    titleEn: 'The file has too many rows',
    sentenceZh: '文件 {file} 超过 {limit} 行；请分成几个文件导入。',
    sentenceEn: 'The file {file} has more than {limit} rows; import it as several files.',
  },
  'columns-wrong': {
    status: 422,
    titleZh: '文件列名有误',
    titleEn: 'The columns of the file are wrong',
    sentenceZh:
      '文件 {file} 缺少列：{missing}；不认识的列：{unknown}；重复的列：{twice}。请对照模板改正列名。',
    sentenceEn:
      'The file {file} lacks columns ({missing}), has unknown ones ({unknown}) or doubled ones ' +
      '({twice}); compare it with the template.',
  },
  'policy-file-malformed': {
    status: 422,
    titleZh: '政策文件格式有误',
    titleEn: 'The policy file is malformed',
    sentenceZh: '政策文件 {file} 无法读取（{reason}）；格式见 policy/README.md。',
    sentenceEn: 'The policy file {file} can not be read ({reason}); see policy/README.md.',
  },
  'cell-empty': {
    status: 422,
    titleZh: '必填单元格为空',
    titleEn: 'A required cell is empty',
    sentenceZh: '“{column}”不能为空；请补填。',
    sentenceEn: 'The column {column} must not be empty; fill it in.',
  },
  'cell-malformed': {
    status: 422,
    titleZh: '单元格内容有误',
    titleEn: 'A cell is malformed',
    sentenceZh: '“{column}”的内容有误；请按模板说明改正。',
    sentenceEn: 'The column {column} holds something else than it should; compare the template.',
  },
  'row-twice': {
    status: 422,
    titleZh: '与另一行重复或不一致',
    titleEn: 'Another row says the same or otherwise',
    sentenceZh: '与第 {otherLine} 行是同一对象，重复或内容不一致；请只保留正确的一行。',
    sentenceEn: 'Line {otherLine} is about the same household or person; keep the right one.',
  },
  'recipient-twice': {
    status: 422,
    titleZh: '名册中一人列了两次',
    titleEn: 'The list names somebody twice',
    sentenceZh:
      '此人或其家庭成员已在第 {otherLine} 行中（按户或按人）享受同一活动；一人只发一次，请只保留其中一行。',
    sentenceEn:
      'Line {otherLine} names this person or a member of this household already, as a household ' +
      'or as a person; nobody gets a campaign twice: keep one of the two lines.',
  },
  'person-of-row-unknown': {
    status: 422,
    titleZh: '台账中没有此人',
    titleEn: 'The ledger knows no such person',
    sentenceZh: '“{column}”所指的人不在台账中；请核对号码，或先登记、导入此人。',
    sentenceEn:
      'Nobody in the ledger has what the column {column} says; check it, or register or import ' +
      'the person first.',
  },
  'row-contradicts-identity-number': {
    status: 422,
    titleZh: '与身份证号不一致',
    titleEn: 'The row contradicts the identity number',
    sentenceZh: '“{column}”与身份证号中的信息不一致；请核对后改正其中之一。',
    sentenceEn: 'The column {column} contradicts the identity number; put one of them right.',
  },
  'person-reference-missing': {
    status: 422,
    titleZh: '没有身份证号或人员编号',
    titleEn: 'Neither identity number nor person number',
    sentenceZh: '该行没有身份证号，也没有人员编号；请至少填写其中一项。',
    sentenceEn: 'The row has neither an identity number nor a person number; give one of them.',
  },
  'history-contradictory': {
    status: 422,
    titleZh: '历史金额月份有误',
    titleEn: 'The months of the history are contradictory',
    sentenceZh:
      '历史金额的月份（{from} 至 {to}）倒置、重叠、间断或超出首次享受月至结清月；请改正。',
    sentenceEn:
      'The history ({from} to {to}) is reversed, overlaps, has a gap, or lies outside the months ' +
      'from the entry to the settled one; put it right.',
  },
  'household-unknown': {
    status: 422,
    titleZh: '户编号不存在',
    titleEn: 'The household is unknown',
    sentenceZh: '户编号 {household} 在本次文件和台账中都不存在；请先导入该户或改正编号。',
    sentenceEn:
      'Household {household} is neither in these files nor in the ledger; import it first.',
  },
  'household-without-members': {
    status: 422,
    titleZh: '该户没有保障成员',
    titleEn: 'Nobody of the household is covered',
    sentenceZh: '该户在 {month} 没有保障成员；请在同一次导入中附上成员文件。',
    sentenceEn: 'Nobody of the household is covered in {month}; import its members with it.',
  },
  'programme-not-one-off': {
    status: 422,
    titleZh: '项目不是一次性项目',
    titleEn: 'The programme is not a one-off',
    sentenceZh: '项目 {programme} 不是一次性项目，不能按活动名册发放；请改用一次性项目。',
    sentenceEn: 'Programme {programme} is no one-off programme; a campaign needs one.',
  },
  'import-refused': {
    status: 422,
    titleZh: '导入文件有误，没有写入',
    titleEn: 'The import was refused; nothing was written',
    sentenceZh: '文件中有 {count} 处错误，全部没有写入；请按逐行说明改正后重新导入。',
    sentenceEn: '{count} faults were found and nothing was written; put each row right, try again.',
  },
  'import-interrupted': {
    status: 503,
    titleZh: '导入被其他写入打断',
    titleEn: 'Others kept writing to the same records',
    sentenceZh:
      '导入 {importId} 期间有人反复修改同一批记录，尚未完成；请稍后用同一文件再次导入，不会重复。',
    sentenceEn:
      'Import {importId} is unfinished because others kept changing the same records; import the ' +
      'same file again, nothing is written twice.',
  },
  'option-malformed': {
    status: 400,
    titleZh: '命令选项有误',
    titleEn: 'An option is malformed',
    sentenceZh: '命令选项 {options} 的值有误；用 --help 查看写法。',
    sentenceEn: 'The value of {options} is malformed; see --help for how it is written.',
  },
  'passphrase-missing': {
    status: 400,
    titleZh: '没有备份口令',
    titleEn: 'The passphrase is missing',
    sentenceZh: '请用 {options} 给出口令，至少 {shortest} 个字符；口令丢失后备份的密钥无法打开。',
    sentenceEn:
      'Give the passphrase by one of {options}, {shortest} characters or more; without it the ' +
      'keys can never be opened.',
  },
  'tokens-issued-elsewhere': {
    status: 409,
    titleZh: '令牌由身份服务签发',
    titleEn: 'Tokens are issued by the identity provider',
    sentenceZh: '本台账使用外部身份服务（JWKS_URL），不能自行签发令牌；请在身份服务中办理。',
    sentenceEn: 'This ledger takes tokens of an identity provider (JWKS_URL); ask there for one.',
  },
  'first-token-issued': {
    status: 409,
    titleZh: '首个令牌已签发过',
    titleEn: 'The first token was issued already',
    sentenceZh:
      '--first 只能用一次，首个令牌已经签发；请用管理员令牌（--token 或 BENEFITS_TOKEN）签发。' +
      '管理员令牌全部丢失时，删除数据目录中的 token-key.json 后重来：所有令牌随之失效。',
    sentenceEn:
      '--first works once, and the first token was issued: show the token of an administrator ' +
      '(--token or BENEFITS_TOKEN). Where all of those are lost, remove token-key.json from ' +
      'DATA_DIR and begin anew: every token ends with it.',
  },
  'backup-file-exists': {
    status: 409,
    titleZh: '备份文件已存在',
    titleEn: 'The file of the backup is there already',
    sentenceZh: '{file} 已存在，没有覆盖，也没有备份；请换一个文件名，或加 --overwrite 覆盖。',
    sentenceEn:
      '{file} is there already; nothing was overwritten or backed up. Give another name, or ' +
      '--overwrite to replace it.',
  },
  'backup-files-same': {
    status: 409,
    titleZh: '备份文件与密钥文件相同',
    titleEn: 'The backup and the keys name one file',
    sentenceZh:
      '{file} 同时用于备份、--keys 或台账自身的密钥，会互相覆盖；请给两个不同的新文件，并分开保管。',
    sentenceEn:
      '{file} is named for two of: the backup, --keys, a key of the ledger itself. One would ' +
      'overwrite the other; name two files of their own, to be kept apart.',
  },
  'backup-broken': {
    status: 422,
    titleZh: '备份文件损坏',
    titleEn: 'The backup is broken',
    sentenceZh: '备份文件 {file} 损坏或被改动（{reason}），没有恢复任何内容；请换一份备份。',
    sentenceEn: 'The backup {file} is broken or was changed ({reason}); nothing was restored.',
  },
  'backup-keys-missing': {
    status: 422,
    titleZh: '缺少密钥备份文件',
    titleEn: 'The keys of the backup are missing',
    sentenceZh:
      '恢复需要密钥备份文件（{file}）：没有它，姓名、身份证号和账号都无法打开。请找到后再恢复。',
    sentenceEn:
      'Restoring needs the keys file ({file}): without it no name, identity number or account ' +
      'could ever be opened. Find it, then restore.',
  },
  'backup-passphrase-wrong': {
    status: 422,
    titleZh: '密钥备份口令不对',
    titleEn: 'The passphrase of the keys is wrong',
    sentenceZh: '口令打不开密钥备份文件 {file}，没有恢复任何内容；请核对口令。',
    sentenceEn: 'The passphrase does not open {file}; nothing was restored. Check the passphrase.',
  },
  'restore-target-not-empty': {
    status: 409,
    titleZh: '恢复目标不是空目录',
    titleEn: 'The place to restore to is not empty',
    sentenceZh: '{place} 已有台账，恢复不会覆盖；请指定一个空的数据目录。',
    sentenceEn: '{place} already holds a ledger and is not overwritten; give an empty DATA_DIR.',
  },
} as const satisfies ProblemKinds
