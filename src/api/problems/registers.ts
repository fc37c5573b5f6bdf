import type { ProblemKinds } from './problem-kind.js'

/** Price links, imports, death lists, reported figures, and the read models. */
export const registerProblems = {
  'price-regime-unknown': {
    status: 422,
    titleZh: '该月没有联动机制',
    titleEn: 'No price-link regime for that month',
    sentenceZh: '{month} 没有物价联动机制；请核对月份。',
    sentenceEn: 'There is no price-link regime in {month}; check the month.',
  },
  'price-terms-missing-for-month': {
    status: 422,
    titleZh: '该月没有联动规则',
    titleEn: 'No price-link terms for that month',
    sentenceZh:
      '项目 {programme} 在区划 {division}、{month} 没有物价联动规则；请先录入规则及其文号。',
    sentenceEn:
      'Programme {programme} has no price-link terms in {division} for {month}; set them ' +
      'with their document first.',
  },
  'price-period-not-of-terms': {
    status: 422,
    titleZh: '联动期与规则不符',
    titleEn: 'The period is not that of the terms',
    sentenceZh: '所选期间为 {months} 个月，规则为每 {periodMonths} 个月一次；请改正期间。',
    sentenceEn:
      'The period has {months} months and the terms pay every {periodMonths}; put it right.',
  },
  'price-index-missing': {
    status: 422,
    titleZh: '缺少价格指数',
    titleEn: 'The price index is missing',
    sentenceZh: '缺少 {month} 的价格指数；请先录入指数及其发布日期。',
    sentenceEn: 'The index of {month} is missing; record it with its date of publication first.',
  },
  'price-method-needs-index': {
    status: 422,
    titleZh: '该办法须有指数',
    titleEn: 'The method needs an index',
    sentenceZh: '该联动办法须以价格指数计算；请录入指数，或按文件规定定额。',
    sentenceEn:
      'This method computes from the index; record it, or decide a fixed amount by ' + 'document.',
  },
  'price-already-decided': {
    status: 409,
    titleZh: '该期联动已决定',
    titleEn: 'The period is decided already',
    sentenceZh:
      '{division} 自 {from} 至 {to} 的物价联动已由决定 {decisionId} 作出；请核对区划、月份、项目和决定编号。',
    sentenceEn:
      'The decision {decisionId} stands for {division}, {from} to {to}; compare place, months, ' +
      'programmes and the id of the decision.',
  },
  'price-decision-unknown': {
    status: 404,
    titleZh: '没有该物价补贴决定',
    titleEn: 'There is no such decision on a price subsidy',
    sentenceZh:
      '区划 {division} 没有编号为 {decisionId} 的物价补贴决定；请核对 decisionId 和 division。',
    sentenceEn:
      'No decision {decisionId} on a price subsidy stands for {division}; compare decisionId and ' +
      'division with it.',
  },
  'price-decision-retracted': {
    status: 409,
    titleZh: '物价补贴决定已撤销',
    titleEn: 'The decision was retracted',
    sentenceZh:
      '物价补贴决定 {decisionId} 已于 {retractedOn} 撤销（{reason}），不再发放；' +
      '应发的请另用编号（decisionId）重新决定。',
    sentenceEn:
      'The decision {decisionId} was retracted on {retractedOn} ({reason}) and gives nothing; ' +
      'what is due is decided anew under another decisionId.',
  },
  'price-retraction-not-prepared': {
    status: 409,
    titleZh: '撤销未经经办',
    titleEn: 'Nobody has prepared the retraction',
    sentenceZh:
      '尚无人以同样理由（reason）试算撤销物价补贴决定 {decisionId}；' +
      '请由另一名有权限的人先试算（dryRun），再由您提交。',
    sentenceEn:
      'Nobody has put the retraction of {decisionId} through a dry run for the same reason; let ' +
      'another person send it with dryRun, then send it again.',
  },
  'bulk-decision-not-prepared': {
    status: 409,
    titleZh: '批量决定未经经办',
    titleEn: 'Nobody has prepared the decision',
    sentenceZh:
      '同样内容的决定尚无人试算，或试算之后指数、条件已变；请由另一名有权限的人以 dryRun 试算，再由您提交。',
    sentenceEn:
      'Nobody has put the same decision through a dry run, or an index or the terms changed what ' +
      'it comes to since; let another person send it with dryRun, then send it again.',
  },
  'bulk-decision-differs': {
    status: 409,
    titleZh: '同一编号已按其他条件批准',
    titleEn: 'The same name was approved on other terms',
    sentenceZh:
      '编号 {name} 已按其他条件（项目、月份、发放单位、名册或金额）批准；请核对，或改用另一编号。',
    sentenceEn:
      '{name} was approved for another programme, month, unit, rolls or amounts; compare them, ' +
      'or take another id.',
  },
  'bulk-decision-withdrawn': {
    status: 409,
    titleZh: '批量决定已撤回',
    titleEn: 'The decision was withdrawn',
    sentenceZh:
      '{name} 的试算已由 {by} 于 {withdrawnOn} 撤回（{reason}）；仍须发放的，' +
      '请由另一名有权限的人重新试算（dryRun），再由您提交。',
    sentenceEn:
      '{by} withdrew {name} on {withdrawnOn} ({reason}); where it is to be given nevertheless, ' +
      'let another person send it with dryRun again, then send it yourself.',
  },
  'bulk-decision-unknown': {
    status: 404,
    titleZh: '没有该批量决定',
    titleEn: 'There is no such decision',
    sentenceZh:
      '没有待审批的批量决定使用该编号；请从待审批批量决定清单（GET /v1/bulk-decisions）核对 bulkDecisionId。',
    sentenceEn:
      'No decision of this id waits for an approver; compare bulkDecisionId with the list of ' +
      'those that do (GET /v1/bulk-decisions).',
  },
  'bulk-decision-prepared-by-others': {
    status: 403,
    titleZh: '批量决定由他人经办',
    titleEn: 'Others prepared the decision',
    sentenceZh:
      '该批量决定由他人经办；请由经办人本人，或其区划的审批人、管理员撤回（bulkDecisionId）。',
    sentenceEn:
      'Others prepared the decision of this bulkDecisionId; whoever did, or an approver or ' +
      'administrator of its place, withdraws it.',
  },
  'bulk-decision-already-approved': {
    status: 409,
    titleZh: '批量决定已批准',
    titleEn: 'The decision is approved',
    sentenceZh:
      '{name} 已批准发放，不能撤回（bulkDecisionId）；物价补贴有误的，请撤销该决定' +
      '（/v1/price-link-retractions）；专项活动有误的，请逐案撤销。',
    sentenceEn:
      '{name} is approved and can no longer be withdrawn (bulkDecisionId); retract ' +
      'a price subsidy as a whole (/v1/price-link-retractions), a campaign case by case.',
  },
  'import-not-prepared': {
    status: 409,
    titleZh: '导入未经经办',
    titleEn: 'Nobody has prepared the import',
    sentenceZh:
      '同样内容的文件尚无人试导；请由另一名有权限的人先试导（dryRun 或 --dry-run），再由您正式导入。',
    sentenceEn:
      'Nobody has put the same rows through a dry run yet; let another person do so (dryRun, or ' +
      '--dry-run), then import them.',
  },
  'import-unknown': {
    status: 404,
    titleZh: '没有该导入',
    titleEn: 'There is no such import',
    sentenceZh: '没有待确认的导入 {importId}；请从待确认导入清单（GET /v1/imports）核对 importId。',
    sentenceEn:
      'No import {importId} waits for another person; compare importId with the list of those ' +
      'that do (GET /v1/imports).',
  },
  'import-prepared-by-others': {
    status: 403,
    titleZh: '导入由他人经办',
    titleEn: 'Others prepared the import',
    sentenceZh: '导入 {importId} 由他人经办；请由经办人本人，或其区划的审批人、管理员撤回。',
    sentenceEn:
      'Others prepared import {importId}; whoever did, or an approver or administrator of their ' +
      'places, withdraws it.',
  },
  'import-already-begun': {
    status: 409,
    titleZh: '导入已开始写入',
    titleEn: 'The import is being written',
    sentenceZh: '导入 {importId} 已由另一人开始写入，不能撤回；写入有误的，请逐项更正或撤销。',
    sentenceEn:
      'Another person began to write import {importId}, which can no longer be withdrawn; ' +
      'correct or retract what it wrote.',
  },
  'import-not-started': {
    status: 409,
    titleZh: '导入未开始',
    titleEn: 'The import was not started',
    sentenceZh: '导入 {importId} 未开始；请重新提交文件。',
    sentenceEn: 'Import {importId} was not started; hand in the file again.',
  },
  'import-already-started': {
    status: 409,
    titleZh: '导入已开始',
    titleEn: 'The import is started already',
    sentenceZh: '导入 {importId} 已由另一文件开始；请重新提交原文件，或换编号。',
    sentenceEn:
      'Import {importId} was started with another file; hand in that one, or take another ' + 'id.',
  },
  'import-already-completed': {
    status: 409,
    titleZh: '导入已完成',
    titleEn: 'The import is completed already',
    sentenceZh: '导入 {importId} 已完成（写入 {written}，未变 {unchanged}）；无须再次提交。',
    sentenceEn:
      'Import {importId} is complete ({written} written, {unchanged} unchanged); nothing ' +
      'is left to do.',
  },
  'death-list-count-mismatch': {
    status: 422,
    titleZh: '死亡名单合计不符',
    titleEn: 'The counts of the death list do not match',
    sentenceZh: '名单共 {rows} 行，匹配 {matched}、未匹配 {unmatched}，合计不符；请核对文件。',
    sentenceEn:
      'The list has {rows} rows, {matched} matched and {unmatched} not, which do not add ' + 'up.',
  },
  'death-list-already-received': {
    status: 409,
    titleZh: '死亡名单已接收',
    titleEn: 'The death list was received already',
    sentenceZh: '该名单已于 {receivedOn} 接收，内容不同；请换编号。',
    sentenceEn: 'This list was received on {receivedOn} with other content; take another id.',
  },
  'reported-figure-needs-reason': {
    status: 422,
    titleZh: '报告数须说明理由',
    titleEn: 'The reported figure needs a reason',
    sentenceZh: '数字 {figureId} 标为 {standing}，须说明理由；请补填。',
    sentenceEn: 'Figure {figureId} is marked {standing}, which needs a reason; give it.',
  },
  'reported-figure-without-value': {
    status: 422,
    titleZh: '报告数缺少数值',
    titleEn: 'The reported figure has no value',
    sentenceZh: '数字 {figureId} 缺少 {field}；请填写金额，或数量及其单位。',
    sentenceEn: 'Figure {figureId} lacks {field}; give an amount, or a count with its unit.',
  },
  'units-do-not-add': {
    status: 422,
    titleZh: '单位不能相加',
    titleEn: 'The units do not add',
    sentenceZh: '{figures} 的单位分别为 {units}，不能相加；请分别列示。',
    sentenceEn: '{figures} are in {units}, which do not add; show them apart.',
  },
  'read-model-changing': {
    status: 503,
    titleZh: '查询数据正在切换',
    titleEn: 'The read models are changing',
    sentenceZh: '查询数据正在切换到新版本；请在 Retry-After 所示秒数后重试。',
    sentenceEn: 'The read models are changing to a new build; try again after Retry-After.',
    retryAfterSeconds: 2,
  },
  'read-model-behind': {
    status: 503,
    titleZh: '查询数据尚未跟上',
    titleEn: 'The read models are behind',
    sentenceZh: '查询数据还没有处理到所要求的序号；请在 Retry-After 所示秒数后重试。',
    sentenceEn: 'The read models have not come that far yet; try again after Retry-After.',
    retryAfterSeconds: 2,
  },
  'read-model-rebuilding': {
    status: 409,
    titleZh: '查询数据正在重建',
    titleEn: 'The read models are being rebuilt',
    sentenceZh: '查询数据正在由另一进程重建；请待其完成。',
    sentenceEn: 'Another process is rebuilding the read models; wait until it is done.',
  },
  'identity-violated': {
    status: 500,
    titleZh: '期初期末不平',
    titleEn: 'Opening and closing do not match',
    sentenceZh:
      '区划 {division} 自 {from} 至 {to} 的{unit}应为 {expected}，实为 {closing}；请停止使用并通知管理员核查。',
    sentenceEn:
      'In {division} from {from} to {to} the {unit} should be {expected} and are ' +
      '{closing}; investigate.',
  },
} as const satisfies ProblemKinds
