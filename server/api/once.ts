/** Idempotent requests: the first answer is kept for a day and given again. */

import { createHash } from 'node:crypto'
import { refuse } from '../../shared/errors.ts'
import { defineScript, type Store } from '../redis/index.ts'
import source from './begin-once.lua'
import { onceKey } from './keys.ts'
import { ONCE_ANSWER_BYTES_MAX, ONCE_LEASE_MS, ONCE_MS } from './limits.ts'

const script = defineScript({
  name: 'api.begin_once',
  source,
  keys: ['once'],
  args: { hash: 'str', lease_ms: 'int', life_ms: 'int' },
  replies: {
    begun: {},
    answered: { status: 'int', body: 'str' },
    running: { left_ms: 'int' },
    conflict: {},
  },
})

export interface Answer {
  status: number
  body: string
}

export interface OnceRequest {
  brand: string
  /** The caller's idempotency key; keys of two brands do not meet. */
  key: string
  /** What the key stands for; the same key with other parts is a conflict. */
  input: readonly (string | Uint8Array)[]
  /** What a time or a fault that passes answers is not kept, so that a repeat runs again. */
  keep: (answer: Answer) => boolean
}

export const toAnswer = (status: number, value: unknown): Answer => ({
  status,
  body: JSON.stringify(value),
})

/**
 * Runs a request once per key. A repeat gets the first answer, byte for byte; while the first still runs,
 * `busy`; with another input, `id_conflict`. After a crash a repeat runs again once the lease is over, so
 * what runs must itself be safe to repeat.
 */
export async function once(
  store: Store,
  { brand, key, input, keep }: OnceRequest,
  run: () => Promise<Answer>,
): Promise<Answer> {
  const redisKey = onceKey(brand, key)
  const hash = createHash('sha256')
  for (const part of input) hash.update(part).update('\0')
  const reply = await script.run(store, {
    keys: { once: redisKey },
    args: { hash: hash.digest('base64url'), lease_ms: ONCE_LEASE_MS, life_ms: ONCE_MS },
  })
  switch (reply.tag) {
    case 'answered':
      return { status: reply.status, body: reply.body }
    case 'conflict':
      return toAnswer(409, refuse('id_conflict'))
    case 'running':
      return toAnswer(503, refuse('busy', { afterMs: Math.min(reply.left_ms, 1000) }))
    case 'begun':
      break
    default:
      return reply satisfies never
  }
  let answer: Answer | undefined
  try {
    answer = await run()
    return answer
  } finally {
    if (answer && keep(answer) && Buffer.byteLength(answer.body) <= ONCE_ANSWER_BYTES_MAX)
      await store.hset(redisKey, 'status', String(answer.status), 'body', answer.body)
    else await store.del(redisKey)
  }
}
