/** Puts rewards together: the wallet that pays, the tier and points that count, the shards that make it certain. */

import { refuse } from '../../shared/errors.ts'
import type { Core } from '../core.ts'
import { formerAccounts } from '../merges/index.ts'
import { certainBy } from '../redis/index.ts'
import {
  DUE_MS,
  flashPartId,
  openRewards,
  passRewards,
  type Rewards,
  seedRewards,
} from '../rewards/index.ts'
import { brandNumber } from '../rooms/index.ts'
import { elsewhereOf, payersAt, readAccount } from '../scoring/index.ts'
import type { Wallets } from '../wallet/index.ts'
import { tellBrand } from '../webhooks/index.ts'
import type { Chore } from '../worker/index.ts'
import type { PartTaken } from './taking-part.ts'

export async function composeRewards(
  core: Core,
  { wallets }: { wallets: Wallets },
): Promise<Rewards> {
  const { store, partitions, clock, rulebook, gate } = core
  return openRewards({
    ...core,
    wallet: wallets,
    keys: gate.sessions.pickup,
    certain: certainBy(core),
    formerOf: (account) => formerAccounts(store, account),
    async standing({ account, brand, local = [], live }) {
      const reading = await readAccount(store, {
        slot: partitions.slotOf(account),
        account,
        live,
        session: { startMs: 0, nonce: 0 },
        timeZone: rulebook().book.timeZone,
        aroundMs: clock.now(),
      })
      if (!reading) return refuse('internal')
      const { tier, balance } = reading.state
      const { rung, growth, boost } = tier
      const at = await brandNumber(store, brand)
      const payers = await payersAt(store, rulebook().book.wallet, { at, local })
      const spendable = balance.spendable - elsewhereOf(reading.state, payers)
      return { rung, boost: boost?.rungs, growth, spendable, session: balance.session }
    },
  })
}

/** What a worker does for rewards. */
export const rewardChore = (
  core: Core,
  {
    rewards: { catalogue, redemptions },
    creditPart,
  }: { rewards: Rewards; creditPart: (part: PartTaken) => Promise<void> },
): Chore => ({
  waits: 'rewards wait',
  by: 'first',
  everyMs: DUE_MS,
  run: () =>
    passRewards({
      ...core,
      catalogue,
      redemptions,
      async notify(type, id, { brand, atMs, ...data }) {
        await tellBrand(core.store, { brand, type, id, atMs, data })
      },
      creditFlash: (part) => creditPart({ ...part, id: flashPartId(part), action: 'join' }),
    }),
})

/** The demo's catalogue, where there is none yet. */
export async function stockDemo({ store, rulebook }: Core, brand: string): Promise<void> {
  const brandNo = await brandNumber(store, brand)
  await seedRewards(store, { brand, brandNo, timeZone: rulebook().book.timeZone })
}
