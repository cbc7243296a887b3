import { expect, test } from 'vitest'
import { FLOWS, type Place } from '../../shared/ledger.ts'
import type { Bucket } from '../../shared/receipt.ts'
import { DAY_MS, HOUR_MS, monthBounds } from '../../shared/time.ts'
import { resolveAccount } from '../identity/index.ts'
import { must, systemClock } from '../kernel/index.ts'
import { loadScripts, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { brandNumber } from '../rooms/index.ts'
import { Accounts, Orders, readJournal } from '../scoring/index.ts'
import { Random } from '../scoring/random.testing.ts'
import { expire, Gifts, journalKey } from '../wallet/index.ts'
import { settledIn } from './records.ts'
import { ask, createMergesStand, viewer } from './testing.ts'

let redis: Store
useRedis(
  async (server) => {
    redis = await server.connect()
    await loadScripts(redis)
  },
  ['--appendonly', 'no'],
)

/** A longer run is played with `SEED=7 LIVES=40 STEPS=10000`. */
const FROM = Number(process.env.SEED ?? 1)
const LIVES = Number(process.env.LIVES ?? 6)
const STEPS = Number(process.env.STEPS ?? 250)
const LOOK_EVERY = 25
const MONTHS = 3
const GRACE_MONTHS = 1
const NAMES = ['ann', 'ben', 'cat', 'dan']

async function stand() {
  const one = await createMergesStand(redis)
  const { book, clock } = one
  Object.assign(book.wallet, {
    ...{ expiry: { kind: 'rolling', months: MONTHS }, refundGraceMonths: GRACE_MONTHS },
    transfer: {
      ...{ kind: 'allowWithin', dailyCap: 500, perPairCap: 500, minTier: 0 },
      ...{ minAccountAgeDays: 0, feeBps: 300, coolOffHours: 0 },
    },
  })
  const options = {
    store: redis,
    partitions: one.places,
    rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book }),
    journalMax: 1_000_000,
    nowMs: () => clock.nowMs,
    clock: { ...systemClock, now: () => clock.nowMs },
    settledIn: (account: number) => settledIn(redis, account),
    wallets: one.wallets,
  }
  const shards = { epoch: () => 'e1', indexOfSlot: () => 0 }
  const accounts: number[] = []
  for (const name of NAMES) accounts.push(await resolveAccount(one.registry, viewer(name)))
  return {
    ...one,
    accounts,
    shop: new Accounts({ ...options, shards, readRoom: async () => undefined }),
    orders: new Orders(options),
    gifts: new Gifts(options),
    at: await brandNumber(redis, 'acme'),
  }
}
type Stand = Awaited<ReturnType<typeof stand>>

/** What the journals say that every account has, by bucket and month, and what has left it. */
class Books {
  readonly #on: Stand
  readonly #cursors = new Map<string, string>()
  readonly #lots = new Map<number, Map<string, number>>()
  readonly #flows = new Map<number, Map<string, number>>()
  readonly #carries = new Map<string, number>()

  constructor(on: Stand) {
    this.#on = on
  }

  async read(): Promise<void> {
    const slots = new Set(this.#on.accounts.map((account) => this.#on.places.slotOf(account)))
    for (const slot of slots) {
      const from = this.#cursors.get(slot)
      const found = await redis.xrangeBuffer(journalKey(slot), from ? `(${from}` : '-', '+')
      for (const [id, fields] of found) {
        this.#cursors.set(slot, String(id))
        this.#add(must(fields[1], 'bytes of an element'))
      }
    }
  }

  #add(bytes: Buffer): void {
    const { entries, ledger } = readJournal(bytes)
    for (const { account, month, receipts } of entries)
      for (const of of receipts) {
        const { points, reason, ruleNo } = of
        const bucket = `${of.bucket} of ${account}`
        if (ruleNo < 249 && reason === 'earned' && of.counted > 0) {
          // Base x units x multiplier and what was carried, rounded down; the rest is carried on.
          const carry = this.#carries.get(bucket) ?? 0
          const sum = Math.floor((of.baseMilli * of.counted * of.multiplier) / 1000) + carry
          expect({ points, carry: of.carry }).toEqual({ points: Math.floor(sum / 1000), carry })
          this.#carries.set(bucket, sum % 1000)
        }
        if (points === 0) continue
        this.#count(this.#lots, { account, name: `${of.bucket} ${month}`, points })
        this.#count(this.#flows, { account, name: 'issued', points })
      }
    for (const { account, moves } of ledger)
      for (const { from, to, points, month, toMonth } of moves) {
        expect(points).toBeGreaterThan(0)
        this.#move(account, { place: from, month, points: -points })
        this.#move(account, { place: to, month: toMonth, points })
      }
  }

