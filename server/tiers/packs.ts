/**
 * Packs that a rung gives: points and rewards, once for ever or once a year, to whoever comes into a live. What is in a
 * pack is noted first; each part is then given under an id of its own, so that whoever finds it half way goes on.
 */

import { createHmac } from 'node:crypto'
import { type Birthday, lastBirthday } from '../../shared/birthday.ts'
import type { Refusal } from '../../shared/errors.ts'
import type { PackName } from '../../shared/rulebook/privilege.ts'
import { BIRTHDAY_DAYS, packLabel, packOf } from '../../shared/rulebook/privileges.ts'
import type { Label, PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { PackView, SegmentPackName } from '../../shared/tiers.ts'
import type { Clock } from '../kernel/index.ts'
import { defineScript, type Partitions, type SlotTag, type Store } from '../redis/index.ts'
import beginSource from './begin-pack.lua'
import { begunKey, packsKey } from './keys.ts'

const script = defineScript({
  name: 'tiers.begin-pack',
  source: beginSource,
  keys: ['packs', 'begun'],
  args: { field: 'str', content: 'str', at_ms: 'int', member: 'str' },
  replies: { begun: {}, known: { content: 'str' } },
})

/** Packs that one pass goes on with, and how long their giver has had. */
const PASS_MAX = 100
const PASS_AFTER_MS = 5000

export interface PacksDeps {
  store: Store
  partitions: Partitions
  clock: Clock
  rulebook: () => PublishedRulebook
  /** Makes ids of issues that tell nobody what they were for. */
  pepper: Buffer
  wallets: {
    issue(request: {
      account: number
      id: string
      lots: { issuer: number; points: number }[]
      cause: 'pack'
      at: number
      note: string
    }): Promise<{ ok: true } | Refusal>
  }
  /** Gives a reward without points, once per id. */
  goods: {
    give(of: { account: number; reward: string; id: string }): Promise<'given' | 'gone'>
  }
  nowMs?: () => number
}

export interface Arrived {
  account: number
  rung: number
  birthday?: Birthday | undefined
  /** Number of the room's brand, and of whose points are earned there. */
  brandNo: number
  issuer: number
}

interface Content {
  name: PackName | SegmentPackName
  points: number
  gifts: { id: string; label: Label }[]
  brandNo: number
  issuer: number
}

const DONE = 'done '

export class Packs {
  readonly #deps: PacksDeps

  constructor(deps: PacksDeps) {
    this.#deps = deps
  }

  /** What is delivered to somebody who came into a live now; nothing where all was before. */
  async arrived(viewer: Arrived): Promise<PackView[]> {
    const due = this.#dueTo(viewer)
    if (due.length === 0) return []
    const { store, partitions } = this.#deps
    const key = packsKey(partitions.slotOf(viewer.account), viewer.account)
    const known = await store.hmget(key, ...due.map(({ field }) => field))
    const open = due.filter((_, i) => !known[i]?.startsWith(DONE))
    return Promise.all(
      open.map(({ field, content }) => this.#deliver(viewer.account, field, content)),
    )
  }

  /** Gives what a segment promised, once per `field`; what was promised first under it is what comes. */
  give(of: {
    account: number
    field: string
    pack: { kind: SegmentPackName } & Pick<Content, 'points' | 'gifts'>
    at: Pick<Content, 'brandNo' | 'issuer'>
  }): Promise<PackView> {
    const { kind: name, points, gifts } = of.pack
    const content = { name, points, gifts, ...of.at }
    return this.#deliver(of.account, `segment-${of.field}`, content)
  }

  /** For the worker: goes on with what was cut off. Answers how many. */
  async pass(slot: SlotTag): Promise<number> {
    const { store } = this.#deps
    const until = this.#now() - PASS_AFTER_MS
    const found = await store.zrangebyscore(begunKey(slot), '-inf', until, 'LIMIT', 0, PASS_MAX)
    for (const member of found) {
      const [account = '', field = ''] = member.split(' ')
      const text = await store.hget(packsKey(slot, Number(account)), field)
      if (text && !text.startsWith(DONE))
        await this.#give(Number(account), field, JSON.parse(text) as Content)
      await store.zrem(begunKey(slot), member)
    }
    return found.length
  }

  #now(): number {
    return this.#deps.nowMs?.() ?? this.#deps.clock.now()
  }

  #dueTo({ rung, birthday, brandNo, issuer }: Arrived): { field: string; content: Content }[] {
    const { ladder, timeZone } = this.#deps.rulebook().book
    const contentOf = (name: PackName): Content | undefined => {
      const pack = packOf(ladder, name, rung)
      return pack && { name, points: pack.points, gifts: pack.gifts, brandNo, issuer }
    }
    const due: { field: string; content: Content }[] = []
    const newcomer = contentOf('newcomer_pack')
    if (newcomer) due.push({ field: 'newcomer', content: newcomer })
    const last = birthday && lastBirthday(birthday, this.#now(), timeZone)
    const pack = last && last.daysAgo < BIRTHDAY_DAYS ? contentOf('birthday_pack') : undefined
    // By the year alone: who changes the day gets no second one.
    if (last && pack) due.push({ field: `birthday-${last.year}`, content: pack })
    return due
  }

  async #deliver(account: number, field: string, content: Content): Promise<PackView> {
    const { store, partitions } = this.#deps
    const slot = partitions.slotOf(account)
    const reply = await script.run(store, {
      keys: { packs: packsKey(slot, account), begun: begunKey(slot) },
      args: {
        field,
        content: JSON.stringify(content),
        at_ms: this.#now(),
        member: `${account} ${field}`,
      },
    })
    const begun =
      reply.tag === 'known' ? (JSON.parse(reply.content.replace(DONE, '')) as Content) : content
    await this.#give(account, field, begun)
    await store.zrem(begunKey(slot), `${account} ${field}`)
    const { name, points, gifts } = begun
    return { pack: name, label: packLabel(name), points, gifts: gifts.map(({ label }) => label) }
  }

  /** Every part under an id of its own; throws where one cannot be given now. */
  async #give(account: number, field: string, content: Content): Promise<void> {
    const { store, partitions, pepper, wallets, goods } = this.#deps
    const { name, points, gifts, brandNo, issuer } = content
    const id = `pack-${createHmac('sha256', pepper).update(`${account} ${field}`).digest('hex').slice(0, 20)}`
    if (points > 0) {
      const { zh, en } = packLabel(name)
      const lots = [{ issuer, points }]
      const note = `${zh} · ${en}`
      const issued = await wallets.issue({ account, id, lots, cause: 'pack', at: brandNo, note })
      if (!issued.ok) throw new Error(`a pack could not be given: ${issued.code}`)
    }
    for (const [i, gift] of gifts.entries())
      await goods.give({ account, reward: gift.id, id: `${id}-${i}` })
    const slot = partitions.slotOf(account)
    await store.hset(packsKey(slot, account), field, DONE + JSON.stringify(content))
  }
}
