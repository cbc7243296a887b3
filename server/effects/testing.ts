/** A stand for tests of effects: a room with a live, viewers with points, and every step of it one call. */

import { randomBytes } from 'node:crypto'
import { refuse } from '../../shared/errors.ts'
import { formatAccount } from '../../shared/ids.ts'
import type { Moment } from '../../shared/room-state.ts'
import type { Effects as EffectsRules } from '../../shared/rulebook/schema.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { createLog, systemClock } from '../kernel/index.ts'
import type { Shards, Store } from '../redis/index.ts'
import { createRoom, getRoom, momentsAfter, startLive } from '../rooms/index.ts'
import { readAccount } from '../scoring/index.ts'
import { createWalletStand } from '../wallet/testing.ts'
import type { Buyer, EffectsDeps } from './deps.ts'
import { Effects } from './effects.ts'
import { readGames } from './game.ts'
import { gameKeysOf, ownedKey } from './keys.ts'
import type { CreditPart } from './owed.ts'
import type { Goods } from './prizes.ts'
import { createResults } from './results.ts'
import { readTips } from './tips.ts'

export const ROOM = 'kitchen'

/** Rewards are another module's; here there are none. */
const noGoods: Goods = { offered: async () => refuse('not_found'), give: async () => 'gone' }

const shards: Shards = {
  count: 1,
  level: 'always',
  indexOfSlot: () => 0,
  epoch: () => 'first',
  offsetMs: () => undefined,
  durableAt: () => [Number.MAX_SAFE_INTEGER],
  onEpoch: () => () => undefined,
  health: () => ({ ok: true, problems: [], notes: [], shards: [] }),
  stop: async () => undefined,
}

export type EffectsStand = Awaited<ReturnType<typeof createEffectsStand>>

export async function createEffectsStand(
  store: Store,
  {
    effects = {},
    partitions = 1,
    goods = noGoods,
    certain,
  }: {
    effects?: Partial<EffectsRules>
    partitions?: number
    goods?: Goods
  } & Pick<EffectsDeps, 'certain'> = {},
) {
  const purse = createWalletStand(store, { partitions })
  const log = createLog('silent', 'test')
  const book = Rulebook.parse({ ...purse.book, effects: { ...purse.book.effects, ...effects } })
  const deps: EffectsDeps = {
    store,
    partitions: purse.places,
    clock: { ...systemClock, now: () => purse.clock.nowMs },
    rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book }),
    wallets: purse.wallets,
    registry: { store, pepper: randomBytes(32), partitions: purse.places },
    nowMs: () => purse.clock.nowMs,
    log,
    goods,
    ...(certain && { certain }),
  }
  const nowMs = purse.clock.nowMs
  await createRoom(store, {
    id: ROOM,
    name: 'Kitchen',
    brand: 'b',
    timeZone: 'Asia/Shanghai',
    nowMs,
  })
  await startLive(store, { room: ROOM, nowMs })
  const room = await getRoom(store, ROOM)
  if (!room) throw new Error('no room')
  const parts: Parameters<CreditPart>[0][] = []
  let failing = 0
  const creditPart: CreditPart = async (part) => {
    if (failing-- > 0) throw new Error('busy')
    parts.push(part)
  }
  const results = createResults({ ...deps, shards, creditPart })
  return {
    ...purse,
    /** What the end of games credited for taking part. */
    parts,
    /** So many of the next ones cannot be credited. */
    failParts(count: number): void {
      failing = count
    },
    book,
    deps,
    effects: new Effects(deps),
    results,
    buyer: (account: number, more: Partial<Buyer> = {}): Buyer => ({
      account,
      handle: formatAccount(account),
      name: `viewer ${account}`,
      rung: 0,
      boost: 0,
      growth: 0,
      room: ROOM,
      brand: room.brand,
      brandNo: room.brandNo,
      local: room.local,
      timeZone: room.timeZone,
      live: room.live.no,
      ...more,
    }),
    /** Points of the room's brand. */
    give: (account: number, points: number) =>
      purse.give(account, points, { issuer: room.brandNo }),
    /** What is left of an account's points, and what is held. */
    async balance(account: number): Promise<{ spendable: number; held: number }> {
      const reading = await readAccount(store, {
        slot: purse.places.slotOf(account),
        account,
        live: room.live.no,
        session: { startMs: 0, nonce: 0 },
        timeZone: room.timeZone,
        aroundMs: purse.clock.nowMs,
        nowMs: purse.clock.nowMs,
      })
      if (!reading) throw new Error('an unreadable account')
      const { spendable, held } = reading.state.balance
      return { spendable, held }
    },
    async moments(): Promise<Moment[]> {
      const read = await momentsAfter(store, { room: ROOM, epoch: room.epoch, seq: 0 })
      return read?.moments ?? []
    },
    /** The same service in another process, whose connection to Redis is not what it was. */
    crashing: (broken: (store: Store) => Store): Effects => {
      const other = broken(store)
      return new Effects({
        ...deps,
        store: other,
        registry: { ...deps.registry, store: other },
        wallets: purse.walletsOn(other),
      })
    },
    /** The end of games in another process. */
    resultsOn: (on: Store, otherGoods: Goods) =>
      createResults({
        ...deps,
        store: on,
        registry: { ...deps.registry, store: on },
        wallets: purse.walletsOn(on),
        goods: otherGoods,
        creditPart,
        shards,
        log,
      }),
    /** What everything that was done for one account in this room costs. */
    async worthOf(account: number): Promise<number> {
      const handle = formatAccount(account)
      const { effects: prices } = book
      let worth = (await readTips(store, ROOM)).given
      for (const game of await readGames(store, ROOM, 20)) {
        const part = await store.hget(gameKeysOf(ROOM, game.number).parts, handle)
        worth += game.points * Number(part?.split(':')[2] ?? 0)
      }
      const owned = await store.hkeys(ownedKey(purse.places.slotOf(account), account))
      if (owned.length > 0) worth += prices.colours[0]?.points ?? 0
      const shown = await momentsAfter(store, { room: ROOM, epoch: room.epoch, seq: 0 })
      const told = shown?.moments?.filter(({ kind }) => kind === 'broadcast.shown') ?? []
      worth += told.length * (prices.broadcast?.points ?? 0)
      const reading = await readAccount(store, {
        slot: purse.places.slotOf(account),
        account,
        live: 0,
        session: { startMs: 0, nonce: 0 },
        timeZone: room.timeZone,
        aroundMs: purse.clock.nowMs,
        nowMs: purse.clock.nowMs,
      })
      if (reading?.state.tier.boost && prices.boost.kind === 'dayPass') worth += prices.boost.points
      return worth
    },
    pass(ms: number): void {
      purse.clock.nowMs += ms
    },
  }
}