  #move(account: number, of: { place: Place; month: number; points: number }): void {
    const { place, month, points } = of
    if (!(place in FLOWS)) this.#count(this.#lots, { account, name: `${place} ${month}`, points })
    else {
      const comesIn = place === 'issued' || place === 'transferredIn'
      this.#count(this.#flows, { account, name: place, points: comesIn ? -points : points })
    }
  }

  #count(
    all: Map<number, Map<string, number>>,
    { account, name, points }: { account: number; name: string; points: number },
  ): void {
    const own = all.get(account) ?? new Map<string, number>()
    const now = (own.get(name) ?? 0) + points
    if (now === 0) own.delete(name)
    else own.set(name, now)
    all.set(account, own)
  }

  lotsOf = (account: number) => Object.fromEntries(this.#lots.get(account) ?? [])
  flowsOf = (account: number) => Object.fromEntries(this.#flows.get(account) ?? [])
}

async function look(on: Stand, books: Books): Promise<void> {
  await books.read()
  const { month } = monthBounds(on.clock.nowMs, on.book.timeZone)
  for (const account of on.accounts) {
    const { wallet } = await on.wallets.readRecord(account)
    const has: Record<string, number> = {}
    const sums: Partial<Record<Bucket, number>> = {}
    for (const lot of wallet.lots) {
      expect(lot.points).toBeGreaterThan(0)
      // Held and pending points are one lot each: where they go is in the records of holds.
      const name = `${lot.bucket} ${lot.month}`
      has[name] = (has[name] ?? 0) + lot.points
      sums[lot.bucket] = (sums[lot.bucket] ?? 0) + lot.points
      expect(lot.month).toBeLessThanOrEqual(month + MONTHS + 1)
      if (lot.bucket === 'spendable') expect(lot.month).toBeGreaterThan(month)
    }
    const told = books.lotsOf(account)
    for (const bucket of ['spendable', 'session', 'frozen'] as const) {
      const only = (of: Record<string, number>) =>
        Object.fromEntries(Object.entries(of).filter(([name]) => name.startsWith(bucket)))
      expect(only(has), `${bucket} of ${account}`).toEqual(only(told))
    }
    for (const bucket of ['held', 'pending'] as const) {
      const sum = Object.entries(told)
        .filter(([name]) => name.startsWith(bucket))
        .reduce((all, [, points]) => all + points, 0)
      expect(sums[bucket] ?? 0, `${bucket} of ${account}`).toBe(sum)
    }
    const { lots: _lots, carries, ...flows } = wallet
    expect(Object.fromEntries(Object.entries(flows).filter(([, n]) => n !== 0))).toEqual(
      books.flowsOf(account),
    )
    for (const carry of carries) expect(carry).toBeLessThan(1000)
    const { balance } = await on.read(account)
    expect(balance.spendable).toBe(sums.spendable ?? 0)
  }
  expect(await on.imbalance()).toBe(0)
}

/** The turn of a month, as the worker sweeps it. */
async function sweep(on: Stand): Promise<void> {
  const { places, book, clock } = on
  for (const account of on.accounts) {
    const of = { slot: places.slotOf(account), timeZone: book.timeZone, journalMax: 1_000_000 }
    await expire(redis, { ...of, aroundMs: clock.nowMs, nowMs: clock.nowMs }, [account])
  }
}

async function live(seed: number): Promise<void> {
  await redis.flushall()
  const on = await stand()
  const { wallets, shop, orders, gifts, merges, clock, at } = on
  const random = new Random(seed)
  const books = new Books(on)
  const bought: string[] = []
  const held: { account: number; id: string }[] = []
  const merged: string[] = []
  const who = () => must(random.pickFrom(on.accounts), 'an account')
  const by = 'op1'
  for (let i = 1; i <= STEPS; i++) {
    const account = who()
    const event = { account, brand: 'acme', body: String(i), id: `e${i}` }
    const hold = random.pickFrom(held)
    const order = random.pickFrom(bought)
    switch (random.below(16)) {
      case 0:
      case 1:
        await shop.scoreEvent({ ...event, action: random.pick(['browse', 'follow']), units: 1 })
        break
      case 2:
      case 3: {
        const units = random.between(1, 60_000)
        const own = await settledIn(redis, account)
        const paid = { ...event, account: own, action: 'purchase' as const, units }
        if ((await shop.scoreEvent({ ...paid, order: `o${i}` })).ok) bought.push(`o${i}`)
        break
      }
      case 4: {
        const part = random.chance(0.6) ? { amountFen: random.between(1, 9000) } : {}
        if (order) await orders.refund({ brand: 'acme', by, order, id: `r${i}`, ...part })
        break
      }
      case 5:
      case 6: {
        const points = random.between(1, 300)
        const forMs = random.pick([HOUR_MS, 40 * DAY_MS, 200 * DAY_MS])
        const asked = { account, id: `h${i}`, points, forMs, at, use: 'checkout' as const }
        if ((await wallets.hold(asked)).ok) held.push({ account, id: `h${i}` })
        break
      }
      case 7:
        if (hold) await wallets.capture({ ...hold, points: random.between(1, 200) })
        break
      case 8:
        if (hold) await wallets.void(hold)
        break
      case 9: {
        const points = random.between(1, 100)
        if (hold) await wallets.refund({ ...hold, refundId: `b${i}`, points })
        break
      }
      case 10: {
        const gift = { id: `g${i}`, from: account, to: who(), points: random.between(1, 200) }
        await gifts.give({ ...gift, at, by: '', rung: 0, ageDays: 9 })
        break
      }
      case 11: {
        const lots = [{ issuer: at, points: random.between(1, 400) }]
        const pends = random.chance(0.5)
        const more = pends ? { pendingMs: random.between(1, 30) * DAY_MS } : {}
        const cause = pends ? ('pending' as const) : ('adjusted' as const)
        const given = await wallets.issue({ account, id: `i${i}`, cause, lots, at, ...more })
        if (given.ok && pends) held.push({ account, id: `i${i}` })
        break
      }
      case 12:
        await wallets.take({ account, id: `t${i}`, points: random.between(1, 90), partial: true })
        break
      case 13: {
        const freeze = random.chance(0.4)
        await wallets.freeze({ account, id: `f${i}`, freeze, by, note: 'looks odd' })
        break
      }
      case 14: {
        if (random.chance(0.5)) {
          const answer = await merges.merge({ ...ask, key: `m${i}`, from: account, into: who() })
          if (answer.ok) merged.push(answer.merge)
        } else {
          const merge = random.pickFrom(merged)
          if (merge) await merges.undo('acme', merge)
        }
        break
      }
      default:
        clock.nowMs += random.pick([HOUR_MS, DAY_MS, 12 * DAY_MS, 25 * DAY_MS])
        await merges.pass()
    }
    if (i % LOOK_EVERY === 0 || i === STEPS) {
      await sweep(on)
      await look(on, books).catch((error: unknown) => {
        throw new Error(`seed ${seed}, by step ${i}`, { cause: error })
      })
    }
  }
}

test(`[W21 MG7 S14] ${LIVES} lives from seed ${FROM} on: what journals tell is what there is, lot by lot, nothing outlives its term, and each receipt adds up to its points`, async () => {
  for (let seed = FROM; seed < FROM + LIVES; seed++) await live(seed)
}, 7_200_000)
