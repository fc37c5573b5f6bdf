import type { Command } from 'commander'
import type { CommandContext } from '../ports.js'
import { printFacts, withProgress } from '../printing.js'
import { type PassphraseOption, passphraseOf } from './passphrase.js'

interface BackupOptions extends PassphraseOption {
  readonly keys: string
  readonly erasures?: string
  readonly overwrite?: boolean
}

const passphraseHelp =
  '口令文件（或 BENEFITS_BACKUP_PASSPHRASE）· the passphrase, 12 characters or more'

export function addBackup(program: Command, context: CommandContext): void {
  const { ports, terminal } = context
  program
    .command('backup <file>')
    .description('备份台账与密钥 · back up the ledger, and its keys into a separate file')
    .requiredOption(
      '--keys <file>',
      '密钥备份文件，须另处保管 · the keys file, to be kept elsewhere',
    )
    .option('--overwrite', '覆盖已有的同名文件 · replace files of these names')
    .option('--passphrase-file <file>', passphraseHelp)
    .action(async (file: string, options: BackupOptions) => {
      const passphrase = await passphraseOf(context, options)
      const { keys: keysFile, overwrite = false } = options
      const taken = await withProgress(terminal, 'backup', (onProgress) =>
        ports.backup({ file, keysFile, overwrite, passphrase, onProgress }),
      )
      printFacts(terminal, taken)
    })
}

export function addRestore(program: Command, context: CommandContext): void {
  const { ports, terminal } = context
  program
    .command('restore <file>')
    .description('恢复到空的数据目录 · restore into an empty DATA_DIR')
    .requiredOption('--keys <file>', '密钥备份文件 · the keys file of the backup')
    .option('--erasures <file>', '较新的删除名单 · a newer erasure list than the one kept with it')
    .option('--passphrase-file <file>', passphraseHelp)
    .action(async (file: string, options: BackupOptions) => {
      const passphrase = await passphraseOf(context, options)
      const { erasures, keys: keysFile } = options
      const restored = await withProgress(terminal, 'restore', (onProgress) =>
        ports.restore({ file, keysFile, passphrase, erasures, onProgress }),
      )
      printFacts(terminal, restored)
    })
}
