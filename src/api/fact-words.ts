/** Facts that are words of the program, as a Chinese sentence says them. */
const words: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  step: {
    survey: '入户调查',
    appraisal: '民主评议',
    'public-notice': '公示',
    'town-audit': '乡镇（街道）审核',
    confirmation: '区县确认',
    import: '写入导入',
    'bulk-decision': '批准执行',
    confirm: '确认变更',
    approve: '批准',
    reject: '退回',
    release: '放款',
    'write-off': '核销',
    ApproveEntry: '批准新增',
    ApproveExit: '批准退出',
    GrantSupplement: '批准另发补贴',
    StartGracePeriod: '批准渐退期',
    ReassessBenefit: '确认重新核定',
    RetractFact: '撤销事实',
  },
  reason: {
    'not a zip archive': '不是 XLSX 文件',
    'cut off': '文件不完整',
    unreadable: '内容无法解析',
    digits: '数字超过 15 位，末几位变成 0',
    formula: '公式出错或没有结果',
    'no sheet': '没有工作表',
    'not JSON': '不是 JSON',
    expired: '已过期',
    signature: '签名不符',
    algorithm: '签名算法不符',
    'unknown key': '签名密钥未知',
    'not a token': '不是令牌',
    checksum: '校验和不符',
    'cut off or changed': '不完整或被改动',
    'not a keys file': '不是密钥备份文件',
    'not 32 bytes': '长度不是 32 字节',
    'not 64 hex digits': '不是 64 位十六进制',
    'another key wrapped it': '数据由另一把密钥加密',
    'others can read it: chmod 600': '其他用户可读，请 chmod 600',
  },
}

/** What stands in a Chinese sentence for a fact; what is no word of the program stays as it is. */
export function chineseFact(name: string, fact: string): string {
  return words[name]?.[fact] ?? fact.replace(/^claims? /, '内容不符：')
}
