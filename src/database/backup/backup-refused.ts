/** Why a backup or a restore did not take place; the same codes as the ledger's other refusals. */
export type BackupFault =
  | 'backup-broken'
  | 'backup-keys-missing'
  | 'backup-passphrase-wrong'
  | 'restore-target-not-empty'

/** A backup or a restore that was refused and left nothing behind. */
export class BackupRefused extends Error {
  readonly code: BackupFault
  readonly facts: Readonly<Record<string, string | number>>

  constructor(code: BackupFault, facts: Readonly<Record<string, string | number>>) {
    super(code)
    this.name = 'BackupRefused'
    this.code = code
    this.facts = facts
  }
}
