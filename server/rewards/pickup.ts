/** The pick-up point: what lies there, who hands it out, and the codes that are used there. */

import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { isId } from '../../shared/ids.ts'
import { typedShort } from '../../shared/pickup.ts'
import { randomId } from '../kernel/index.ts'
import { defineScript, type Store } from '../redis/index.ts'
import createClerkSource from './create-clerk.lua'
import type { RedemptionsOptions } from './deps.ts'
import { clerksKey, conflictsKey, type RedemptionRef, waitingKey, wrongKey } from './keys.ts'
import {
  CLERKS_MAX,
  CONFLICTS_KEPT,
  LISTED_MAX,
  WAITING_KEPT_DAYS,
  WRONG_CODES_MAX,
} from './limits.ts'
import { findCode, isShopPoint, refOf } from './pickup-index.ts'
import { type Redemption, readRedemption } from './record.ts'
import { useRedemption } from './use.ts'

const clerkScript = defineScript({
  name: 'rewards.create_clerk',
  source: createClerkSource,
  keys: ['clerks'],
  args: { id: 'str', record: 'str', max: 'int' },
  replies: { created: {}, full: {} },
})

export interface ClerkInfo {
  id: string
  label: string
  createdAtMs: number
}

const StoredClerk = z.object({ label: z.string(), createdAtMs: z.number(), digest: z.string() })
const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

/** Makes a clerk's key for a point. The text is shown once; only its digest is kept. Undefined where there are 20. */
export async function createClerk(
  store: Store,
  { point, label, nowMs }: { point: string; label: string; nowMs: number },
): Promise<(ClerkInfo & { key: string }) | undefined> {
  const id = randomId(6)
  const secret = randomId(24)
  const reply = await clerkScript.run(store, {
    keys: { clerks: clerksKey(point) },
    args: {
      id,
      record: JSON.stringify({ label, createdAtMs: nowMs, digest: digestOf(secret) }),
      max: CLERKS_MAX,
    },
  })
  if (reply.tag === 'full') return undefined
  return { id, label, createdAtMs: nowMs, key: `${point}.${id}.${secret}` }
}

/** Clerks of a point, oldest first, without their keys. */
export async function listClerks(store: Store, point: string): Promise<ClerkInfo[]> {
  const all = await store.hgetall(clerksKey(point))
  return Object.entries(all)
    .map(([id, text]) => {
      const { label, createdAtMs } = StoredClerk.parse(JSON.parse(text))
      return { id, label, createdAtMs }
    })
    .sort((a, b) => a.createdAtMs - b.createdAtMs)
}

/** From now on the key opens nothing; tells whether there was one. */
export async function revokeClerk(
  store: Store,
  { point, id }: { point: string; id: string },
): Promise<boolean> {
  return (await store.hdel(clerksKey(point), id)) > 0
}

export interface Clerk {
  point: string
  id: string
  label: string
}

/** The clerk of a good key, or undefined. */
export async function readClerk(store: Store, key: string): Promise<Clerk | undefined> {
  const [point = '', id = '', secret = '', ...rest] = key.split('.')
  if (!isId(point) || !isId(id) || !isId(secret) || rest.length > 0) return undefined
  const text = await store.hget(clerksKey(point), id)
  if (text === null) return undefined
  const { digest, label } = StoredClerk.parse(JSON.parse(text))
  const given = Buffer.from(digestOf(secret))
  return timingSafeEqual(given, Buffer.from(digest)) ? { point, id, label } : undefined
}

/** When, by whom and with which phone a code was used the first time. */
export interface FirstUse {
  atMs: number
  clerk: string
  device: string
}

export interface CodeUse {
  /** Chosen by the device for this use; repeating it is no second use. */
  useId: string
  /** Typed, or the whole text of a QR code. */
  code: string
  device: string
  /** When it was handed over, where that was before now; 0 is now. */
  atMs: number
}

export type UseAnswer = { ok: true; atMs: number; redemption: Redemption } | Refusal

export interface Conflict extends FirstUse {
  code: string
  reward: string
  redemption: string
  account: number
  /** The use that came second. */
  second: FirstUse
  /** What was found: used before, given back, or not of this point. */
  found: 'already_used' | 'redemption_closed'
}

export interface ListedPickup {
  redemption: Redemption
  code: string
}

type Options = Pick<RedemptionsOptions, 'store' | 'codes' | 'nowMs'>

