/** One attempt to deliver: what is posted, and what becomes of the delivery. */

import { formatAccount } from '../../../shared/ids.ts'
import { type Registry, readWhose, SIGNATURE_HEADER, signRequest } from '../../identity/index.ts'
import type { Clock, Log } from '../../kernel/index.ts'
import type { SlotTag } from '../../redis/index.ts'
import {
  type Addressed,
  buryDead,
  JITTER,
  listWebhooks,
  logAttempt,
  queueDeliveries,
  renderDelivery,
  settle,
  signingKeys,
  switchOff,
  type Webhook,
  type Who,
  type WhyDead,
} from '../../webhooks/index.ts'
import type { WebhookMetrics } from './metrics.ts'
import type { Posted, Poster } from './post.ts'

export interface AttemptOptions {
  registry: Registry
  clock: Clock
  poster: Poster
  metrics: WebhookMetrics
  log: Log
  /** A webhook with nothing but failures for this long is switched off. */
  failingOffMs: number
  /** Waits between attempts, ms; after the last one the delivery is a dead letter. */
  delaysMs: readonly number[]
  /** From 0 to below 1. */
  chance: () => number
}

export interface Due extends Addressed {
  slot: SlotTag
}

const GONE = 410
const OFF_WHY = {
  gone: 'the receiver answered 410 Gone',
  failing: 'nothing but failures for days',
} as const
const isGood = (status: number): boolean => status >= 200 && status < 300

/** How long to wait after so many failed attempts; undefined where that was the last. */
export function retryDelayMs(
  failed: number,
  { delaysMs, chance }: Pick<AttemptOptions, 'delaysMs' | 'chance'>,
): number | undefined {
  const delay = delaysMs[failed - 1]
  return delay === undefined ? undefined : Math.round(delay * (1 - JITTER + 2 * JITTER * chance()))
}

/** Signed as our callers sign (identity I16), with the secret of the webhook; with two while it changes. */
export function headersOf(
  webhook: Webhook,
  of: { due: Addressed; body: string; pepper: Buffer; nowMs: number },
): Record<string, string> {
  const { pathname, search } = new URL(webhook.url)
  const { body, nowMs, due } = of
  const request = { method: 'POST', path: pathname + search, body, nowMs }
  const signatures = signingKeys(of.pepper, webhook, nowMs).map((key) =>
    signRequest({ kid: webhook.id, key }, request),
  )
  const digests = signatures.map((signature) => signature.slice(signature.lastIndexOf('v1=')))
  const [head = ''] = signatures
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'Fanfare-Webhooks/1',
    [SIGNATURE_HEADER]: [head, ...digests.slice(1)].join(','),
    'fanfare-webhook': webhook.id,
    'fanfare-delivery': due.id,
    'fanfare-attempt': String(due.delivery.attempts + 1),
  }
}

/**
 * Whether the receiver took it; `gone` where it wants no more, or has failed for days, and the webhook was switched
 * off; `stopped` where this worker ended before the answer.
 */
export type Outcome = 'ok' | 'failed' | 'gone' | 'stopped'

export interface Attempts {
  /** Posts it and decides what follows. Rejects where Redis fails. */
  deliver(due: Due, webhook: Webhook): Promise<Outcome>
  /** Gives it up without an attempt. */
  giveUp(due: Due, webhook: Webhook, why: WhyDead): Promise<void>
}

export function createAttempts(options: AttemptOptions): Attempts {
  const { registry, clock, poster, metrics } = options
  const { store } = registry

  /** First the dead letter, then the end of the waiting: a crash between repeats both. */
  async function giveUp(due: Due, { brand }: Webhook, why: WhyDead): Promise<void> {
    metrics.lost.inc(await buryDead(store, [{ ...due, brand, why }]))
    if (await settle(store, due)) metrics.dead.inc({ why })
  }

  /** Undefined where the account was erased: nothing of that person leaves. */
  async function bodyOf(due: Due, { brand }: Webhook): Promise<string | undefined> {
    const { account, other } = due.delivery
    const accounts = [account, other].filter((one) => one !== undefined)
    const who = new Map<number, Who>()
    const whose = accounts.length === 0 ? [] : await readWhose(registry, accounts)
    for (const [one, identity] of whose) {
      const known = identity.kind === 'viewer' && identity.brand === brand
      who.set(one, { number: formatAccount(one), ...(known && { viewer: identity.id }) })
    }
    if (account !== undefined && !who.has(account)) return undefined
    return renderDelivery(due, { brand, who })
  }

  async function failed(due: Due, webhook: Webhook): Promise<void> {
    const attempts = due.delivery.attempts + 1
    const delayMs = retryDelayMs(attempts, options)
    const delivery = { ...due.delivery, attempts }
    if (delayMs === undefined) await giveUp({ ...due, delivery }, webhook, 'exhausted')
    else await settle(store, due, { delivery, delayMs })
  }

  async function log(due: Due, posted: Posted): Promise<number | undefined> {
    const { id, delivery, webhook } = due
    return logAttempt(store, webhook, {
      good: isGood(posted.status),
      id,
      type: delivery.type,
      attempt: delivery.attempts + 1,
      atMs: clock.now(),
      ...posted,
    })
  }

  /** And tells the brand's other webhooks of it, once. */
  async function turnOff(
    webhook: Webhook,
    why: 'gone' | 'failing',
    sinceMs: number,
  ): Promise<void> {
    const { id, brand, url } = webhook
    const off = await switchOff(store, id, OFF_WHY[why])
    if (!off) return
    metrics.switchedOff.inc({ why })
    options.log.warn({ webhook: id, brand, why }, 'a webhook was switched off')
    const others = (await listWebhooks(store, brand)).filter(
      (other) => other.active && other.events.includes('webhook.off'),
    )
    const data = { webhook: id, url, why, sinceMs }
    const delivery = { type: 'webhook.off', atMs: clock.now(), data, attempts: 0 }
    await queueDeliveries(
      store,
      others.map((other) => ({ webhook: other.id, brand, id: `off-${id}-${sinceMs}`, delivery })),
    )
  }

  return {
    giveUp,
    async deliver(due, webhook) {
      const body = await bodyOf(due, webhook)
      if (body === undefined) {
        if (await settle(store, due)) metrics.dropped.inc()
        return 'ok'
      }
      const { pepper } = registry
      const headers = headersOf(webhook, { due, body, pepper, nowMs: clock.now() })
      const posted = await poster.post(webhook.url, headers, body)
      // Whoever comes next sends it again, under the same id.
      if (posted.why === 'stopped') return 'stopped'
      const outcome = isGood(posted.status) ? 'ok' : posted.status === GONE ? 'gone' : 'failed'
      metrics.attempts.inc({ outcome })
      if (outcome === 'ok') await settle(store, due)
      else if (outcome === 'failed') await failed(due, webhook)
      else {
        await turnOff(webhook, 'gone', clock.now())
        await giveUp(due, webhook, 'off')
      }
      const sinceMs = await log(due, posted)
      if (outcome !== 'failed' || sinceMs === undefined) return outcome
      if (clock.now() - sinceMs < options.failingOffMs) return outcome
      await turnOff(webhook, 'failing', sinceMs)
      return 'gone'
    },
  }
}
