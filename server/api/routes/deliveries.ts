/** Routes of deliveries of webhooks: how they went, and what could not be delivered. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { formatAccount } from '../../../shared/ids.ts'
import {
  ATTEMPTS_KEPT,
  DEAD_MAX,
  getDead,
  listAttempts,
  listDead,
  replayDead,
} from '../../webhooks/index.ts'
import { route } from '../route.ts'
import { Id, Ms, ok } from '../shapes/basics.ts'
import { WebhookParams, webhookOf } from './webhook-of.ts'

const deliveries = route({
  method: 'GET',
  path: '/v1/webhooks/{id}/deliveries',
  what: `The last ${ATTEMPTS_KEPT} attempts, newest first.`,
  access: 'operator',
  params: WebhookParams,
  reply: ok({
    attempts: z.array(
      z.object({
        id: z.string().describe('Of the delivery, the same on every attempt'),
        type: z.string(),
        attempt: z.int().describe('Counted from 1'),
        atMs: Ms,
        tookMs: z.int(),
        status: z.int().describe('HTTP status; 0 where none came'),
        why: z.string().exactOptional().describe('Why none came: `timeout`, `refused`, `tls` ...'),
      }),
    ),
  }),
  refusals: ['not_found'],
  async run({ caller, params }, deps) {
    const found = await webhookOf(deps, caller, params.id)
    if (!found.ok) return found
    return { ok: true, attempts: await listAttempts(deps.gate.store, params.id) }
  },
})

const DeadName = z.string().max(200)

export const dead = route({
  method: 'GET',
  path: '/v1/webhooks/dead',
  what: `Deliveries that were given up, newest first, 100 a page. The newest ${DEAD_MAX} are kept.`,
  access: 'operator',
  query: z.strictObject({ before: DeadName.optional().describe('`next` of the page before') }),
  reply: ok({
    dead: z.array(
      z.object({
        name: z.string().describe('Names it for replay'),
        webhook: Id,
        id: z.string().describe('Of the delivery'),
        type: z.string(),
        atMs: Ms.describe('When it happened'),
        diedAtMs: Ms,
        attempts: z.int(),
        why: z
          .enum(['exhausted', 'off', 'full'])
          .describe('All attempts failed, the webhook was off, or too many waited for it'),
      }),
    ),
    next: z.string().exactOptional(),
    lost: z.int().describe('Dead letters that gave way to newer ones, ever'),
  }),
  refusals: [],
  async run({ caller, query: { before } }, { gate }) {
    const page = { brand: caller.brand, ...(before !== undefined && { before }) }
    const { dead: letters, next, lost } = await listDead(gate.store, page)
    return {
      ok: true,
      dead: letters.map(({ name, webhook, id, diedAtMs, why, delivery }) => ({
        name,
        webhook,
        id,
        type: delivery.type,
        atMs: delivery.atMs,
        diedAtMs,
        attempts: delivery.attempts,
        why,
      })),
      ...(next !== undefined && { next }),
      lost,
    }
  },
})

const letter = route({
  method: 'GET',
  path: '/v1/webhooks/dead/{name}',
  what: 'One dead letter with what it would have said: whom it is about by account number, and its data.',
  access: 'operator',
  params: z.strictObject({ name: DeadName }),
  reply: ok({
    type: z.string(),
    number: z.string().exactOptional().describe('Of the account it is about'),
    data: z.record(z.string(), z.unknown()),
  }),
  refusals: ['not_found'],
  async run({ caller, params: { name } }, { gate }) {
    const found = await getDead(gate.store, { brand: caller.brand, name })
    if (!found) return refuse('not_found', { field: 'name' })
    const { type, account, data } = found.delivery
    const number = account !== undefined && { number: formatAccount(account) }
    return { ok: true, type, ...number, data }
  },
})

const replay = route({
  method: 'POST',
  path: '/v1/webhooks/dead/replay',
  what: 'Send dead letters again, under the ids they had: those that are named, or all of one webhook, or all. Those whose webhook is off or removed stay.',
  access: 'operator',
  body: z.strictObject({
    names: z.array(DeadName).min(1).max(100).optional(),
    webhook: Id.optional(),
  }),
  reply: ok({ replayed: z.int() }),
  refusals: [],
  async run({ caller, body: { names, webhook } }, { gate }) {
    const replayed = await replayDead(gate.store, {
      brand: caller.brand,
      ...(names && { names }),
      ...(webhook !== undefined && { webhook }),
    })
    return { ok: true, replayed }
  },
})

export const deliveryRoutes = [deliveries, dead, letter, replay]
