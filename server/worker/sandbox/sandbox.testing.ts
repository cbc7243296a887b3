/** Dry runs for tests: of what a Redis of a test has in its journals, with the books that the test scored by. */

import type { DryRunReport } from '../../../shared/dry-run.ts'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import { systemClock } from '../../kernel/index.ts'
import type { Store } from '../../redis/index.ts'
import { createArchiveStand, PLACE } from '../archive/archive.testing.ts'
import { ZERO } from '../element.ts'
import { readAfter } from '../journal.ts'
import { dryRun } from './dry-run.ts'
import type { RoomSetting } from './rooms-told.ts'
import type { DryRunOptions } from './run.ts'

export const PROGRAM = process.env.REDIS_SERVER_BIN ?? 'redis-server'
export const ALWAYS = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, oneOf: 1 }

export function sourcesOf(
  books: readonly Rulebook[],
  rooms: ReadonlyMap<number, { room: string } & RoomSetting> = new Map(),
): DryRunOptions['sources'] {
  return {
    book: async (version) => {
      const book = books[version - 1]
      return book && { version, publishedAtMs: 0, by: 'test', book }
    },
    room: async (live) => rooms.get(live),
  }
}

export function createSandboxStand(store: Store) {
  const folders = createArchiveStand(store)
  return {
    clean: () => folders.clean(),
    /** What a worker would have archived by now. */
    async archive(): Promise<string> {
      const dir = folders.folder()
      const all = await readAfter(store, PLACE.slot, { after: ZERO, limit: 100_000 })
      await folders.archive(dir, all, { rollBytes: 4000, batch: 20 })
      return dir
    },
    run: (
      of: Pick<DryRunOptions, 'sources' | 'dataDirs'> & Partial<DryRunOptions>,
    ): Promise<DryRunReport> =>
      dryRun({
        asked: ALWAYS,
        partitions: { count: 1, slots: [PLACE.slot], indexOf: () => 0, slotOf: () => PLACE.slot },
        program: PROGRAM,
        clock: systemClock,
        ...of,
      }),
  }
}
