/** Operators' reasons. Not in the journal, which holds numbers only: they go when a person is erased. */

import type { SlotTag, Store } from '../redis/index.ts'
import { notesKey } from './keys.ts'

interface Whose {
  slot: SlotTag
  account: number
}

/** Characters of a reason. */
export const NOTE_MAX = 200

/** `ref` is the id of what was done. */
export async function writeNote(
  store: Store,
  { slot, account }: Whose,
  { ref, note }: { ref: string; note: string },
): Promise<void> {
  await store.hset(notesKey(slot, account), ref, note.slice(0, NOTE_MAX))
}

/** Reasons of these entries, by their `ref`. */
export async function readNotes(
  store: Store,
  { slot, account }: Whose,
  entries: readonly { ref: string }[],
): Promise<Map<string, string>> {
  const refs = entries.map(({ ref }) => ref).filter((ref) => ref !== '')
  if (refs.length === 0) return new Map()
  const notes = await store.hmget(notesKey(slot, account), ...refs)
  return new Map(refs.flatMap((ref, i) => (notes[i] ? [[ref, notes[i]]] : [])))
}

/** Forgets what was written about a person. */
export async function eraseNotes(store: Store, { slot, account }: Whose): Promise<void> {
  await store.del(notesKey(slot, account))
}
