import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { AnswerLayout, BankLayout } from '../application/payment/bank-layout.js'

export interface BankLayouts {
  readonly bankLayouts: ReadonlyMap<string, BankLayout>
  readonly answerLayouts: ReadonlyMap<string, AnswerLayout>
}

/**
 * Reads the layouts of bank files and of banks' answers: `payments/*.json` and `answers/*.json`
 * under the folder. A file that is no layout stops the start with its name and fault.
 */
export async function readBankLayouts(folder: string): Promise<BankLayouts> {
  return {
    bankLayouts: await layoutsIn(join(folder, 'payments'), BankLayout),
    answerLayouts: await layoutsIn(join(folder, 'answers'), AnswerLayout),
  }
}

async function layoutsIn<Layout extends { readonly name: string }>(
  folder: string,
  schema: z.ZodType<Layout>,
): Promise<ReadonlyMap<string, Layout>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  const layouts = new Map<string, Layout>()
  for (const name of names) {
    const parsed = schema.safeParse(JSON.parse(await readFile(join(folder, name), 'utf8')))
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      const fault = `${issue?.path.join('.')}: ${issue?.message}`
      throw new Error(`The bank layout ${join(folder, name)} can't be used: ${fault}.`)
    }
    layouts.set(parsed.data.name, parsed.data)
  }
  return layouts
}
