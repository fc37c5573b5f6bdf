import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Office } from '../living/office.js'

const Run = z.looseObject({
  runId: z.string(),
  kind: z.string(),
  programmes: z.array(z.string()),
  period: z.string(),
  number: z.int(),
})
type Run = z.infer<typeof Run>

/** A file to be written, and where the service has it. */
interface Document {
  readonly name: string
  readonly path: string
}

/** Documents that are asked for at once: a spreadsheet takes a core for a moment. */
const atOnce = 4

/**
 * Writes what the offices hand on: of every run the bank file, 发放花名册, 汇总表 and 公示, and the
 * rolls of the first month and the last. A file that is there already stays. Answers how many were
 * written.
 */
export async function writeDocuments(offices: readonly Office[], folder: string): Promise<number> {
  const written = offices.map((office) => writeOf(office, join(folder, office.plan.key)))
  return (await Promise.all(written)).reduce((sum, count) => sum + count, 0)
}

async function writeOf(office: Office, folder: string): Promise<number> {
  const { client, people } = office
  const missing: Document[] = []
  for (const document of await documentsOf(office))
    if (!(await isThere(join(folder, document.name)))) missing.push(document)
  const waiting = [...missing]
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const file = join(folder, next.name)
      const bytes = await client.file(people['payment-officer'], next.path)
      await mkdir(join(file, '..'), { recursive: true })
      await writeFile(file, bytes)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return missing.length
}

async function documentsOf(office: Office): Promise<readonly Document[]> {
  const { client, people, plan } = office
  const place = `division=${plan.division}`
  const documents: Document[] = []
  for (const { month } of plan.months) {
    const path = `/v1/runs?${place}&month=${month}`
    const runs = await client.rows(people['payment-officer'], path, Run)
    documents.push(...runs.flatMap(documentsOfRun))
    if (month !== plan.cutOver && month !== plan.months.at(-1)?.month) continue
    documents.push(
      ...bothFormats(`在册名册/${month}`, `/v1/rolls?${place}&month=${month}&limit=1000&format=`),
    )
  }
  return documents
}

function documentsOfRun({ kind, number, period, programmes, runId }: Run): readonly Document[] {
  const [first = ''] = programmes
  const rest = programmes.length > 1 ? `-and-${programmes.length - 1}-more` : ''
  const folder = `发放/${period}-${kind}-${first}${rest}-${number}`
  const run = `/v1/runs/${runId}`
  return [
    { name: `${folder}/银行代发.txt`, path: `${run}/bank-file` },
    ...bothFormats(`${folder}/发放花名册`, `${run}/sheet?format=`),
    ...bothFormats(`${folder}/汇总表`, `${run}/summary?format=`),
    ...bothFormats(`${folder}/公示`, `${run}/notice?format=`),
  ]
}

function bothFormats(name: string, path: string): readonly Document[] {
  return ['csv', 'xlsx'].map((format) => ({ name: `${name}.${format}`, path: path + format }))
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
