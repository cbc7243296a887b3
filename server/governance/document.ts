/** One text that several may change: who does names the revision that was read. */

import { defineScript, type Store } from '../redis/index.ts'
import source from './save-document.lua'

const script = defineScript({
  name: 'governance.save-document',
  source,
  keys: ['document'],
  args: { now_ms: 'int', revision: 'int', document: 'str' },
  replies: { saved: { revision: 'int', at_ms: 'int' }, changed: {} },
})

interface Saved {
  /** Another one with every change. */
  revision: number
  savedAtMs: number
}

export async function readDocument(
  store: Store,
  key: string,
): Promise<(Saved & { document: string }) | undefined> {
  const text = await store.get(key)
  const found = text === null ? null : /^(\d+) (\d+) (.+)$/s.exec(text)
  if (!found) return undefined
  const [, revision, savedAtMs, document = ''] = found
  return { revision: Number(revision), savedAtMs: Number(savedAtMs), document }
}

/** `revision` is the one that was read, 0 where there was none; undefined where another holds by now. */
export async function writeDocument(
  store: Store,
  key: string,
  args: { now_ms: number; revision: number; document: string },
): Promise<Saved | undefined> {
  const reply = await script.run(store, { keys: { document: key }, args })
  return reply.tag === 'saved' ? { revision: reply.revision, savedAtMs: reply.at_ms } : undefined
}
