import { mkdir, writeFile } from 'node:fs/promises'
import { problemReference } from '../src/api/problem-pages.js'

/** Writes the generated pages of the API's reference into `docs/`. */
await mkdir('docs', { recursive: true })
await writeFile('docs/problems.md', problemReference())
process.stdout.write('docs/problems.md\n')
