/** A stand for tests of merges: wallets, growth and identities of some viewers, and merges of them. */

import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { openPepper, sessionKeys, viewerIdentity } from '../identity/index.ts'
import { createLog, must, systemClock } from '../kernel/index.ts'
import type { Certain, Store } from '../redis/index.ts'
import { changeGrowth, readAccount } from '../scoring/index.ts'
import { createWalletStand } from '../wallet/testing.ts'
import { Merges } from './merges.ts'

const SESSIONS = sessionKeys([{ reveal: () => 'session secret of tests .............' }])
export const viewer = (name: string) => viewerIdentity({ brand: 'acme', viewer: name })
/** What every request says. */
export const ask = { brand: 'acme', key: 'merge-1', by: 's1' }

export type MergesStand = Awaited<ReturnType<typeof createMergesStand>>

export async function createMergesStand(
  store: Store,
  { certain, ladder }: { certain?: Certain; ladder?: Partial<Rulebook['ladder']> } = {},
) {
  const wallet = createWalletStand(store, { partitions: 4 })
  const { places, clock, wallets } = wallet
  const book = ladder
    ? { ...wallet.book, ladder: { ...wallet.book.ladder, ...ladder } }
    : wallet.book
  const registry = { store, partitions: places, pepper: await openPepper(store, SESSIONS) }
  const at = (account: number) => ({
    slot: places.slotOf(account),
    book,
    journalMax: 1_000_000,
    nowMs: clock.nowMs,
  })
  async function read(account: number) {
    const reading = must(
      await readAccount(store, {
        slot: places.slotOf(account),
        account,
        live: 0,
        session: { startMs: 0, nonce: 0 },
        timeZone: book.timeZone,
        aroundMs: clock.nowMs,
        nowMs: clock.nowMs,
      }),
      'an account',
    )
    const { balance, tier } = reading.state
    return { balance, growth: tier.growth, rung: tier.rung, frozen: reading.frozen }
  }
  const grow = async (change: Parameters<typeof changeGrowth>[2]) => {
    const reply = await changeGrowth(store, at(change.account), change)
    if (reply.tag !== 'changed' && reply.tag !== 'replayed') throw new Error(reply.tag)
    return reply
  }
  const merges = new Merges({
    registry,
    wallets,
    read,
    changeGrowth: grow,
    clock: { ...systemClock, now: () => clock.nowMs },
    ...(certain && { certain }),
    log: createLog('silent', 'test'),
  })
  return { ...wallet, registry, read, grow, merges }
}
