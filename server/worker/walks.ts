/** Goes through all accounts of a partition, once per month or day, a bounded number at a time. */

import { HOUR_MS } from '../../shared/time.ts'
import { chunks, type Log } from '../kernel/index.ts'
import type { SlotTag, Store } from '../redis/index.ts'
import { accountsKey, SWEPT_PER_CALL, sweptKey } from '../wallet/index.ts'

/** A clock that is ahead must not look through a month or day that the partition is still in: it would not look again. */
export const AHEAD_MS = HOUR_MS

export function createWalks({ store, log }: { store: Store; log: Log }) {
  return {
    /** Every account of the partition, some of them twice. */
    async all(
      slot: SlotTag,
      visit: (accounts: number[]) => Promise<{ tag: string }>,
    ): Promise<void> {
      let cursor = '0'
      do {
        const [next, members] = await store.sscan(
          accountsKey(slot),
          cursor,
          'COUNT',
          SWEPT_PER_CALL,
        )
        for (const some of chunks(members.map(Number), SWEPT_PER_CALL)) {
          const reply = await visit([...new Set(some)])
          if (reply.tag === 'busy') throw new Error('the journal is full')
        }
        cursor = next
      } while (cursor !== '0')
    },

    /** Does once per turn (a month, a day) and partition what `step` is named for; a crash in between does it again. */
    async once(
      slot: SlotTag,
      of: { step: string; turn: number },
      run: () => Promise<void>,
    ): Promise<void> {
      const done = Number((await store.hget(sweptKey(slot), of.step)) ?? 0)
      if (done >= of.turn) return
      await run()
      await store.hset(sweptKey(slot), of.step, of.turn)
      log.info({ slot, ...of }, 'all accounts were looked through')
    },
  }
}
