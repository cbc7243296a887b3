/** Randomness that may decide about something: always from the operating system. */

import { randomFillSync, randomInt } from 'node:crypto'
import { ACCOUNT_NUMBER_END } from '../../shared/ids.ts'

/** 32 random bits, never 0 (0 stands for "none" in records). */
export const randomNonce = (): number => randomInt(1, 0xffff_ffff)

/** `crypto.randomInt` takes at most 2^48 - 1, which is the whole range but for one number. */
export const randomAccount = (): number => randomInt(1, ACCOUNT_NUMBER_END - 1)

/** Drawn at once, because a call for a few bytes costs as much as one for many; none is given twice. */
const pool = Buffer.alloc(4096)
let given = pool.length

/** A copy of its own. */
export function randomPart(bytes: number): Buffer {
  if (bytes > pool.length) return randomFillSync(Buffer.alloc(bytes))
  if (given + bytes > pool.length) {
    randomFillSync(pool)
    given = 0
  }
  given += bytes
  return Buffer.from(pool.subarray(given - bytes, given))
}

export const randomId = (bytes = 12): string => randomPart(bytes).toString('base64url')

/** From 0 to below 1. */
export const randomShare = (): number => randomInt(0, 0x1_0000_0000) / 0x1_0000_0000
