/** Records of behaviour as one worker last saw them; one that another process changed is found `stale` when it is written. */

import { type Behaviour, isOnlyLikes, type Seen } from '../../shared/behaviour.ts'
import type { TargetingPolicy } from '../../shared/rulebook/targeting.ts'
import type { Derived, SlotTag } from '../redis/index.ts'
import { RECORDS_KNOWN } from './limits.ts'

/** Where and when one more like of an account says nothing new, and by which rules. */
export interface Quiet {
  live: number
  day: number
  policy: TargetingPolicy
}

interface Known extends Derived<Behaviour> {
  quiet?: Quiet
}

export class KnownRecords {
  readonly #partitions = new Map<SlotTag, Map<number, Known>>()

  get(slot: SlotTag, account: number): Known | undefined {
    return this.#partitions.get(slot)?.get(account)
  }

  set(slot: SlotTag, account: number, stored: Known): void {
    let known = this.#partitions.get(slot)
    if (!known) {
      known = new Map()
      this.#partitions.set(slot, known)
    }
    known.delete(account)
    known.set(account, stored)
    if (known.size <= RECORDS_KNOWN) return
    const [oldest] = known.keys()
    if (oldest !== undefined) known.delete(oldest)
  }

  /** What was seen last said nothing new. An offer that is open ends by itself, so there every like is looked at. */
  setUnchanged(slot: SlotTag, { account, stored, seen, policy }: UnchangedRecord): void {
    const { live, day } = seen
    const isQuiet = isOnlyLikes(seen) && !stored.value.offers.some((o) => o.state === 'open')
    this.set(slot, account, isQuiet ? { ...stored, quiet: { live, day, policy } } : stored)
  }

  forget(slot: SlotTag): void {
    this.#partitions.delete(slot)
  }
}

interface UnchangedRecord {
  account: number
  stored: Derived<Behaviour>
  seen: Seen
  policy: TargetingPolicy
}
