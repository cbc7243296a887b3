/** Redis keys of the API. */

import { createHash } from 'node:crypto'
import { declareKeys, identitySlot, keyIn } from '../redis/index.ts'

declareKeys('api', {
  once: {
    slot: 'identity',
    type: 'hash',
    life: '24 h',
    holds: 'an idempotent request by brand and key: hash of its input, lease, status and answer',
  },
})

/** Hashed, so that these spread over the slots. */
export const onceKey = (brand: string, key: string): string =>
  keyIn(identitySlot(createHash('sha256').update(`${brand}:${key}`).digest('base64url')), 'once')
