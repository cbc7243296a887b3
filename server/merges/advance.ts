/** A merge goes on: identities, then growth and points in rounds, until nothing is left to move for now. */

import { MAX_POINTS } from '../../shared/points.ts'
import { HOUR_MS } from '../../shared/time.ts'
import { moveLinks, revoke } from '../identity/index.ts'
import { certainAt } from './certain.ts'
import type { MergesDeps } from './deps.ts'
import { FOLLOWS_MS, LATE_LOOK_MS, LOOK_MS, ROUNDS_MAX, TOKENS_MS, UNDO_MS } from './limits.ts'
import { moveGrowth, movePoints } from './moves.ts'
import { type Amounts, holdOf, type Kept, lookAgain, markMerge, mergeOf } from './records.ts'

/** Takes a merge as far as it gets, and says when to look again. Throws `NotYet` where something stands in the way. */
export async function advance(deps: MergesDeps, begun: Kept): Promise<Kept> {
  const { registry, read, clock } = deps
  const { from, into, atMs } = begun.record
  let kept = begun
  // A merge that nobody remembers must not have moved anything.
  if (kept.record.growing === 0) await certainAt(deps, 'record', from)
  await moveLinks(registry, { from, into, back: false })
  if (kept.record.rounds === 0) await revoke(registry.store, { moved: from })
  for (let i = 0; i < ROUNDS_MAX; i++) {
    const { balance, growth } = await read(from)
    const next = await round(deps, kept, { points: balance.spendable, growth })
    if (!next) break
    kept = next
    const beyond = await mergeOf(registry.store, into)
    if (beyond) await lookAgain(registry.store, beyond.id, clock.now())
  }
  const { balance } = await read(from)
  const empty = Object.values(balance).every((points) => points === 0)
  const age = clock.now() - atMs
  const waitMs = empty && age > UNDO_MS ? LATE_LOOK_MS : age > TOKENS_MS ? HOUR_MS : LOOK_MS
  const dueMs = empty && age > FOLLOWS_MS ? 0 : clock.now() + waitMs
  return markMerge(registry.store, kept, { change: {}, dueMs })
}

/** Moves what there is, or goes on with what was begun; undefined where nothing is left to do. */
async function round(deps: MergesDeps, kept: Kept, there: Amounts): Promise<Kept | undefined> {
  const { store } = deps.registry
  const { id, from, into, rounds, grown, growing, moved } = kept.record
  const dueMs = deps.clock.now() + LOOK_MS
  // The first one also carries that there was a first order.
  if (growing > grown || there.growth > 0 || growing === 0) {
    const change = { growing: grown + 1 }
    const marked = growing > grown ? kept : await markMerge(store, kept, { change, dueMs })
    const step = { id: `mg-${id}-${grown}`, most: MAX_POINTS, whole: true }
    const growth = moved.growth + (await moveGrowth(deps, { from, into }, step))
    return markMerge(store, marked, {
      change: { grown: grown + 1, moved: { ...moved, growth } },
      dueMs,
    })
  }
  const hold = holdOf(id, rounds)
  const running = await deps.wallets.readHold({ account: from, id: hold })
  if (!running && there.points === 0) return undefined
  const now = await movePoints(deps, { from, into }, { hold, most: there.points })
  if (now === undefined) return undefined
  const change = { rounds: rounds + 1, moved: { ...moved, points: moved.points + now } }
  return markMerge(store, kept, { change, dueMs })
}
