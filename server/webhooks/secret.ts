/** The secret of a webhook: derived from the pepper of the data, so that no copy of the data alone holds it. */

import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { SECRET_OVERLAP_MS } from './limits.ts'
import type { Webhook } from './subscriptions.ts'

const SECRET_BYTES = 32
const PREFIX = 'whsec_'

/** As its owner keeps it: text, whose UTF-8 bytes are the key. `no` counts changes of the secret from 1. */
export function webhookSecret(pepper: Buffer, { id, no }: { id: string; no: number }): string {
  const bytes = hkdfSync('sha256', pepper, 'fanfare', `webhook:${id}:${no}`, SECRET_BYTES)
  return PREFIX + Buffer.from(bytes).toString('base64url')
}

/** Keys that sign now, newest first: two of them for a day after a change. */
export function signingKeys(
  pepper: Buffer,
  { id, secretNo, secretAtMs }: Pick<Webhook, 'id' | 'secretNo' | 'secretAtMs'>,
  nowMs: number,
): KeyObject[] {
  const key = (no: number) => createSecretKey(Buffer.from(webhookSecret(pepper, { id, no })))
  const overlap = secretNo > 1 && nowMs - secretAtMs < SECRET_OVERLAP_MS
  return [key(secretNo), ...(overlap ? [key(secretNo - 1)] : [])]
}
