import pg from 'pg'

/** Codes of a server that goes, comes or is full: the statement's outcome is unknown or none. */
const passingCodes = new Set(['57P01', '57P02', '57P03', '53300'])

/** Whether the connection failed, so that what was sent may or may not have been committed. */
export function isConnectionLoss(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  if (error instanceof pg.DatabaseError)
    return passingCodes.has(error.code ?? '') || (error.code ?? '').startsWith('08')
  const code = 'code' in error ? error.code : undefined
  return (
    (typeof code === 'string' && /^E(CONN|PIPE|NOENT|TIMEDOUT|HOSTUNREACH)/.test(code)) ||
    /^Connection terminated|timeout|not queryable|Client was closed/i.test(error.message)
  )
}

/** Whether the database refused a value (classes 22 and 23), which a smaller batch may avoid. */
export function isDataRefusal(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '')
}

/** Whether the server gave up on a lock or a statement; nothing was stored. */
export function isTimeout(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '55P03' || error.code === '57014')
}
