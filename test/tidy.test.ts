import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import t from 'tap'
import ts from 'typescript'

/** The house rules that a reader can't hold by eye: who imports whom, and how long things are. */
const root = join(import.meta.dirname, '..')
const longestLine = 100
const longestFile = 300
const longestFunction = 70
const mostArguments = 3

/** What each room may import: other rooms, and packages. A room may always import itself. */
const rooms: Readonly<
  Record<string, { readonly rooms: readonly string[]; readonly packages: RegExp }>
> = {
  'src/domain': { rooms: [], packages: /^(zod|node:assert)/ },
  'src/integrity': { rooms: ['src/domain'], packages: /^node:crypto$/ },
  'src/sealing': { rooms: ['src/domain', 'src/database'], packages: /^(node:|pg$)/ },
  'src/database': {
    rooms: ['src/domain', 'src/integrity', 'src/product-folder.js'],
    packages: /^(node:|pg|postgrator|zod$)/,
  },
  'src/event-store': {
    rooms: ['src/domain', 'src/integrity', 'src/database'],
    packages: /^(node:|pg|zod$|@eventstore\/db-client)/,
  },
  'src/application': {
    rooms: ['src/domain', 'src/integrity', 'src/sealing', 'src/event-store'],
    packages: /^(node:|zod$|csv-parse|csv-stringify|exceljs$|iconv-lite$|chinese-days$)/,
  },
  'src/projections': {
    rooms: ['src/domain', 'src/integrity', 'src/sealing', 'src/event-store', 'src/database'],
    packages: /^(node:|pg|zod$)/,
  },
  'src/api': {
    rooms: [
      'src/config.js',
      'src/domain',
      'src/application',
      'src/projections',
      'src/integrity',
      'src/event-store',
    ],
    packages: /./,
  },
  'src/cli': {
    rooms: [
      'src/config.js',
      'src/domain',
      'src/application',
      'src/projections',
      'src/integrity',
      'src/compose',
    ],
    packages: /./,
  },
}

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name).split(sep).join('/'))
}

const read = (file: string) => readFileSync(join(root, file), 'utf8')
const parse = (file: string) =>
  ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS)
const all = ['src', 'scripts', 'test'].flatMap(sources)

t.test('files, lines, functions and arguments stay short', async (t) => {
  const faults = all.flatMap((file) => {
    const lines = read(file).split('\n')
    const long = lines.findIndex((line) => [...line].length > longestLine)
    return [
      ...(lines.length - 1 > longestFile ? [`${file}: ${lines.length - 1} lines`] : []),
      ...(long >= 0 ? [`${file}:${long + 1}: a line of more than ${longestLine} columns`] : []),
      ...(file.startsWith('test/') ? [] : functionFaults(file)),
    ]
  })
  t.same(faults, [])
})

function functionFaults(file: string): readonly string[] {
  const source = parse(file)
  const faults: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const from = source.getLineAndCharacterOfPosition(node.getStart()).line
      const to = source.getLineAndCharacterOfPosition(node.getEnd()).line
      if (to - from + 1 > longestFunction)
        faults.push(`${file}:${from + 1}: ${to - from + 1} lines`)
      const count = node.parameters.length
      if (count > mostArguments) faults.push(`${file}:${from + 1}: ${count} arguments`)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return faults
}

t.test('imports point one way', async (t) => {
  const faults = sources('src').flatMap((file) => {
    const name = file.split('/').slice(0, 2).join('/')
    const room = rooms[name]
    if (!room) return []
    return importsOf(file)
      .filter((imported) => !isAllowed(imported, { name, ...room }))
      .map((imported) => `${file} imports ${imported}`)
  })
  t.same(faults, [])
})

function importsOf(file: string): readonly string[] {
  return parse(file).statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return []
    const from = statement.moduleSpecifier
    if (!from || !ts.isStringLiteral(from)) return []
    return [from.text.startsWith('.') ? resolved(file, from.text) : from.text]
  })
}

const resolved = (file: string, specifier: string) =>
  relative(root, join(root, file, '..', specifier))
    .split(sep)
    .join('/')

function isAllowed(
  imported: string,
  room: { readonly name: string; readonly rooms: readonly string[]; readonly packages: RegExp },
): boolean {
  if (!imported.startsWith('src/')) return room.packages.test(imported)
  const to = imported.split('/').slice(0, 2).join('/')
  if (to === 'src/database' && room.name === 'src/event-store') return true
  return to === room.name || room.rooms.includes(to)
}

t.test('only adapters know their stores', async (t) => {
  const faults = sources('src').flatMap((file) =>
    importsOf(file)
      .filter(
        (imported) =>
          (imported.startsWith('src/database') &&
            file.startsWith('src/event-store/') &&
            !file.startsWith('src/event-store/postgres/')) ||
          (imported.startsWith('@eventstore/db-client') &&
            !file.startsWith('src/event-store/eventstoredb/')) ||
          (/^src\/event-store\/(postgres|eventstoredb|in-memory)/.test(imported) &&
            /^src\/(application|projections|api)\//.test(file)),
      )
      .map((imported) => `${file} imports ${imported}`),
  )
  t.same(faults, [])
})

t.test('the domain is pure', async (t) => {
  const impure = /\bDate\.now\b|\bnew Date\(|\bMath\.random\b|\bprocess\.|\bfetch\(/
  const faults = sources('src/domain').filter((file) => impure.test(read(file)))
  t.same(faults, [])
})

t.test('no escapes, no leftovers, no vague names', async (t) => {
  const leftovers = new RegExp(
    `\\b(${['TO', 'FIX', 'XX'].map((start, at) => start + ['DO', 'ME', 'X'][at]).join('|')})\\b`,
  )
  const vague = /(utils?|helpers?|common|manager|misc)(\.ts|\/)/
  const faults = all.flatMap((file) => [
    ...(leftovers.test(read(file)) ? [`${file}: a leftover marker`] : []),
    ...(vague.test(file) ? [`${file}: a vague name`] : []),
    ...(file.startsWith('test/') || file.startsWith('src/domain/values/') ? [] : escapesOf(file)),
  ])
  t.same(faults, [])
})

/** `as` that is not `as const`, `!` that is not negation, and `any`. */
function escapesOf(file: string): readonly string[] {
  const source = parse(file)
  const faults: string[] = []
  const visit = (node: ts.Node): void => {
    const line = () => source.getLineAndCharacterOfPosition(node.getStart()).line + 1
    if (ts.isAsExpression(node) && node.type.getText() !== 'const') {
      faults.push(`${file}:${line()}: as ${node.type.getText()}`)
    }
    if (ts.isNonNullExpression(node)) faults.push(`${file}:${line()}: a non-null escape`)
    if (node.kind === ts.SyntaxKind.AnyKeyword) faults.push(`${file}:${line()}: any`)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return faults
}

t.test('what the commands write is no source: it fails no check after them', async (t) => {
  const folders = read('.gitignore')
    .split('\n')
    .filter((line) => /^[\w.-]+\/$/.test(line) && line !== 'node_modules/')
  t.ok(folders.includes('data/') && folders.includes('demo-out/'))
  for (const folder of folders) t.match(read('biome.json'), `"!${folder.slice(0, -1)}"`)
})
