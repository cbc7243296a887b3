/** Dead letters: deliveries that were given up, to be looked at and sent again. */

import { z } from 'zod'
import { assert } from '../kernel/index.ts'
import { configSlot, defineScript, type Store } from '../redis/index.ts'
import burySource from './bury.lua'
import { type Addressed, Delivery } from './delivery.ts'
import { deadKeys, hooksKey, lostKey, waitingKeys } from './keys.ts'
import { DEAD_MAX, DEAD_PER_PAGE, QUEUED_PER_CALL, WAITING_MAX } from './limits.ts'
import replaySource from './replay.lua'

const buryScript = defineScript({
  name: 'webhooks.bury',
  source: burySource,
  keys: ['dead', 'dead_bodies', 'lost'],
  args: { brand: 'str', dead_max: 'int' },
  each: { keys: [], args: { name: 'str', body: 'str' } },
  replies: { buried: { lost: 'int' } },
})

const replayScript = defineScript({
  name: 'webhooks.replay',
  source: replaySource,
  keys: ['dead', 'dead_bodies', 'hooks'],
  args: { waiting_max: 'int' },
  each: {
    keys: ['due', 'bodies'],
    args: { name: 'str', webhook: 'str', id: 'str', body: 'str' },
  },
  replies: { replayed: { count: 'int' } },
})

/** Why it was given up: `exhausted` after the last attempt, `off` with its webhook, `full` where too many waited. */
const WHYS = ['exhausted', 'off', 'full'] as const
export type WhyDead = (typeof WHYS)[number]
const Stored = z.object({ delivery: Delivery, why: z.enum(WHYS) })

export interface DeadLetter extends Addressed {
  brand: string
  why: WhyDead
}

const nameOf = ({ webhook, id }: Addressed): string => `${webhook}.${id}`

/** Keeps dead letters; repeating it is harmless. Answers how many older ones had to go. */
export async function buryDead(store: Store, letters: readonly DeadLetter[]): Promise<number> {
  const brands = new Set(letters.map(({ brand }) => brand))
  let lost = 0
  for (const brand of brands) {
    const reply = await buryScript.run(store, {
      keys: { ...deadKeys(brand), lost: lostKey },
      args: { brand, dead_max: DEAD_MAX },
      each: letters
        .filter((letter) => letter.brand === brand)
        .map((letter) => ({
          keys: {},
          args: {
            name: nameOf(letter),
            body: JSON.stringify({ delivery: letter.delivery, why: letter.why }),
          },
        })),
    })
    lost += reply.lost
  }
  return lost
}

export interface ListedDead extends DeadLetter {
  /** Names it for replay and as `before` of the next page. */
  name: string
  diedAtMs: number
}

async function read(store: Store, brand: string, names: readonly string[]): Promise<DeadLetter[]> {
  if (names.length === 0) return []
  const bodies = await store.hmget(deadKeys(brand).dead_bodies, ...names)
  return names.flatMap((name, i) => {
    const body = bodies[i]
    if (!body) return []
    const dot = name.indexOf('.')
    return [
      {
        brand,
        webhook: name.slice(0, dot),
        id: name.slice(dot + 1),
        ...Stored.parse(JSON.parse(body)),
      },
    ]
  })
}

/** Newest first, 100 a page; `next` continues where there are more. `lost` counts those that gave way for ever. */
export async function listDead(
  store: Store,
  { brand, before }: { brand: string; before?: string },
): Promise<{ dead: ListedDead[]; next?: string; lost: number }> {
  const { dead } = deadKeys(brand)
  const rank = before === undefined ? -1 : ((await store.zrevrank(dead, before)) ?? -1)
  const [found, lost] = await Promise.all([
    store.zrevrange(dead, rank + 1, rank + DEAD_PER_PAGE, 'WITHSCORES'),
    store.hget(lostKey, brand),
  ])
  const diedAt = new Map<string, number>()
  for (let i = 0; i + 1 < found.length; i += 2) diedAt.set(found[i] ?? '', Number(found[i + 1]))
  const letters = await read(store, brand, [...diedAt.keys()])
  const listed = letters.map((letter) => ({
    ...letter,
    name: nameOf(letter),
    diedAtMs: diedAt.get(nameOf(letter)) ?? 0,
  }))
  const last = diedAt.size === DEAD_PER_PAGE ? listed.at(-1) : undefined
  return { dead: listed, lost: Number(lost ?? 0), ...(last && { next: last.name }) }
}

/**
 * Sends up to 100 dead letters again, with all attempts before them and the id they had. Answers how many wait now;
 * the others are no longer dead, or their webhook has too much waiting already.
 */
export async function replayDead(
  store: Store,
  { brand, names }: { brand: string; names: readonly string[] },
): Promise<number> {
  assert(names.length <= QUEUED_PER_CALL, 'too many dead letters in one call')
  const letters = await read(store, brand, names)
  if (letters.length === 0) return 0
  const reply = await replayScript.run(store, {
    keys: { ...deadKeys(brand), hooks: hooksKey(configSlot) },
    args: { waiting_max: WAITING_MAX },
    each: letters.map((letter) => ({
      keys: waitingKeys(configSlot, letter.webhook),
      args: {
        name: nameOf(letter),
        webhook: letter.webhook,
        id: letter.id,
        body: JSON.stringify({ ...letter.delivery, attempts: 0 }),
      },
    })),
  })
  return reply.count
}
