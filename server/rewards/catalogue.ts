/** The catalogue: versioned documents beside the configuration, and this process's copy of the newest ones. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { Clock } from '../kernel/index.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import { doublesKey, pointsKey, policyKey, rewardHeadKey, rewardsKey, versionsKey } from './keys.ts'
import { CATALOGUE_POLL_MS, POINTS_MAX, REWARDS_MAX, VERSIONS_KEPT } from './limits.ts'
import { isShopPoint } from './pickup-index.ts'
import publishSource from './publish.lua'
import {
  PointDoc,
  RewardDoc,
  RewardPolicy,
  type RewardPolicyInput,
  StoredDouble,
  StoredReward,
} from './schema.ts'
import { installReward } from './stock.ts'

const publishScript = defineScript({
  name: 'rewards.publish',
  source: publishSource,
  keys: ['rewards', 'versions', 'head'],
  args: { now_ms: 'int', id: 'str', brand: 'str', rest: 'str', max: 'int', kept: 'int' },
  replies: { ok: { json: 'str' }, foreign: {}, full: {} },
})

export interface Catalogue {
  rewards: ReadonlyMap<string, StoredReward>
  points: ReadonlyMap<string, PointDoc>
  doubles: readonly StoredDouble[]
  policy: RewardPolicy
}

const pathOf = (error: { issues: readonly { path: PropertyKey[] }[] }): string =>
  error.issues[0]?.path.map(String).join('.') ?? ''

export interface RewardPublication {
  id: string
  brand: string
  brandNo: number
  /** Who publishes, as the versions show it. */
  by: string
  /** Whatever the shop sent; the schema decides. */
  doc: unknown
  timeZone: string
  nowMs?: number
}

/**
 * Makes a document the next version of a reward; it holds for what is redeemed from now on, never for what was.
 * Refused with `reward_invalid` and the field where it does not fit, also where it breaks the policy.
 */
export async function publishReward(
  store: Store,
  publication: RewardPublication,
): Promise<{ ok: true; reward: StoredReward } | Refusal> {
  const { id, brand, brandNo, by, nowMs } = publication
  const parsed = RewardDoc.safeParse(publication.doc)
  if (!parsed.success) return refuse('reward_invalid', { field: pathOf(parsed.error) })
  const doc = parsed.data
  const { points, policy } = await readCatalogue(store)
  if (doc.cashFen === 0 && doc.worthFen < policy.cashBelowFen)
    return refuse('reward_invalid', { field: 'cashFen' })
  const strange = doc.pickup.findIndex((point) => points.get(point)?.brand !== brand)
  if (strange >= 0) return refuse('reward_invalid', { field: `pickup.${strange}` })
  const reply = await publishScript.run(store, {
    keys: { rewards: rewardsKey, versions: versionsKey(id), head: rewardHeadKey },
    args: {
      now_ms: scriptNow(nowMs),
      id,
      brand,
      rest: JSON.stringify({ id, brand, brandNo, by, doc }).slice(1),
      max: REWARDS_MAX,
      kept: VERSIONS_KEPT,
    },
  })
  if (reply.tag === 'foreign') return refuse('forbidden', { field: 'id' })
  if (reply.tag === 'full') return refuse('room_full')
  const reward = StoredReward.parse(JSON.parse(reply.json))
  // Should this be cut off, whoever redeems or restocks installs it first.
  await installReward(store, reward, publication)
  return { ok: true, reward }
}

/** Versions of a reward that are still kept, newest first. */
export async function listVersions(store: Store, id: string): Promise<StoredReward[]> {
  const all = await store.hvals(versionsKey(id))
  return all
    .map((json) => StoredReward.parse(JSON.parse(json)))
    .sort((a, b) => b.version - a.version)
}

/** Makes or renames a pick-up point. An id belongs to the brand that used it first; those of shops are no point's. */
export async function putPoint(
  store: Store,
  point: PointDoc,
): Promise<{ ok: true; point: PointDoc } | Refusal> {
  if (isShopPoint(point.id)) return refuse('forbidden', { field: 'id' })
  const known = await store.hget(pointsKey, point.id)
  if (known !== null && PointDoc.parse(JSON.parse(known)).brand !== point.brand)
    return refuse('forbidden', { field: 'id' })
  if (known === null && (await store.hlen(pointsKey)) >= POINTS_MAX) return refuse('room_full')
  await store.hset(pointsKey, point.id, JSON.stringify(point))
  await store.incr(rewardHeadKey)
  return { ok: true, point }
}

/** Sets what holds for every reward that is published from now on. */
export async function setRewardPolicy(store: Store, policy: RewardPolicyInput): Promise<void> {
  await store.set(policyKey, JSON.stringify(RewardPolicy.parse(policy)))
  await store.incr(rewardHeadKey)
}

const parsedValues = <T>(all: Record<string, string>, parse: (value: unknown) => T): T[] =>
  Object.values(all).map((json) => parse(JSON.parse(json)))

/** The catalogue as it is now. Throws where a document cannot be read by this release. */
export async function readCatalogue(store: Store): Promise<Catalogue> {
  const [rewards, points, doubles, policy] = await Promise.all([
    store.hgetall(rewardsKey),
    store.hgetall(pointsKey),
    store.hgetall(doublesKey),
    store.get(policyKey),
  ])
  const byId = <T extends { id: string }>(list: T[]) => new Map(list.map((one) => [one.id, one]))
  return {
    rewards: byId(parsedValues(rewards, (value) => StoredReward.parse(value))),
    points: byId(parsedValues(points, (value) => PointDoc.parse(value))),
    doubles: parsedValues(doubles, (value) => StoredDouble.parse(value)),
    policy: RewardPolicy.parse(policy === null ? {} : JSON.parse(policy)),
  }
}

export interface CatalogueWatch {
  current(): Catalogue
  /** Number of the newest change that this process knows; also what came and went of the stock is one. */
  head(): number
  /** Reads it now: the caller has reason to believe that it changed. */
  refresh(): Promise<Catalogue>
  stop(): void
}

/** Keeps one process on the newest catalogue, at most half a second behind. Rejects where it cannot be read. */
export async function watchCatalogue(
  store: Store,
  clock: Clock,
  onError?: (error: unknown) => void,
): Promise<CatalogueWatch> {
  let head = await store.get(rewardHeadKey)
  let current = await readCatalogue(store)
  let asking = false
  let failing = false

  async function refresh(): Promise<Catalogue> {
    const newest = await store.get(rewardHeadKey)
    const next = await readCatalogue(store)
    head = newest
    current = next
    return current
  }

  async function ask(): Promise<void> {
    try {
      if ((await store.get(rewardHeadKey)) !== head) await refresh()
      failing = false
    } catch (error) {
      if (!failing) onError?.(error)
      failing = true
    }
  }

  const stop = clock.every(CATALOGUE_POLL_MS, () => {
    if (asking) return
    asking = true
    void ask().finally(() => {
      asking = false
    })
  })
  return { current: () => current, head: () => Number(head ?? 0), refresh, stop }
}
