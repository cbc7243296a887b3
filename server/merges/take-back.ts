/** A merge is undone: identities, growth, and of the points what is still there. */

import { moveLinks, revoke } from '../identity/index.ts'
import type { Hold } from '../wallet/index.ts'
import { certainAt } from './certain.ts'
import type { MergesDeps } from './deps.ts'
import { moveGrowth, movePoints } from './moves.ts'
import { holdOf, type Kept, type MergeRecord, markMerge } from './records.ts'

/** Takes an undo to its end. Throws `NotYet` where something stands in the way. */
export async function takeBack(deps: MergesDeps, kept: Kept): Promise<MergeRecord> {
  const { registry } = deps
  const { id, from, into, moved } = kept.record
  const way = { from: into, into: from }
  // Otherwise the merge would go on with what goes back.
  await certainAt(deps, 'record', into)
  await moveLinks(registry, { ...way, back: true })
  await revoke(registry.store, { moved: into })
  const step = { id: `ug-${id}`, most: moved.growth, whole: false }
  const growth = await moveGrowth(deps, way, step)
  let points = 0
  for (const { hold, issuer, lots } of await issuersOf(deps, kept.record)) {
    const most = lots.reduce((sum, lot) => sum + lot.points, 0)
    points += (await movePoints(deps, way, { hold, most, issuers: [issuer], lots })) ?? 0
  }
  const change = { state: 'undone', back: { points, growth } } as const
  const done = await markMerge(registry.store, kept, { change, dueMs: 0, free: true })
  return done.record
}

/** What each round moved, by brand, with the lots as they were. */
async function issuersOf(deps: MergesDeps, record: MergeRecord) {
  const found: { hold: string; issuer: number; lots: Hold['lots'] }[] = []
  for (const hold of await holdsOf(deps, record)) {
    const issuers = new Set(hold.lots.map((lot) => lot.issuer))
    for (const issuer of issuers)
      found.push({
        hold: `u${hold.id}-${issuer}`,
        issuer,
        lots: hold.lots.filter((lot) => lot.issuer === issuer),
      })
  }
  return found
}

async function holdsOf(
  { wallets }: MergesDeps,
  { id, from, rounds }: MergeRecord,
): Promise<Hold[]> {
  const found: Hold[] = []
  for (let n = 0; n < rounds; n++) {
    const hold = await wallets.readHold({ account: from, id: holdOf(id, n) })
    if (hold?.state === 'captured') found.push(hold)
  }
  return found
}
