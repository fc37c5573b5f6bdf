import { type LocalKey, openLocalKey } from '../api/auth/local-key.js'
import { remoteKeys, type TokenRules } from '../api/auth/tokens.js'
import type { Config } from '../config.js'

/** With which keys tokens are checked, and the key to sign them where they are our own. */
export async function tokenRules(
  config: Config,
): Promise<{ readonly localKey: LocalKey | null; readonly rules: TokenRules }> {
  const { issuer, audience } = config.tokenSource
  if (config.tokenSource.kind === 'jwks') {
    const keys = remoteKeys(config.tokenSource.url)
    return { localKey: null, rules: { issuer, audience, keys } }
  }
  const localKey = await openLocalKey(config.dataDirectory)
  return { localKey, rules: { issuer, audience, keys: localKey.keys } }
}
