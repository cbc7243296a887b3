/** Dead letters: deliveries that were given up, to be looked at and sent again. */

import { z } from 'zod'
import { configSlot, defineScript, type Store } from '../redis/index.ts'
import burySource from './bury.lua'
import { type Addressed, Delivery } from './delivery.ts'
import { deadKeys, hooksKey, lostKey, waitingKeys } from './keys.ts'
import { DEAD_MAX, DEAD_PER_PAGE, QUEUED_PER_CALL, WAITING_MAX } from './limits.ts'
import replaySource from './replay.lua'
import { listWebhooks } from './subscriptions.ts'

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

/** One of a brand, by its name; undefined where it was replayed or gave way. */
export async function getDead(
  store: Store,
  { brand, name }: { brand: string; name: string },
): Promise<DeadLetter | undefined> {
  const [letter] = await read(store, brand, [name])
  return letter
}

/** Newest first, 100 a page; `next` continues where there are more. `lost` counts those that gave way for ever. */
export async function listDead(
  store: Store,
  { brand, before }: { brand: string; before?: string },
): Promise<{ dead: ListedDead[]; next?: string; lost: number }> {
  const { dead } = deadKeys(brand)
  const lost = Number((await store.hget(lostKey, brand)) ?? 0)
  const rank = before === undefined ? -1 : await store.zrevrank(dead, before)
  // It gave way or was replayed meanwhile, and so were those before it.
  if (rank === null) return { dead: [], lost }
  const found = await store.zrevrange(dead, rank + 1, rank + DEAD_PER_PAGE, 'WITHSCORES')
  const diedAt = new Map<string, number>()
  for (let i = 0; i + 1 < found.length; i += 2) diedAt.set(found[i] ?? '', Number(found[i + 1]))
  const letters = await read(store, brand, [...diedAt.keys()])
  const listed = letters.map((letter) => ({
    ...letter,
    name: nameOf(letter),
    diedAtMs: diedAt.get(nameOf(letter)) ?? 0,
  }))
  const last = diedAt.size === DEAD_PER_PAGE ? listed.at(-1) : undefined
  return { dead: listed, lost, ...(last && { next: last.name }) }
}

/**
 * Sends dead letters again, with all attempts before them and the id they had: those that are named, those of one
 * webhook, or all. Answers how many wait now; the others have a webhook that is off or gone or has too much waiting.
 */
export async function replayDead(
  store: Store,
  { brand, names, webhook }: { brand: string; names?: readonly string[]; webhook?: string },
): Promise<number> {
  const active = (await listWebhooks(store, brand)).filter((one) => one.active)
  const open = new Set(active.map(({ id }) => id))
  const named = names && new Set(names)
  // All of them first: what is sent again leaves the list that is paged through.
  const wanted: ListedDead[] = []
  let before: string | undefined
  do {
    const page = await listDead(store, { brand, ...(before !== undefined && { before }) })
    for (const letter of page.dead)
      if (
        open.has(letter.webhook) &&
        (named?.has(letter.name) ?? true) &&
        (webhook ?? letter.webhook) === letter.webhook
      )
        wanted.push(letter)
    before = page.next
  } while (before !== undefined)
  let replayed = 0
  for (let i = 0; i < wanted.length; i += QUEUED_PER_CALL)
    replayed += await replaySome(store, brand, wanted.slice(i, i + QUEUED_PER_CALL))
  return replayed
}

async function replaySome(
  store: Store,
  brand: string,
  letters: readonly ListedDead[],
): Promise<number> {
  const reply = await replayScript.run(store, {
    keys: { ...deadKeys(brand), hooks: hooksKey(configSlot) },
    args: { waiting_max: WAITING_MAX },
    each: letters.map(({ name, webhook, id, delivery }) => ({
      keys: waitingKeys(configSlot, webhook),
      args: { name, webhook, id, body: JSON.stringify({ ...delivery, attempts: 0 }) },
    })),
  })
  return reply.count
}
