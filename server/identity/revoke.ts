/** Revokes tickets and accounts. */

import { defineScript, type Store } from '../redis/index.ts'
import { revokedKey } from './keys.ts'
import { REVOKED_LIFE_MS, REVOKED_MAX } from './limits.ts'
import source from './revoke.lua'

/**
 * A ticket with every resume token that grew from it, or everything of an account. Merchants choose `jti`, so
 * one merchant's must not hit another's.
 */
export type Revoked = { brand: string; jti: string } | { account: number } | Moved

/** Identities moved to or from this account: whoever is connected as it comes again and is looked up anew. */
export interface Moved {
  moved: number
}

const script = defineScript({
  name: 'identity.revoke',
  source,
  keys: ['revoked'],
  args: { member: 'str', life_ms: 'int', max: 'int' },
  replies: { revoked: { at_ms: 'int' }, full: {} },
})

export const memberOf = (what: Revoked): string =>
  'jti' in what
    ? `t:${what.brand}:${what.jti}`
    : 'moved' in what
      ? `m:${what.moved}`
      : `a:${what.account}`

export function readMember(member: string): Revoked {
  const [kind, first = '', jti = ''] = member.split(':')
  if (kind === 't') return { brand: first, jti }
  return kind === 'm' ? { moved: Number(first) } : { account: Number(first) }
}

/**
 * Refuses a ticket or an account for 25 hours, after which nothing that was issued before is valid anyway.
 * Answers the Redis time of it, or undefined where the list is full. `max` is for tests.
 */
export async function revoke(
  store: Store,
  what: Revoked,
  max: number = REVOKED_MAX,
): Promise<number | undefined> {
  const reply = await script.run(store, {
    keys: { revoked: revokedKey },
    args: { member: memberOf(what), life_ms: REVOKED_LIFE_MS, max },
  })
  return reply.tag === 'revoked' ? reply.at_ms : undefined
}

/** Lifts a revocation; tells whether there was one. Gateways know within a minute. */
export const unrevoke = async (store: Store, what: Revoked): Promise<boolean> =>
  (await store.zrem(revokedKey, memberOf(what))) > 0
