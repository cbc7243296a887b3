/**
 * Operators' reasons. They are free text, which may name a person, so the journal has them sealed with a key of the
 * account that is nowhere but in Redis and in backups of the identities: erasing the person destroys the key, and no
 * copy of the archive can be read for it any more.
 */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { defineScript, type SlotTag, type Store, scriptNow } from '../redis/index.ts'
import { journalKey, noteSealKey, notesKey } from './keys.ts'
import source from './write-note.lua'

interface Whose {
  slot: SlotTag
  account: number
}

/** Characters of a reason. */
export const NOTE_MAX = 200
const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16

const script = defineScript({
  name: 'wallet.write_note',
  source,
  keys: ['notes', 'journal'],
  args: { now_ms: 'int', account: 'int', ref: 'str', note: 'str', sealed: 'bin' },
  replies: { written: {} },
})

/** `ref` is the id of what was done. A repeat changes nothing in the journal. */
export async function writeNote(
  store: Store,
  { slot, account }: Whose,
  { ref, note, nowMs }: { ref: string; note: string; nowMs?: number },
): Promise<void> {
  const key = await sealOf(store, { slot, account })
  const text = note.slice(0, NOTE_MAX)
  await script.run(store, {
    keys: { notes: notesKey(slot, account), journal: journalKey(slot) },
    args: { now_ms: scriptNow(nowMs), account, ref, note: text, sealed: seal(key, text) },
  })
}

/** The account's key, made now where it has none. */
async function sealOf(store: Store, { slot, account }: Whose): Promise<Buffer> {
  const fresh = randomBytes(KEY_BYTES)
  const kept = await store.set(noteSealKey(slot, account), fresh.toString('base64url'), 'NX', 'GET')
  return kept === null ? fresh : Buffer.from(kept, 'base64url')
}

function seal(key: Buffer, text: string): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  return Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()])
}

/** A reason from the journal; undefined where its key is gone, or is another one. */
export async function openNote(
  store: Store,
  { slot, account }: Whose,
  sealed: Buffer,
): Promise<string | undefined> {
  const key = await store.get(noteSealKey(slot, account))
  if (key === null) return undefined
  const decipher = createDecipheriv(
    'aes-256-gcm',
    Buffer.from(key, 'base64url'),
    sealed.subarray(0, IV_BYTES),
  )
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([
      decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)),
      decipher.final(),
    ]).toString()
  } catch {
    return undefined
  }
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

/** Forgets what was written about a person, and with the key what the journal has of it. */
export async function eraseNotes(store: Store, { slot, account }: Whose): Promise<void> {
  await store.del(notesKey(slot, account), noteSealKey(slot, account))
}
