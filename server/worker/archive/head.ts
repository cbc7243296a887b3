/** The head of a partition's chain, kept in Redis: the archive must not end before it. */

import { defineScript, type SlotTag, type Store } from '../../redis/index.ts'
import { type JournalElement, parseId, type StreamId } from '../element.ts'
import { readAfter } from '../journal.ts'
import { chainKey } from '../keys.ts'
import { ELEMENTS_PER_STEP } from '../limits.ts'
import type { Link } from './chain.ts'
import raiseSource from './raise-head.lua'

const raiseScript = defineScript({
  name: 'worker.raise-head',
  source: raiseSource,
  keys: ['chain'],
  args: { ms: 'int', seq: 'int', count: 'int', hash: 'str' },
  replies: { raised: {}, kept: {} },
})

/** Undefined where nothing of the partition has been archived. */
export async function readHead(store: Store, slot: SlotTag): Promise<Link | undefined> {
  const { id, count, hash } = await store.hgetall(chainKey(slot))
  if (id === undefined || count === undefined || hash === undefined) return undefined
  return { id: parseId(id), count: Number(count), hash: Buffer.from(hash, 'hex') }
}

/** Says that the archive is synced up to a link. An older one than is known changes nothing. */
export async function raiseHead(store: Store, slot: SlotTag, link: Link): Promise<void> {
  await raiseScript.run(store, {
    keys: { chain: chainKey(slot) },
    args: { ...link.id, count: link.count, hash: link.hash.toString('hex') },
  })
}

/** What a partition's journal still has behind an id. */
export async function* readJournalAfter(
  store: Store,
  slot: SlotTag,
  from: StreamId,
): AsyncGenerator<JournalElement> {
  for (let after = from; ; ) {
    const some = await readAfter(store, slot, { after, limit: ELEMENTS_PER_STEP })
    yield* some
    const last = some.at(-1)
    if (!last) return
    after = last.id
  }
}
