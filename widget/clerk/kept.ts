/** What the phone keeps of a point, so that the counter works without network and after a reload. */

import type {
  CodeFirstUse,
  CodeUseInput,
  PickupLine,
  PickupPointView,
} from '../../shared/rewards.ts'
import type { Label } from '../../shared/rulebook/schema.ts'
import { randomId } from '../client/ids.ts'
import { CONFLICTS_MAX, KNOWN_MAX } from './limits.ts'

/** A use that the service does not know of yet. */
export interface Queued extends CodeUseInput {
  atMs: number
  /** The short code, whatever was scanned. */
  short: string
  title?: Label
}

/** A code that this phone has seen used. */
export interface Known extends CodeFirstUse {
  short: string
  title?: Label
}

/** A use made without network that turned out to be no good. */
export interface Conflict {
  useId: string
  short: string
  title?: Label
  atMs: number
  why: 'used' | 'closed' | 'unknown'
  first?: CodeFirstUse
}

export interface Kept {
  device: string
  point?: PickupPointView
  lists: Record<string, PickupLine[]>
  queue: Queued[]
  known: Known[]
  conflicts: Conflict[]
}

type Store = Pick<Storage, 'getItem' | 'setItem'>

const isKept = (found: unknown): found is Kept =>
  typeof found === 'object' &&
  found !== null &&
  'device' in found &&
  'queue' in found &&
  Array.isArray(found.queue) &&
  'known' in found &&
  Array.isArray(found.known) &&
  'conflicts' in found &&
  Array.isArray(found.conflicts) &&
  'lists' in found

/** Uses that a withdrawn key made without network: the next good key of the point on this phone tells them. */
const LEFT = 'ff:clerk:left'

export interface Left {
  /** Of the key that was withdrawn. */
  scope: string
  point: string
  uses: Queued[]
}

const isLeft = (found: unknown): found is Left[] =>
  Array.isArray(found) &&
  found.every(
    (one: unknown) =>
      typeof one === 'object' && one !== null && 'uses' in one && Array.isArray(one.uses),
  )

/** `scope` tells keys of several points apart; of the key itself nothing is in it that opens anything. */
export function openKept(storage: () => Store, scope: string) {
  const key = `ff:clerk:${scope}`
  let kept: Kept = { device: randomId(4), lists: {}, queue: [], known: [], conflicts: [] }
  try {
    const found: unknown = JSON.parse(storage().getItem(key) ?? 'null')
    if (isKept(found)) kept = found
  } catch {
    // A blocked storage: it works until the page is closed.
  }
  function readLeft(): Left[] {
    try {
      const found: unknown = JSON.parse(storage().getItem(LEFT) ?? '[]')
      return isLeft(found) ? found : []
    } catch {
      return []
    }
  }
  return {
    scope,
    read: () => kept,
    readLeft,
    /** True where it is on record. */
    saveLeft(left: Left[]): boolean {
      try {
        storage().setItem(LEFT, JSON.stringify(left))
        return true
      } catch {
        return false
      }
    },
    /** True where it is on record: nothing may be handed over on a promise that would be forgotten. */
    save(change: Partial<Kept>): boolean {
      const next = { ...kept, ...change }
      kept = {
        ...next,
        known: next.known.slice(-KNOWN_MAX),
        conflicts: next.conflicts.slice(-CONFLICTS_MAX),
      }
      try {
        storage().setItem(key, JSON.stringify(kept))
        return true
      } catch {
        return false
      }
    },
  }
}
export type KeptStore = ReturnType<typeof openKept>
