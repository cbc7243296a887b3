/** Archives for tests: elements of any bytes, put into the folders of workers as a worker would. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '../../../shared/seeded.ts'
import { must } from '../../kernel/index.ts'
import { createPartitions, type Store } from '../../redis/index.ts'
import { JournalElement } from '../element.ts'
import { segmentsConsumer } from '../segments.ts'
import { silent } from '../worker.testing.ts'
import { readHead } from './head.ts'
import { type Verification, verifyPartition, type Witness } from './verify.ts'

export const PLACE = { index: 0, slot: must(createPartitions(1).slots[0], 'a partition') }

/** Elements `from` to `to`, each with the same bytes whenever it is made. */
export const someElements = (from: number, to: number, bytes = 24): JournalElement[] =>
  Array.from({ length: to - from + 1 }, (_, i) => {
    const random = seededRandom(from + i)
    const length = 1 + Math.floor(random() * bytes)
    const content = Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)))
    return new JournalElement({ ms: 1000 + from + i, seq: i % 3 }, content)
  })

export interface ArchiveStand {
  /** A new folder of a worker. */
  folder(): string
  /** What a worker with this folder archives in one life. */
  archive(
    dataDir: string,
    elements: readonly JournalElement[],
    how?: { rollBytes?: number; batch?: number },
  ): Promise<void>
  head(): Promise<Witness[]>
  /** Against the head in Redis, unless other witnesses are given. */
  verify(dataDirs: readonly string[], witnesses?: readonly Witness[]): Promise<Verification>
  clean(): void
}

export function createArchiveStand(store: Store): ArchiveStand {
  const folders: string[] = []
  const head = async (): Promise<Witness[]> => {
    const link = await readHead(store, PLACE.slot)
    return link ? [{ who: 'the head in Redis', link }] : []
  }
  return {
    folder() {
      const made = mkdtempSync(join(tmpdir(), 'fanfare-archive-'))
      folders.push(made)
      return made
    },
    async archive(dataDir, elements, { rollBytes = 400, batch = 3 } = {}) {
      const consumer = segmentsConsumer({ store, dataDir, log: silent, rollBytes })
      await consumer.open(PLACE)
      for (let i = 0; i < elements.length; i += batch)
        await consumer.handle(PLACE, elements.slice(i, i + batch))
      await consumer.close(PLACE)
    },
    head,
    verify: async (dataDirs, witnesses) =>
      verifyPartition({ partition: 0, dataDirs, witnesses: witnesses ?? (await head()) }),
    clean() {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    },
  }
}
