/** Back from an account to whom its merchant knows, while the link stands: sealed, so that data alone does not tell. */

import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import { z } from 'zod'
import { randomPart } from '../kernel/index.ts'
import { accountsBySlot } from '../redis/index.ts'
import type { Identity, Registry } from './account.ts'
import { whoseKey } from './keys.ts'
import { WHOSE_PER_CALL } from './limits.ts'

const IV_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32

const Sealed = z.object({
  brand: z.string(),
  kind: z.enum(['viewer', 'phone', 'openid', 'mall']),
  id: z.string(),
})

/** Derived once: it costs as much as all else of a seal. */
const keys = new WeakMap<Buffer, KeyObject>()

function keyOf(pepper: Buffer): KeyObject {
  let key = keys.get(pepper)
  if (!key) {
    key = createSecretKey(Buffer.from(hkdfSync('sha256', pepper, 'fanfare', 'whose', KEY_BYTES)))
    keys.set(pepper, key)
  }
  return key
}

/** Bound to the number, so that one account's record says nothing under another's key. */
export function sealWhose(pepper: Buffer, account: number, { brand, kind, id }: Identity): string {
  const iv = randomPart(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keyOf(pepper), iv).setAAD(Buffer.from(`${account}`))
  const text = JSON.stringify({ brand, kind, id })
  return Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  )
}

/** Undefined where it was not sealed with this pepper for this account, or is damaged. */
function openWhose(pepper: Buffer, account: number, sealed: string): Identity | undefined {
  try {
    return unseal(pepper, account, sealed)
  } catch {
    return undefined
  }
}

function unseal(pepper: Buffer, account: number, sealed: string): Identity {
  const bytes = Buffer.from(sealed, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', keyOf(pepper), bytes.subarray(0, IV_BYTES))
  decipher.setAAD(Buffer.from(`${account}`)).setAuthTag(bytes.subarray(-TAG_BYTES))
  const text = [decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]
  return Sealed.parse(JSON.parse(Buffer.concat(text).toString()))
}

/** The identities that accounts were made for; who was erased, or never was, is missing, as is a damaged record. */
export async function readWhose(
  { store, pepper, partitions }: Registry,
  accounts: readonly number[],
): Promise<Map<number, Identity>> {
  const found = new Map<number, Identity>()
  for (const [slot, list] of accountsBySlot(partitions, accounts)) {
    for (let at = 0; at < list.length; at += WHOSE_PER_CALL) {
      const some = list.slice(at, at + WHOSE_PER_CALL)
      const sealed = await store.mget(some.map((account) => whoseKey(slot, account)))
      some.forEach((account, i) => {
        const text = sealed[i]
        const whose = text ? openWhose(pepper, account, text) : undefined
        if (whose) found.set(account, whose)
      })
    }
  }
  return found
}
