const words = new Map([
  ['general', '一般'],
  ['centralised', '集中供养'],
  ['dispersed', '分散供养'],
  ['disabled-soldier', '残疾军人'],
  ['martyr-family', '烈属'],
  ['returned-veteran', '在乡复员军人'],
  ['key-aid', '重点救助'],
])

/** What a class is called: an age by its years; a class of one's own rules by its code. */
export function classWord(benefitClass: string): string {
  const [, age] = /^age-(\d+)$/.exec(benefitClass) ?? []
  if (age !== undefined) return `${age}周岁以上`
  return words.get(benefitClass) ?? benefitClass
}
