/** What a process knows of revocations, so that checking one costs no round trip. */

import type { Clock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { revokedKey } from './keys.ts'
import { REVOKED_POLL_MS } from './limits.ts'
import { memberOf, type Revoked, readMember } from './revoke.ts'

export interface Revocations {
  /** True where the ticket or the account is revoked, as of the last poll. */
  has(claims: { brand: string; jti: string; account?: number }): boolean
  /** True where a merge moved identities to or from the account while tokens may still name it. */
  moved(account: number): boolean
  stop(): void
}

/** Scores are Redis time, but entries of one millisecond may be seen apart: look a little back. */
const OVERLAP_MS = 5000
/** Every so many polls everything is read, so that lifted and expired revocations are forgotten. */
const FULL_EVERY = 15

export interface WatchOptions {
  store: Store
  clock: Clock
  /** Called once for each that is new since the watch began. */
  onRevoked: (revoked: Revoked) => void
  onError: (error: unknown) => void
}

/**
 * Reads all revocations, then asks every two seconds for new ones. Rejects where the first read fails; a
 * later failure is told to `onError` and the next poll tries again.
 */
export async function watchRevocations(options: WatchOptions): Promise<Revocations> {
  const { store, clock, onRevoked, onError } = options
  let known = new Set<string>()
  let newestMs = 0
  let polls = 0
  let busy = false

  async function read(fromMs: number): Promise<string[]> {
    const flat = await store.zrange(revokedKey, fromMs, '+inf', 'BYSCORE', 'WITHSCORES')
    const members: string[] = []
    for (let i = 0; i < flat.length; i += 2) {
      members.push(flat[i] ?? '')
      newestMs = Math.max(newestMs, Number(flat[i + 1]))
    }
    return members
  }

  async function poll(): Promise<void> {
    const full = ++polls % FULL_EVERY === 0
    const members = await read(full ? 0 : newestMs - OVERLAP_MS)
    const fresh = members.filter((member) => !known.has(member))
    if (full) known = new Set(members)
    else for (const member of fresh) known.add(member)
    for (const member of fresh) onRevoked(readMember(member))
  }

  known = new Set(await read(0))
  const stop = clock.every(REVOKED_POLL_MS, () => {
    if (busy) return
    busy = true
    poll()
      .catch(onError)
      .finally(() => {
        busy = false
      })
  })
  return {
    has: ({ brand, jti, account }) =>
      known.has(memberOf({ brand, jti })) ||
      (account !== undefined && known.has(memberOf({ account }))),
    moved: (account) => known.has(memberOf({ moved: account })),
    stop,
  }
}
