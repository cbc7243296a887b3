/** Places of a limited task. */

import type { Refusal } from '../../shared/errors.ts'
import { refuse } from '../../shared/errors.ts'
import { assert } from '../kernel/index.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import source from './claim.lua'
import { claimsKey, taskKeysOf } from './keys.ts'

/** Claims in one call; the caller splits more. */
export const CLAIMS_PER_CALL = 100

const script = defineScript({
  name: 'tasks.claim',
  source,
  keys: ['head', 'runs', 'won', 'claims'],
  args: { now_ms: 'int', task: 'int' },
  each: { keys: [], args: { account: 'str', reached_ms: 'int' } },
  replies: { ok: { now_ms: 'int', ranks: 'list' }, room_not_found: {} },
})

export interface TaskClaim {
  account: string
  /** Redis time of the viewer's shard when the goal was reached. */
  reachedAtMs: number
}

export type Place =
  | { state: 'won'; rank: number }
  /** All places were taken. */
  | { state: 'full' }
  /** The goal was reached after the end, or the claim came more than 2 min after it. */
  | { state: 'closed' }

export type ClaimAnswer =
  | {
      ok: true
      /** Redis time of the room: the places are certain once its shard is durable up to then. */
      atMs: number
      places: Place[]
    }
  | Refusal

/**
 * Decides up to 100 claims on one task, in order. Repeating a claim answers the same, for 48 h after the last
 * place was given.
 */
export async function claimPlaces(
  store: Store,
  input: { room: string; task: number; claims: readonly TaskClaim[]; nowMs?: number },
): Promise<ClaimAnswer> {
  const { room, task, claims, nowMs } = input
  assert(claims.length <= CLAIMS_PER_CALL, 'too many claims in one call')
  if (claims.length === 0) return { ok: true, atMs: 0, places: [] }
  const { head, runs, won } = taskKeysOf(room)
  const reply = await script.run(store, {
    keys: { head, runs, won, claims: claimsKey(room, task) },
    args: { now_ms: scriptNow(nowMs), task },
    each: claims.map(({ account, reachedAtMs }) => ({
      keys: {},
      args: { account, reached_ms: reachedAtMs },
    })),
  })
  if (reply.tag === 'room_not_found') return refuse('room_not_found')
  return {
    ok: true,
    atMs: reply.now_ms,
    places: reply.ranks.map((rank): Place => {
      const n = Number(rank)
      return n > 0 ? { state: 'won', rank: n } : { state: n === 0 ? 'full' : 'closed' }
    }),
  }
}
