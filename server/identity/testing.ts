/** Keys for tests. */

import { type BrandKey, type SecretText, sessionKeys, ticketKeys } from './secrets.ts'

export const secret = (text: string): SecretText => ({ reveal: () => text })

export const brandKey = (
  kid: string,
  brand: string,
  text = `${kid} secret of ${brand}`,
): BrandKey => ({
  kid,
  brand,
  secret: secret(text.padEnd(40, '.')),
})

export const KEYS = ticketKeys([brandKey('k1', 'acme'), brandKey('k2', 'other')])
export const SESSIONS = sessionKeys([secret('session secret of tests .............')])
export const NOW = Date.UTC(2026, 9, 1, 12)
