/** Webhooks: which brand wants to be told of what, and where. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { randomId } from '../kernel/index.ts'
import { defineScript, type Store } from '../redis/index.ts'
import addSource from './add-webhook.lua'
import type { WebhookEvent } from './events.ts'
import { attemptsKey, changesKey, countsKey, failingKey, webhooksKey } from './keys.ts'
import { WEBHOOKS_MAX, WEBHOOKS_PER_BRAND } from './limits.ts'
import removeSource from './remove-webhook.lua'
import replaceSource from './replace-webhook.lua'

const addScript = defineScript({
  name: 'webhooks.add',
  source: addSource,
  keys: ['webhooks', 'counts', 'changes'],
  args: { id: 'str', brand: 'str', document: 'str', brand_max: 'int', all_max: 'int' },
  replies: { added: { at_ms: 'int' }, full: {} },
})

const replaceScript = defineScript({
  name: 'webhooks.replace',
  source: replaceSource,
  keys: ['webhooks', 'changes'],
  args: { id: 'str', seen: 'str', text: 'str' },
  replies: { replaced: {}, changed: {} },
})

const removeScript = defineScript({
  name: 'webhooks.remove',
  source: removeSource,
  keys: ['webhooks', 'counts', 'changes', 'attempts'],
  args: { id: 'str', brand: 'str' },
  replies: { removed: {}, unknown: {} },
})

const Document = z.object({
  brand: z.string(),
  url: z.string(),
  /** Read loosely: an older release may meet events of a newer one. */
  events: z.array(z.string()),
  active: z.boolean(),
  offWhy: z.string().exactOptional(),
  secretNo: z.int(),
  secretAtMs: z.int(),
})
type Document = z.infer<typeof Document>

export interface Webhook {
  id: string
  brand: string
  url: string
  events: readonly string[]
  active: boolean
  /** Why it was switched off. */
  offWhy?: string
  /** Counts changes of the secret from 1. */
  secretNo: number
  /** When the secret last changed, or 0. */
  secretAtMs: number
  /** Redis time; what was journalled earlier is not told. */
  createdAtMs: number
}

const documentOf = ({ id: _, createdAtMs: __, ...document }: Webhook): Document => ({
  ...document,
  events: [...document.events],
})

function read(id: string, text: string): Webhook {
  const space = text.indexOf(' ')
  const document = Document.parse(JSON.parse(text.slice(space + 1)))
  const createdAtMs = Number(text.slice(0, space))
  return { id, createdAtMs, ...document }
}

const textOf = (webhook: Webhook): string =>
  `${webhook.createdAtMs} ${JSON.stringify(documentOf(webhook))}`

/** At most 20 a brand. The URL must have passed `checkTarget`. */
export async function addWebhook(
  store: Store,
  { brand, url, events }: { brand: string; url: string; events: readonly WebhookEvent[] },
): Promise<{ ok: true; webhook: Webhook } | Refusal> {
  const id = `wh_${randomId()}`
  const document: Document = {
    brand,
    url,
    events: [...new Set(events)],
    active: true,
    secretNo: 1,
    secretAtMs: 0,
  }
  const reply = await addScript.run(store, {
    keys: { webhooks: webhooksKey, counts: countsKey, changes: changesKey },
    args: {
      id,
      brand,
      document: JSON.stringify(document),
      brand_max: WEBHOOKS_PER_BRAND,
      all_max: WEBHOOKS_MAX,
    },
  })
  if (reply.tag === 'full') return refuse('too_many_webhooks')
  return { ok: true, webhook: { id, createdAtMs: reply.at_ms, ...document } }
}

/** Every webhook there is, of all brands or one, oldest first. */
export async function listWebhooks(store: Store, brand?: string): Promise<Webhook[]> {
  const stored = await store.hgetall(webhooksKey)
  return Object.entries(stored)
    .map(([id, text]) => read(id, text))
    .filter((webhook) => brand === undefined || webhook.brand === brand)
    .sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1))
}

export async function getWebhook(store: Store, id: string): Promise<Webhook | undefined> {
  const text = await store.hget(webhooksKey, id)
  return text === null ? undefined : read(id, text)
}

/** Several may change one at once; each change is made upon what it saw. */
async function change(
  store: Store,
  id: string,
  by: (webhook: Webhook) => Webhook,
): Promise<Webhook | undefined> {
  for (;;) {
    const seen = await store.hget(webhooksKey, id)
    if (seen === null) return undefined
    const next = by(read(id, seen))
    const text = textOf(next)
    if (text === seen) return next
    const reply = await replaceScript.run(store, {
      keys: { webhooks: webhooksKey, changes: changesKey },
      args: { id, seen, text },
    })
    if (reply.tag === 'replaced') return next
  }
}

/** Nothing is sent any more; what waits becomes dead letters. */
export const switchOff = (store: Store, id: string, why: string): Promise<Webhook | undefined> =>
  change(store, id, (webhook) => ({ ...webhook, active: false, offWhy: why }))

/** It has as long to answer as a new one. */
export async function switchOn(store: Store, id: string): Promise<Webhook | undefined> {
  await store.hdel(failingKey, id)
  return change(store, id, ({ offWhy: _, ...webhook }) => ({ ...webhook, active: true }))
}

/** A new secret; the one before signs as well for a day. */
export const changeSecret = (
  store: Store,
  id: string,
  nowMs: number,
): Promise<Webhook | undefined> =>
  change(store, id, (webhook) => ({
    ...webhook,
    secretNo: webhook.secretNo + 1,
    secretAtMs: nowMs,
  }))

/** False where there is none. What waits for it is forgotten by the worker. */
export async function removeWebhook(
  store: Store,
  { id, brand }: Pick<Webhook, 'id' | 'brand'>,
): Promise<boolean> {
  const reply = await removeScript.run(store, {
    keys: {
      webhooks: webhooksKey,
      counts: countsKey,
      changes: changesKey,
      attempts: attemptsKey(id),
    },
    args: { id, brand },
  })
  await store.hdel(failingKey, id)
  return reply.tag === 'removed'
}
