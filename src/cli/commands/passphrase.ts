import { readFile } from 'node:fs/promises'
import { DomainError } from '../../domain/errors.js'
import type { CommandContext } from '../ports.js'

export interface PassphraseOption {
  readonly passphraseFile?: string
}

const shortest = 12

/** From a file or BENEFITS_BACKUP_PASSPHRASE: never from an argument, which others can list. */
export async function passphraseOf(
  { terminal }: CommandContext,
  { passphraseFile }: PassphraseOption,
): Promise<string> {
  const given = passphraseFile
    ? await readFile(passphraseFile, 'utf8').catch(() => undefined)
    : terminal.environment['BENEFITS_BACKUP_PASSPHRASE']
  const passphrase = given?.replace(/\r?\n$/, '') ?? ''
  if (passphrase.length >= shortest) return passphrase
  const options = ['--passphrase-file', 'BENEFITS_BACKUP_PASSPHRASE']
  throw new DomainError('passphrase-missing', { options, shortest })
}
