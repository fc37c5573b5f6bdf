import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { templateFiles } from '../../application/imports/templates.js'
import type { CommandContext } from '../ports.js'
import { printFacts } from '../printing.js'

export function addTemplates(program: Command, { terminal }: CommandContext): void {
  program
    .command('templates <folder>')
    .description('生成导入模板 · write template files for imports, CSV and XLSX')
    .action(async (folder: string) => {
      await mkdir(folder, { recursive: true })
      const files = await templateFiles()
      for (const { name, bytes } of files) await writeFile(join(folder, name), bytes)
      printFacts(terminal, { files: files.map(({ name }) => join(folder, name)) })
    })
}
