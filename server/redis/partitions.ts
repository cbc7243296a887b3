/** Which partition an account lives in. The number of partitions is fixed with the data. */

import { must } from '../kernel/index.ts'
import { partitionSlot, type SlotTag } from './keys.ts'
import { partitionTags } from './slots.ts'

export interface Partitions {
  count: number
  /** Tags in partition order. */
  slots: readonly SlotTag[]
  indexOf(account: number): number
  slotOf(account: number): SlotTag
}

export function createPartitions(count: number): Partitions {
  const slots = partitionTags(count).map(partitionSlot)
  return {
    count,
    slots,
    indexOf: (account) => account % count,
    slotOf: (account) => must(slots[account % count], 'a partition'),
  }
}

/** Each account once, under the partition it lives in. */
export function accountsBySlot(
  { slotOf }: Pick<Partitions, 'slotOf'>,
  accounts: Iterable<number>,
): Map<SlotTag, number[]> {
  const bySlot = new Map<SlotTag, number[]>()
  for (const account of new Set(accounts)) {
    const slot = slotOf(account)
    const list = bySlot.get(slot)
    if (list) list.push(account)
    else bySlot.set(slot, [account])
  }
  return bySlot
}
