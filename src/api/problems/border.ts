import type { ProblemKinds } from './problem-kind.js'

/** What the border of the service refuses before any rule of the ledger is asked. */
export const borderProblems = {
  'request-invalid': {
    status: 400,
    titleZh: '请求内容有误',
    titleEn: 'The request is invalid',
    sentenceZh: '请求中有 {count} 处错误，见 errors 中逐项说明；请逐项改正后重新提交。',
    sentenceEn: 'The request has {count} faults, listed in errors; put each right and send again.',
  },
  'json-malformed': {
    status: 400,
    titleZh: '请求正文不是有效的 JSON',
    titleEn: 'The body is not JSON',
    sentenceZh: '请求正文无法按 JSON 读取；请检查括号、引号和逗号，并用 UTF-8 编码发送。',
    sentenceEn: 'The body can not be read as JSON; check brackets, quotes and commas, send UTF-8.',
  },
  'url-malformed': {
    status: 400,
    titleZh: '请求地址有误',
    titleEn: 'The address is malformed',
    sentenceZh: '请求地址或请求头无法读取；请检查地址中的百分号编码和长度。',
    sentenceEn: 'The address or a header can not be read; check its percent-encoding and length.',
  },
  'body-too-large': {
    status: 413,
    titleZh: '请求正文过大',
    titleEn: 'The body is too large',
    sentenceZh: '请求正文超过 {limitBytes} 字节的上限；请分批提交，或改用文件导入。',
    sentenceEn: 'The body is over {limitBytes} bytes; send it in parts, or import it as a file.',
  },
  'media-type-unsupported': {
    status: 415,
    titleZh: '不支持的内容类型',
    titleEn: 'The media type is not supported',
    sentenceZh: '请求正文的 Content-Type 不受支持；请使用 application/json（UTF-8）。',
    sentenceEn: 'The Content-Type of the body is not supported; use application/json in UTF-8.',
  },
  'route-not-found': {
    status: 404,
    titleZh: '没有这个接口',
    titleEn: 'There is no such route',
    sentenceZh: '没有 {method} 方法的这个地址；可用的接口见 /docs。',
    sentenceEn: 'Nothing answers {method} at this address; the routes are listed at /docs.',
  },
  'idempotency-key-missing': {
    status: 400,
    titleZh: '缺少幂等键',
    titleEn: 'The Idempotency-Key is missing',
    sentenceZh: '每次写入都须带请求头 Idempotency-Key；请为每项业务生成一个新键，重试时沿用原键。',
    sentenceEn:
      'Every write needs the header Idempotency-Key: a new key a task, the same on retry.',
  },
  'idempotency-key-malformed': {
    status: 400,
    titleZh: '幂等键格式不对',
    titleEn: 'The Idempotency-Key is malformed',
    sentenceZh: '请求头 Idempotency-Key 须为 8 至 128 个可见 ASCII 字符，例如一个 UUID。',
    sentenceEn:
      'The header Idempotency-Key takes 8 to 128 visible ASCII characters, such as a UUID.',
  },
  'idempotency-key-reused': {
    status: 422,
    titleZh: '幂等键已用于另一请求',
    titleEn: 'The Idempotency-Key belongs to another request',
    sentenceZh:
      '这个 Idempotency-Key 已用于内容不同的请求，本次未写入；新业务请换新键，重试请发原内容。',
    sentenceEn:
      'This Idempotency-Key was used with other content and nothing was written now; ' +
      'take a new key for a new task, or send the first content again.',
  },
  'etag-malformed': {
    status: 400,
    titleZh: 'If-Match 格式不对',
    titleEn: 'If-Match is malformed',
    sentenceZh: '请求头 If-Match 须为读取时得到的 ETag 原样，例如 "7"。',
    sentenceEn: 'The header If-Match takes the ETag as it was read, such as "7".',
  },
  'etag-stale': {
    status: 412,
    titleZh: '内容已被他人更新',
    titleEn: 'The record has changed since it was read',
    sentenceZh: '读取之后该记录已变动（读时版本 {expected}），本次未写入；请重新读取后再提交。',
    sentenceEn:
      'The record has changed since version {expected} was read and nothing was written; ' +
      'read it again, then decide and send.',
  },
  'position-malformed': {
    status: 400,
    titleZh: '位置标记有误',
    titleEn: 'The position is malformed',
    sentenceZh: 'minPosition 须为写入答复中 position 的原值；请原样传回，不要自行拼写。',
    sentenceEn: 'minPosition takes the position of a write as it was answered; pass it unchanged.',
  },
  'projection-behind': {
    status: 503,
    titleZh: '查询数据尚未跟上',
    titleEn: 'The read models are behind',
    sentenceZh: '查询数据还没有处理到所要求的位置；请在 Retry-After 所示秒数后重试。',
    sentenceEn: 'The read models have not reached that position yet; try again after Retry-After.',
    retryAfterSeconds: 1,
  },
  'cursor-invalid': {
    status: 400,
    titleZh: '翻页标记无效',
    titleEn: 'The cursor is invalid',
    sentenceZh: 'cursor 不是本列表在相同查询条件下给出的标记；请从第一页重新开始。',
    sentenceEn:
      'The cursor was not given by this list with these filters; begin at the first page.',
  },
  'too-many-requests': {
    status: 429,
    titleZh: '请求过于频繁',
    titleEn: 'Too many requests',
    sentenceZh: '一分钟内的请求超过 {limit} 次；请在 Retry-After 所示秒数后重试。',
    sentenceEn: 'There were more than {limit} requests in a minute; try again after Retry-After.',
  },
  'service-busy': {
    status: 503,
    titleZh: '服务繁忙',
    titleEn: 'The service is busy',
    sentenceZh: '服务暂时繁忙，本次请求没有处理；请稍后用同一个幂等键重试。',
    sentenceEn: 'The service is busy and did nothing; try again later with the same key.',
    retryAfterSeconds: 5,
  },
  'service-stopping': {
    status: 503,
    titleZh: '服务正在停止',
    titleEn: 'The service is stopping',
    sentenceZh: '服务正在停止，本次请求没有处理；请稍后用同一个幂等键重试。',
    sentenceEn: 'The service is stopping and did nothing; try again later with the same key.',
    retryAfterSeconds: 10,
  },
  'database-unreachable': {
    status: 503,
    titleZh: '数据库暂时不可用',
    titleEn: 'The database is out of reach',
    sentenceZh: '数据库暂时连接不上，请求结果未定；请稍后用同一个幂等键重试，不会重复写入。',
    sentenceEn:
      'The database is out of reach and the outcome is unknown; try again with the same key, ' +
      'nothing is written twice.',
    retryAfterSeconds: 5,
  },
  'database-full': {
    status: 503,
    titleZh: '数据库磁盘已满',
    titleEn: 'The disk of the database is full',
    sentenceZh:
      '数据库所在磁盘空间已满，暂时不能写入；请通知管理员清理磁盘，然后用同一个幂等键重试。',
    sentenceEn:
      'The disk of the database is full and nothing can be written; tell an administrator to ' +
      'free space, then try again with the same key.',
    retryAfterSeconds: 30,
  },
  'request-took-too-long': {
    status: 503,
    titleZh: '未能按时答复',
    titleEn: 'There was no answer in time',
    sentenceZh:
      '服务未能在规定时间内完成本次请求，结果未定；请稍后用同一个幂等键重试，不会重复写入；' +
      '若持续出现，请通知管理员检查数据库与网络。',
    sentenceEn:
      'The request was not done in the time that it has and its outcome is unknown; try again ' +
      'with the same key, nothing is written twice; if it goes on, tell an administrator to look ' +
      'at the database and the network.',
    retryAfterSeconds: 5,
  },
  'internal-error': {
    status: 500,
    titleZh: '服务内部错误',
    titleEn: 'The service failed',
    sentenceZh: '服务出现内部错误；请用同一个幂等键重试一次，仍然失败时把请求编号告知管理员。',
    sentenceEn:
      'The service failed; try once more with the same key, and if it fails again tell the ' +
      'administrator the request id.',
  },
} as const satisfies ProblemKinds
