/** Stage keys: long-lived, read-only, revocable, for the one URL that a broadcaster pastes into OBS. */

import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { isId } from '../../shared/ids.ts'
import { randomId } from '../kernel/index.ts'
import { defineScript, type Store } from '../redis/index.ts'
import source from './create-stage-key.lua'
import { stageKeysKey } from './keys.ts'
import { STAGE_KEYS_MAX } from './limits.ts'
import { revoke } from './revoke.ts'

const script = defineScript({
  name: 'identity.create_stage_key',
  source,
  keys: ['stage'],
  args: { id: 'str', record: 'str', max: 'int' },
  replies: { created: {}, full: {} },
})

export interface StageKeyInfo {
  id: string
  label: string
  createdAtMs: number
}

const Stored = z.object({ label: z.string(), createdAtMs: z.number(), digest: z.string() })
const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

/** Every ticket from a stage key has this `jti`, so that revoking the key closes its stages. */
export const stageJti = (id: string): string => `stage-${id}`

/**
 * Makes a key of a room. The text is shown once; only its digest is kept. Undefined where the room has 20.
 */
export async function createStageKey(
  store: Store,
  { room, label, nowMs }: { room: string; label: string; nowMs: number },
): Promise<(StageKeyInfo & { key: string }) | undefined> {
  const id = randomId(6)
  const secret = randomId(24)
  const reply = await script.run(store, {
    keys: { stage: stageKeysKey(room) },
    args: {
      id,
      record: JSON.stringify({ label, createdAtMs: nowMs, digest: digestOf(secret) }),
      max: STAGE_KEYS_MAX,
    },
  })
  if (reply.tag === 'full') return undefined
  return { id, label, createdAtMs: nowMs, key: `${room}.${id}.${secret}` }
}

/** Keys of a room, oldest first, without their secrets. */
export async function listStageKeys(store: Store, room: string): Promise<StageKeyInfo[]> {
  const all = await store.hgetall(stageKeysKey(room))
  return Object.entries(all)
    .map(([id, text]) => {
      const { label, createdAtMs } = Stored.parse(JSON.parse(text))
      return { id, label, createdAtMs }
    })
    .sort((a, b) => a.createdAtMs - b.createdAtMs)
}

/**
 * Removes a key and revokes its tickets; tells whether there was one, or `full` where the list of
 * revocations is. Revokes first: a key that is gone could not be revoked again.
 */
export async function revokeStageKey(
  store: Store,
  { room, brand, id }: { room: string; brand: string; id: string },
): Promise<'revoked' | 'unknown' | 'full'> {
  if ((await store.hexists(stageKeysKey(room), id)) === 0) return 'unknown'
  if ((await revoke(store, { brand, jti: stageJti(id) })) === undefined) return 'full'
  await store.hdel(stageKeysKey(room), id)
  return 'revoked'
}

/** The room and id of a good key, or undefined. */
export async function readStageKey(
  store: Store,
  key: string,
): Promise<{ room: string; id: string } | undefined> {
  const [room = '', id = '', secret = '', ...rest] = key.split('.')
  if (!isId(room) || !isId(id) || !isId(secret) || rest.length > 0) return undefined
  const text = await store.hget(stageKeysKey(room), id)
  if (text === null) return undefined
  const { digest } = Stored.parse(JSON.parse(text))
  const given = Buffer.from(digestOf(secret))
  return timingSafeEqual(given, Buffer.from(digest)) ? { room, id } : undefined
}
