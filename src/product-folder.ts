import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder of the product itself, with what it reads beside its code: sources or compiled. */
export const productFolder = folderOfPackage(import.meta.dirname)

function folderOfPackage(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const above = dirname(folder)
  if (above === folder) throw new Error('The product is not in the folder of its package.json.')
  return folderOfPackage(above)
}
