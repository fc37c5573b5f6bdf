/**
 * A name as a public list may show it: 王小五 is 王*五, 王五 is 王*, longer ones keep the first and
 * the last character. One character alone is all masked.
 */
export function maskedName(name: string): string {
  const characters = [...name.trim()]
  const [first] = characters
  if (first === undefined || characters.length === 1) return '*'
  if (characters.length === 2) return `${first}*`
  return `${first}${'*'.repeat(characters.length - 2)}${characters.at(-1)}`
}
