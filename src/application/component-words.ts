/** 款项: what the components of a benefit are called; a rule may name others. */
const words = new Map<string, string>([
  ['base', '补差'],
  ['classified', '分类施保'],
  ['allowance', '津贴'],
  ['support', '供养金'],
  ['pension', '抚恤补助'],
  ['relief', '救济金'],
  ['temporary-aid', '临时救助'],
  ['campaign', '专项慰问'],
  ['price-subsidy', '物价补贴'],
  ['heating', '取暖补贴'],
  ['festival', '节日补助'],
  ['recovery', '追缴返还'],
])

/** Undefined for a component that only its own rule knows. */
export function componentWord(component: string): string | undefined {
  return words.get(component)
}
