/** Routes of outgoing webhooks: who is told of what, by which secret, and whether it is on. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { randomId } from '../../kernel/index.ts'
import {
  addWebhook,
  changeSecret,
  checkTarget,
  listWebhooks,
  queueDeliveries,
  readFailing,
  removeWebhook,
  switchOff,
  switchOn,
  URL_LENGTH_MAX,
  WEBHOOK_EVENT_NAMES,
  WEBHOOK_EVENTS,
  WEBHOOKS_PER_BRAND,
  type Webhook,
  webhookSecret,
} from '../../webhooks/index.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { Id, Ms, ok } from '../shapes/basics.ts'
import { WebhookParams, webhookOf } from './webhook-of.ts'

const WebhookShape = z
  .object({
    id: Id,
    url: z.string(),
    events: z.array(z.string()),
    active: z.boolean(),
    failingSinceMs: Ms.exactOptional().describe('In lists: nothing but failures since then'),
    offWhy: z.string().exactOptional().describe('Why it was switched off'),
    createdAtMs: Ms,
  })
  .meta({ id: 'Webhook' })

const shown = ({ id, url, events, active, offWhy, createdAtMs }: Webhook) => ({
  id,
  url,
  events: [...events],
  active,
  ...(offWhy !== undefined && { offWhy }),
  createdAtMs,
})

const SECRET = 'Shown this once; it signs every delivery'

const secretOf = ({ gate }: ApiDeps, { id, secretNo }: Webhook): string =>
  webhookSecret(gate.pepper, { id, no: secretNo })

const EVENTS = Object.entries(WEBHOOK_EVENTS)
  .map(([name, what]) => `\`${name}\`: ${what}`)
  .join(' ')

const add = route({
  method: 'POST',
  path: '/v1/webhooks',
  what: `Have a URL told of what happens, as signed POST requests. At most ${WEBHOOKS_PER_BRAND} a brand; it is told of what happens from about a second later on.`,
  access: 'operator',
  body: z.strictObject({
    url: z
      .string()
      .max(URL_LENGTH_MAX)
      .describe('https, without user and password, of a host on the public internet'),
    events: z
      .array(z.enum(WEBHOOK_EVENT_NAMES))
      .min(1)
      .max(WEBHOOK_EVENT_NAMES.length)
      .describe(EVENTS),
  }),
  reply: ok({ webhook: WebhookShape, secret: z.string().describe(SECRET) }),
  refusals: ['too_many_webhooks'],
  async run({ caller, body }, deps) {
    const url = checkTarget(body.url, { allowPrivate: deps.site.privateWebhooks })
    if (!url) return refuse('bad_request', { field: 'url' })
    const added = await addWebhook(deps.gate.store, {
      brand: caller.brand,
      url: url.href,
      events: body.events,
    })
    if (!added.ok) return added
    return { ok: true, webhook: shown(added.webhook), secret: secretOf(deps, added.webhook) }
  },
})

const list = route({
  method: 'GET',
  path: '/v1/webhooks',
  what: "The brand's webhooks, oldest first, without their secrets.",
  access: 'operator',
  reply: ok({ webhooks: z.array(WebhookShape) }),
  refusals: [],
  async run({ caller }, { gate }) {
    const all = await listWebhooks(gate.store, caller.brand)
    const failing = await readFailing(gate.store)
    return {
      ok: true,
      webhooks: all.map((webhook) => {
        const failingSinceMs = failing.get(webhook.id)
        return { ...shown(webhook), ...(failingSinceMs !== undefined && { failingSinceMs }) }
      }),
    }
  },
})

const remove = route({
  method: 'DELETE',
  path: '/v1/webhooks/{id}',
  what: 'Remove a webhook; what waits for it is forgotten.',
  access: 'operator',
  params: WebhookParams,
  reply: ok({}),
  refusals: ['not_found'],
  async run({ caller, params }, deps) {
    const found = await webhookOf(deps, caller, params.id)
    if (!found.ok) return found
    await removeWebhook(deps.gate.store, found.webhook)
    return { ok: true }
  },
})

const ping = route({
  method: 'POST',
  path: '/v1/webhooks/{id}/ping',
  what: 'Send a `ping`, the way everything is sent, to see that it arrives.',
  access: 'operator',
  params: WebhookParams,
  reply: ok({ delivery: z.string().describe('Its id') }),
  refusals: ['not_found'],
  async run({ caller, params, nowMs }, deps) {
    const found = await webhookOf(deps, caller, params.id)
    if (!found.ok) return found
    const id = `ping-${randomId()}`
    const delivery = { type: 'ping', atMs: nowMs, data: {}, attempts: 0 }
    await queueDeliveries(deps.gate.store, [
      { webhook: params.id, brand: caller.brand, id, delivery },
    ])
    return { ok: true, delivery: id }
  },
})

const rotate = route({
  method: 'POST',
  path: '/v1/webhooks/{id}/secret',
  what: 'Change the secret. For a day deliveries carry two signatures, of the new and of the old one.',
  access: 'operator',
  params: WebhookParams,
  reply: ok({ secret: z.string().describe(SECRET) }),
  refusals: ['not_found'],
  async run({ caller, params, nowMs }, deps) {
    const found = await webhookOf(deps, caller, params.id)
    if (!found.ok) return found
    const changed = await changeSecret(deps.gate.store, params.id, nowMs)
    if (!changed) return refuse('not_found', { field: 'id' })
    return { ok: true, secret: secretOf(deps, changed) }
  },
})

const pause = route({
  method: 'POST',
  path: '/v1/webhooks/{id}/pause',
  what: 'Switch a webhook off. What waits for it becomes dead letters, which can be replayed once it is on again; what happens meanwhile is not kept for it.',
  access: 'operator',
  params: WebhookParams,
  reply: ok({ webhook: WebhookShape }),
  refusals: ['not_found'],
  async run({ caller, params }, deps) {
    const found = await webhookOf(deps, caller, params.id)
    if (!found.ok) return found
    const webhook = await switchOff(deps.gate.store, params.id, `paused by ${caller.by}`)
    return webhook ? { ok: true, webhook: shown(webhook) } : refuse('not_found', { field: 'id' })
  },
})

const resume = route({
  method: 'POST',
  path: '/v1/webhooks/{id}/resume',
  what: 'Switch a webhook on again that was paused, or switched off because its receiver answered 410 or failed for days. What happened meanwhile was not kept; its dead letters can be replayed.',
  access: 'operator',
  params: WebhookParams,
  reply: ok({ webhook: WebhookShape }),
  refusals: ['not_found'],
  async run({ caller, params }, deps) {
    const found = await webhookOf(deps, caller, params.id)
    if (!found.ok) return found
    const webhook = await switchOn(deps.gate.store, params.id)
    return webhook ? { ok: true, webhook: shown(webhook) } : refuse('not_found', { field: 'id' })
  },
})

export const webhookRoutes = [add, list, remove, ping, rotate, pause, resume]
