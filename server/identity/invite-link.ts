/** Who a link was taken by: a handle for addresses that only this service can open, always the same for an account. */

import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'

/** An account number, the number of its brand, and zeros by which a handle that somebody made up is told. */
const BLOCK = { account: 6, brand: 4, zeros: 6 }
const BLOCK_BYTES = BLOCK.account + BLOCK.brand + BLOCK.zeros
const CIPHER = 'aes-128-ecb'
/** Of 16 bytes in base64url. */
const HANDLE_PATTERN = /^[A-Za-z0-9_-]{22}$/

const keys = new WeakMap<Buffer, Buffer>()

/** One block under a key of its own: equal handles are equal accounts, and nothing else can be read from one. */
function keyOf(pepper: Buffer): Buffer {
  let key = keys.get(pepper)
  if (!key) {
    key = Buffer.from(hkdfSync('sha256', pepper, 'fanfare', 'invite link', BLOCK_BYTES))
    keys.set(pepper, key)
  }
  return key
}

export const isInviteHandle = (text: string): boolean => HANDLE_PATTERN.test(text)

export interface LinkOwner {
  account: number
  brandNo: number
}

export function inviteHandle(pepper: Buffer, { account, brandNo }: LinkOwner): string {
  const block = Buffer.alloc(BLOCK_BYTES)
  block.writeUIntBE(account, 0, BLOCK.account)
  block.writeUInt32BE(brandNo, BLOCK.account)
  const cipher = createCipheriv(CIPHER, keyOf(pepper), null).setAutoPadding(false)
  return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url')
}

/** Undefined where this service did not make it. */
export function openInviteHandle(pepper: Buffer, handle: string): LinkOwner | undefined {
  if (!isInviteHandle(handle)) return undefined
  const sealed = Buffer.from(handle, 'base64url')
  const decipher = createDecipheriv(CIPHER, keyOf(pepper), null).setAutoPadding(false)
  const block = Buffer.concat([decipher.update(sealed), decipher.final()])
  if (block.subarray(-BLOCK.zeros).some((byte) => byte !== 0)) return undefined
  return { account: block.readUIntBE(0, BLOCK.account), brandNo: block.readUInt32BE(BLOCK.account) }
}
