/** How the last attempts of a webhook went, for its owner to look at. */

import { z } from 'zod'
import { defineScript, type Store } from '../redis/index.ts'
import { attemptsKey } from './keys.ts'
import { ATTEMPTS_KEPT, ATTEMPTS_LIFE_MS } from './limits.ts'
import logSource from './log-attempt.lua'

const script = defineScript({
  name: 'webhooks.log_attempt',
  source: logSource,
  keys: ['attempts'],
  args: { line: 'str', kept: 'int', life_ms: 'int' },
  replies: { ok: {} },
})

const Attempt = z.object({
  /** Of the delivery. */
  id: z.string(),
  type: z.string(),
  /** Counted from 1. */
  attempt: z.number(),
  /** When it ended, by the worker's clock. */
  atMs: z.number(),
  tookMs: z.number(),
  /** HTTP status; 0 where none came. */
  status: z.number(),
  /** Why there was no good answer. */
  why: z.string().exactOptional(),
})
export type Attempt = z.infer<typeof Attempt>

export async function logAttempt(store: Store, webhook: string, attempt: Attempt): Promise<void> {
  await script.run(store, {
    keys: { attempts: attemptsKey(webhook) },
    args: {
      line: JSON.stringify(attempt),
      kept: ATTEMPTS_KEPT,
      life_ms: ATTEMPTS_LIFE_MS,
    },
  })
}

/** The last 100, newest first. */
export async function listAttempts(store: Store, webhook: string): Promise<Attempt[]> {
  const lines = await store.lrange(attemptsKey(webhook), 0, ATTEMPTS_KEPT - 1)
  return lines.map((line) => Attempt.parse(JSON.parse(line)))
}
