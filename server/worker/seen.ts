/** An entry of the journal as targeting sees it: what was done, when by the platform's day, and in what kind of room. */

import type { Seen } from '../../shared/behaviour.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { dayBounds, HOUR_MS } from '../../shared/time.ts'
import type { Store } from '../redis/index.ts'
import { getRoom } from '../rooms/index.ts'
import type { SkimmedEntry } from '../scoring/index.ts'
import { doingsOf } from './doings.ts'
import { LIVES_REMEMBERED } from './limits.ts'
import type { RoomOf } from './places.ts'

const HOURS_PER_DAY = 24

export interface SeenOptions {
  store: Store
  rulebook: () => PublishedRulebook
  roomOf: RoomOf
}

/** Undefined where nothing was done that counts. */
export function seenReader({ store, rulebook, roomOf }: SeenOptions) {
  const kindOf = rememberKinds(store)
  const fenOf = (ruleNo: number): number =>
    ruleNo === 0 ? 1 : (rulebook().book.earn.find(({ no }) => no === ruleNo)?.per ?? 1)

  return async (entry: SkimmedEntry, atMs: number): Promise<Seen | undefined> => {
    const { live, receipts, promotions } = entry
    const doings = doingsOf(receipts, fenOf)
    const { started, watchedSec, acts, spentFen } = doings
    const rung = promotions.at(-1)?.rung
    const isSomething = started || watchedSec > 0 || spentFen > 0 || Object.keys(acts).length > 0
    if (!isSomething && rung === undefined) return undefined
    const room = (await roomOf(live)) ?? ''
    const { day, endsAtMs } = dayBounds(atMs, rulebook().book.timeZone)
    const hour = Math.max(0, HOURS_PER_DAY - Math.ceil((endsAtMs - atMs) / HOUR_MS))
    const kind = await kindOf(room)
    return { ...doings, atMs, day, hour, live, room, kind, ...(rung !== undefined && { rung }) }
  }
}

/** What kind each room is, as its profile says; the oldest is asked for again. */
function rememberKinds(store: Store): (room: string) => Promise<string> {
  const kinds = new Map<string, string>()
  return async (room) => {
    if (room === '') return ''
    const known = kinds.get(room)
    if (known !== undefined) return known
    const kind = (await getRoom(store, room))?.profile ?? ''
    for (const oldest of kinds.keys()) {
      if (kinds.size < LIVES_REMEMBERED) break
      kinds.delete(oldest)
    }
    kinds.set(room, kind)
    return kind
  }
}