/** Uses of codes at one point. The clerk was verified by the caller. */
export class Pickup {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  /**
   * Uses a code at the clerk's point. `already_used` names the first use; `not_found` where the point has no such code,
   * `redemption_closed` where it was given back, with field `until` where it lay there too long.
   */
  async use(by: { point: string; clerk: string }, use: CodeUse): Promise<UseAnswer> {
    const found = await this.#find(by, use.code)
    if ('code' in found) return found
    const { ref } = found
    const { store, nowMs } = this.#options
    const answer = await useRedemption(store, ref, {
      useId: use.useId,
      usedMs: use.atMs,
      point: isShopPoint(by.point) ? '' : by.point,
      clerk: by.clerk,
      device: use.device,
      ...(nowMs && { nowMs: nowMs() }),
    })
    switch (answer.tag) {
      case 'ok': {
        const redemption = await readRedemption(store, ref)
        if (!redemption) return refuse('internal')
        return { ok: true, atMs: answer.used_ms, redemption }
      }
      case 'used': {
        const { used_ms: atMs, clerk, device } = answer
        return { ...refuse('already_used'), first: { atMs, clerk, device } }
      }
      case 'closed':
        return refuse('redemption_closed')
      case 'over':
        return refuse('redemption_closed', { field: 'until' })
      case 'elsewhere':
      case 'not_found':
        return refuse('not_found', { field: 'code' })
      default:
        return answer satisfies never
    }
  }

  /** A use that a phone made without network. What turns out to be a second one is kept for the operator. */
  async sync(by: { point: string; clerk: string }, use: CodeUse): Promise<UseAnswer> {
    const answer = await this.use(by, use)
    if (answer.ok || (answer.code !== 'already_used' && answer.code !== 'redemption_closed'))
      return answer
    const found = await this.#find(by, use.code)
    if ('code' in found) return answer
    const { ref, known } = found
    const redemption = await readRedemption(this.#options.store, ref)
    await this.#keep(by.point, use.useId, {
      code: known,
      reward: ref.reward,
      redemption: ref.id,
      account: ref.account,
      atMs: answer.first?.atMs ?? redemption?.usedAtMs ?? 0,
      clerk: answer.first?.clerk ?? '',
      device: answer.first?.device ?? '',
      second: { atMs: use.atMs, clerk: by.clerk, device: use.device },
      found: answer.code,
    })
    return answer
  }

  /** Second uses that were found, newest first. */
  async conflicts(point: string): Promise<Conflict[]> {
    const all = await this.#options.store.lrange(conflictsKey(point), 0, -1)
    return all.map((text) => (JSON.parse(text) as { conflict: Conflict }).conflict)
  }

  /** What is to be picked up at a point and lies there from that day on, at most 500. */
  async list(point: string, day: number): Promise<ListedPickup[]> {
    const { store } = this.#options
    const key = waitingKey(point)
    await store.zremrangebyscore(key, '-inf', `(${day - WAITING_KEPT_DAYS}`)
    const members = await store.zrangebyscore(key, day, day, 'LIMIT', 0, LISTED_MAX)
    const found = await Promise.all(members.map((member) => readRedemption(store, refOf(member))))
    return found.flatMap((redemption) =>
      redemption && (redemption.state === 'issued' || redemption.state === 'used')
        ? [{ redemption, code: redemption.code }]
        : [],
    )
  }

  async #find(
    by: { point: string; clerk: string },
    text: string,
  ): Promise<{ ref: RedemptionRef; known: string } | Refusal> {
    const { store, codes } = this.#options
    // A clerk's name is free text; keys are made of ids.
    const wrong = wrongKey(by.point, digestOf(by.clerk))
    if (Number((await store.get(wrong)) ?? 0) >= WRONG_CODES_MAX)
      return refuse('rate_limited', { afterMs: 60_000 })
    const signed = text.includes(':') ? codes.read(text) : undefined
    const code = signed?.point === by.point ? signed.code : typedShort(text)
    const ref = code === undefined ? undefined : await findCode(store, by.point, code)
    if (code !== undefined && ref) return { ref, known: code }
    await store.incr(wrong)
    await store.expire(wrong, 60)
    return refuse('not_found', { field: 'code' })
  }

  /** Once per use, however often the phone repeats it. */
  async #keep(point: string, useId: string, conflict: Conflict): Promise<void> {
    const { store } = this.#options
    const key = conflictsKey(point)
    const known = await store.lrange(key, 0, -1)
    if (known.some((text) => (JSON.parse(text) as { useId: string }).useId === useId)) return
    await store.lpush(key, JSON.stringify({ useId, conflict }))
    await store.ltrim(key, 0, CONFLICTS_KEPT - 1)
  }
}
