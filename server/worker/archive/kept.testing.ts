/** A story for tests: everything that accounts have beside points, archived, lost with Redis, and rebuilt. */

import type { InvitePolicy } from '../../../shared/rulebook/invite.ts'
import { Effects } from '../../effects/index.ts'
import { createEffectsStand } from '../../effects/testing.ts'
import { must, systemClock } from '../../kernel/index.ts'
import { masters, type Store } from '../../redis/index.ts'
import { Accounts, Invites, Orders } from '../../scoring/index.ts'
import { held } from '../../wallet/testing.ts'
import { ZERO } from '../element.ts'
import { readAfter } from '../journal.ts'
import { segmentsConsumer } from '../segments.ts'
import { silent } from '../worker.testing.ts'
import { type Comparison, comparePartition } from './compare.ts'
import { type Rebuilt, rebuildPartition } from './rebuild.ts'
import { rebuildFriends } from './rebuild-friends.ts'

/** What backups of the identities and of `{cfg}` have. */
const BACKED_UP = /^\{cfg\}|\}:(note-seal|profile|whose|links):/

const keysOf = async (store: Store) =>
  (await Promise.all((await masters(store)).map((node) => node.keys('*')))).flat()

export async function createKeptStand(store: Store, partitions: number) {
  const stand = await createEffectsStand(store, { partitions })
  stand.clock.nowMs = systemClock.now()
  const book = { ...stand.book, invite: INVITE }
  const rulebook = () => ({ version: 1, publishedAtMs: 0, by: 'test', book })
  const options = {
    ...stand.deps,
    wallets: stand.wallets,
    rulebook,
    shards: { epoch: () => 'e1', indexOfSlot: () => 0 },
    readRoom: async () => undefined,
    journalMax: 1_000_000,
    log: silent,
  }
  const accounts = new Accounts(options)
  return {
    ...stand,
    rulebook,
    accounts,
    effects: new Effects({ ...stand.deps, rulebook }),
    orders: new Orders(options),
    invites: new Invites({ ...options, changeGrowth: (change) => accounts.changeGrowth(change) }),
    buy: (account: number, order: string, amountFen: number) =>
      accounts.scoreEvent({
        ...{ id: order, body: String(amountFen), account, brand: 'acme', order },
        ...{ action: 'purchase', units: amountFen },
      }),
    /** What a worker does with all journals. */
    async archive(dataDir: string): Promise<void> {
      const consumer = segmentsConsumer({ store, dataDir, log: silent, rollBytes: 1000 })
      for (const [index, slot] of stand.places.slots.entries()) {
        const place = { index, slot }
        const elements = await readAfter(store, slot, { after: ZERO, limit: 10_000 })
        for (let i = 0; i < elements.length; i += 5)
          await consumer.handle(place, elements.slice(i, i + 5))
        await consumer.close(place)
      }
    },
    /** Everything is gone but what backups have. */
    async lose(isBackedUp = BACKED_UP): Promise<void> {
      const backup: [string, Buffer][] = []
      for (const key of await keysOf(store))
        if (isBackedUp.test(key)) backup.push([key, must(await store.dumpBuffer(key), 'a dump')])
      for (const node of await masters(store)) await node.flushall()
      for (const [key, bytes] of backup) await store.restore(key, 0, bytes)
    },
    async rebuild(dataDir: string, over = false): Promise<Rebuilt[]> {
      const rebuilt = await Promise.all(
        stand.places.slots.map((slot, index) =>
          rebuildPartition(
            {
              ...{ store, partitions: stand.places, dataDirs: [dataDir], log: silent },
              ...{ clock: systemClock, over },
              witnesses: () => [],
            },
            { index, slot },
          ),
        ),
      )
      await rebuildFriends(
        store,
        stand.places,
        rebuilt.flatMap(({ invited }) => invited),
      )
      return rebuilt
    },
    compare: (dataDir: string): Promise<Comparison[]> =>
      Promise.all(
        stand.places.slots.map((slot, index) =>
          comparePartition(store, { index, slot }, [dataDir]),
        ),
      ),
    /** Hashes of the partitions that hold no points, as they are. */
    async hashes(): Promise<Record<string, Record<string, string>>> {
      const names = (await keysOf(store)).filter((key) =>
        /\}:(invited|friends|order|owned|notes):/.test(key),
      )
      const all = await Promise.all(names.map((key) => store.hgetall(key)))
      return Object.fromEntries(names.map((name, i) => [name, must(all[i], 'a hash')]))
    },
  }
}
export type KeptStand = Awaited<ReturnType<typeof createKeptStand>>

const INVITE: InvitePolicy = {
  points: 100,
  growth: 5,
  invitedPoints: 20,
  due: ['registers', 'orders'],
  withinDays: 30,
  perDay: 10,
  perLife: 100,
  newOnly: true,
}

/** Of 12 accounts: invites in every state, orders paid and partly refunded, passes, colours, reasons. */
export async function tellStory(stand: KeptStand): Promise<void> {
  const { wallets, invites, orders, effects, buyer, give } = stand
  for (let account = 1; account <= 12; account++) {
    held(await give(account, 5000))
    held(await stand.buy(account, `order-${account}`, 10_000))
    await wallets.freeze({
      ...{ account, id: `frozen-${account}`, freeze: true, by: 'op' },
      note: `looked odd: ${account} 张三`,
    })
    await wallets.freeze({
      account,
      id: `thaw-${account}`,
      freeze: false,
      by: 'op',
      note: 'was fine',
    })
    if (account % 2 === 0)
      held(
        await orders.refund({
          ...{ brand: 'acme', order: `order-${account}`, id: 'half', by: 'shop' },
          amountFen: 5000,
        }),
      )
    if (account % 3 === 0)
      held(await effects.buy(buyer(account), { effect: 'boost', requestId: `boost-${account}` }))
    if (account % 5 === 0) {
      const colour = { effect: 'colour', colour: 'sky', requestId: `sky-${account}` } as const
      held(await effects.buy(buyer(account), colour))
    }
    const invited = 100 + account
    held(await invites.invite({ inviter: account, invited, brand: 'acme', by: 'shop' }))
    const step = (name: 'registers' | 'orders', version: number) => ({
      ...{ account: invited, step: name, version, atMs: stand.clock.nowMs },
    })
    if (account % 2 === 0) await invites.done([step('registers', 1)])
    if (account % 4 === 0) await invites.done([step('orders', 2)])
  }
}
