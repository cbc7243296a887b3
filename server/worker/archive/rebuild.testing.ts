/** A stand for tests of rebuilding: one partition with three accounts, its archive, and all that its wallets are. */

import { must, systemClock } from '../../kernel/index.ts'
import type { Store } from '../../redis/index.ts'
import {
  accountKey,
  openKey,
  readAccountRecord,
  readHoldRecord,
  settlementKey,
  totalsKey,
} from '../../wallet/index.ts'
import { createWalletStand } from '../../wallet/testing.ts'
import { ZERO } from '../element.ts'
import { readAfter } from '../journal.ts'
import { silent } from '../worker.testing.ts'
import { createArchiveStand, PLACE } from './archive.testing.ts'
import { rebuildPartition } from './rebuild.ts'

const { slot } = PLACE
export const ACCOUNTS = [1, 2, 3]
/** In which points of a session are earned. */
export const LIVE = 7

export function createRebuildStand(redis: Store) {
  const folders = createArchiveStand(redis)
  return {
    ...folders,

    /** Archives what the journal has into a new folder. */
    async archiveAll(): Promise<string> {
      const dir = folders.folder()
      const all = await readAfter(redis, slot, { after: ZERO, limit: 100_000 })
      await folders.archive(dir, all, { rollBytes: 2000, batch: 20 })
      return dir
    },

    rebuild: (dir: string) =>
      rebuildPartition(
        {
          ...{ store: redis, dataDirs: [dir], log: silent, witnesses: () => [] },
          // As if it happened right after the newest change.
          clock: { ...systemClock, now: () => 0 },
          partitions: createWalletStand(redis).places,
        },
        PLACE,
      ),

    /** All that wallets are, but for what only Redis knows. */
    async snapshot() {
      const records = await Promise.all(
        ACCOUNTS.map(async (account) => {
          const bytes = await redis.getBuffer(accountKey(slot, account))
          if (!bytes) return undefined
          const { sectionBytes: _, ...record } = readAccountRecord(bytes)
          return record
        }),
      )
      const names = (await redis.keys('*:hold:*')).sort()
      const holds = await Promise.all(
        names.map(async (name) => {
          const bytes = must(await redis.getBuffer(name), name)
          const { settledBy: _, ...hold } = readHoldRecord(name, bytes)
          return hold
        }),
      )
      const open = await Promise.all(ACCOUNTS.map((one) => redis.smembers(openKey(slot, one))))
      return {
        records,
        holds,
        open: open.map((ids) => ids.sort()),
        totals: await redis.hgetall(totalsKey(slot)),
        settlement: await redis.hgetall(settlementKey(slot)),
      }
    },
  }
}
export type RebuildStand = ReturnType<typeof createRebuildStand>
