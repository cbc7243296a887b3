/** How the last attempts of a webhook went, for its owner to look at. */

import { z } from 'zod'
import { defineScript, type Store } from '../redis/index.ts'
import { attemptsKey, failingKey } from './keys.ts'
import { ATTEMPTS_KEPT, ATTEMPTS_LIFE_MS } from './limits.ts'
import logSource from './log-attempt.lua'

const script = defineScript({
  name: 'webhooks.log_attempt',
  source: logSource,
  keys: ['attempts', 'failing'],
  args: { webhook: 'str', line: 'str', good: 'int', at_ms: 'int', kept: 'int', life_ms: 'int' },
  replies: { ok: { failing_since: 'int' } },
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

/** Answers since when there was nothing but failures; undefined after a good one. */
export async function logAttempt(
  store: Store,
  webhook: string,
  { good, ...attempt }: Attempt & { good: boolean },
): Promise<number | undefined> {
  const { failing_since: sinceMs } = await script.run(store, {
    keys: { attempts: attemptsKey(webhook), failing: failingKey },
    args: {
      webhook,
      line: JSON.stringify(attempt),
      good: good ? 1 : 0,
      at_ms: attempt.atMs,
      kept: ATTEMPTS_KEPT,
      life_ms: ATTEMPTS_LIFE_MS,
    },
  })
  return sinceMs > 0 ? sinceMs : undefined
}

/** Since when each webhook has had nothing but failures; who answers is missing. */
export async function readFailing(store: Store): Promise<ReadonlyMap<string, number>> {
  const stored = await store.hgetall(failingKey)
  return new Map(Object.entries(stored).map(([id, sinceMs]) => [id, Number(sinceMs)]))
}

/** The last 100, newest first. */
export async function listAttempts(store: Store, webhook: string): Promise<Attempt[]> {
  const lines = await store.lrange(attemptsKey(webhook), 0, ATTEMPTS_KEPT - 1)
  return lines.map((line) => Attempt.parse(JSON.parse(line)))
}
