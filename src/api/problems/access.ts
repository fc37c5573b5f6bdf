import type { ProblemKinds } from './problem-kind.js'

/** Who may ask for what: tokens, roles, scope, personal data. */
export const accessProblems = {
  'token-missing': {
    status: 401,
    titleZh: '缺少令牌',
    titleEn: 'The token is missing',
    sentenceZh: '请求没有带令牌；请在请求头写 Authorization: Bearer 加令牌。',
    sentenceEn: 'The request has no token; send it in the header Authorization as Bearer.',
  },
  'token-invalid': {
    status: 401,
    titleZh: '令牌无效',
    titleEn: 'The token is invalid',
    sentenceZh: '令牌无效（{reason}）；请重新登录或向管理员申领新令牌。',
    sentenceEn: 'The token is not valid ({reason}); sign in again or ask for a new one.',
  },
  'token-revoked': {
    status: 401,
    titleZh: '令牌已被吊销',
    titleEn: 'The token was revoked',
    sentenceZh: '这个令牌已被吊销；如仍需使用，请向管理员申领新令牌。',
    sentenceEn: 'This token was revoked; if you still need access, ask the administrator.',
  },
  'token-outside-scope': {
    status: 403,
    titleZh: '令牌属于其他区划',
    titleEn: 'The tokens are of another place',
    sentenceZh:
      '所指的令牌都在您的授权范围 {scope} 之外，没有吊销任何令牌；请由该地或上级的管理员吊销。',
    sentenceEn:
      'All tokens that are meant hold outside your scope {scope}, and none was revoked; have an ' +
      'administrator of their place, or of the level above, do it.',
  },
  'token-keys-unreachable': {
    status: 503,
    titleZh: '无法取得验证令牌的公钥',
    titleEn: 'The keys that check tokens are out of reach',
    sentenceZh: '暂时取不到身份服务的公钥，无法验证令牌；请稍后重试，并请管理员检查 JWKS_URL。',
    sentenceEn:
      "The identity provider's keys are out of reach, so no token can be checked; try again " +
      'later, and have the administrator check JWKS_URL.',
    retryAfterSeconds: 5,
  },
  'token-key-file-unsafe': {
    status: 500,
    titleZh: '令牌密钥文件不安全',
    titleEn: "The file of the tokens' key is unsafe",
    sentenceZh: '令牌密钥文件 {file} 的权限过宽或内容有误；请把权限改为 0600，或删除后重新生成。',
    sentenceEn:
      'The key file {file} is open to others or can not be read as a key; set its mode to 0600, ' +
      'or remove it to have a new one made (all tokens end then).',
  },
  'role-missing': {
    status: 403,
    titleZh: '没有此项权限',
    titleEn: 'The role is missing',
    sentenceZh: '此操作需要以下角色之一：{needed}；请由有该角色的人办理，或请管理员授权。',
    sentenceEn: 'This needs one of the roles {needed}; have somebody with that role do it.',
  },
  'division-outside-scope': {
    status: 403,
    titleZh: '区划超出授权范围',
    titleEn: 'The division is outside your scope',
    sentenceZh:
      '区划 {division} 不在您的授权范围 {scope} 内；请由该地经办人办理，或请管理员调整授权。',
    sentenceEn:
      'Division {division} is outside your scope {scope}; have its own office do it, or ask the ' +
      'administrator for a wider scope.',
  },
  'purpose-missing': {
    status: 400,
    titleZh: '未说明查阅个人信息的事由',
    titleEn: 'The purpose of reading personal data is missing',
    sentenceZh:
      '查阅个人信息须说明事由；请用请求头 Access-Purpose（百分号编码）或参数 purpose 写明，2 至 200 字。',
    sentenceEn:
      'Reading personal data needs a reason of 2 to 200 characters: give it as the header ' +
      'Access-Purpose (percent-encoded) or the parameter purpose.',
  },
  'personal-data-refused': {
    status: 403,
    titleZh: '统计人员不能查阅个人信息',
    titleEn: 'Statisticians see no person',
    sentenceZh: '统计角色不能查阅个人信息；请改用汇总查询，或由经办、审计人员查阅。',
    sentenceEn: 'The statistician role sees no personal data; ask for totals instead.',
  },
} as const satisfies ProblemKinds
