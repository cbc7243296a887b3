/** Puts targeting together: the wallet and packs that give, the devices and merchants that are told. */

import type { Core } from '../core.ts'
import { readWhose } from '../identity/index.ts'
import { brandNumber, earningNumber, getRoom, readReplays } from '../rooms/index.ts'
import type { AccountChange, Accounts } from '../scoring/index.ts'
import { Targeting } from '../targeting/index.ts'
import type { Packs } from '../tiers/index.ts'
import type { Wallets } from '../wallet/index.ts'
import { tellBrand } from '../webhooks/index.ts'

export function composeTargeting(
  core: Core,
  {
    accounts,
    wallets,
    packs,
    tell,
  }: {
    accounts: Pick<Accounts, 'read'>
    wallets: Wallets
    packs: Packs
    tell: (change: AccountChange) => Promise<void>
  },
): Targeting {
  const { store, log, rulebook, gate } = core
  const whoseOf = async (account: number) => (await readWhose(gate, [account])).get(account)
  return new Targeting({
    ...core,
    pepper: gate.pepper,
    wallets,
    packs,
    tell: (change) => tell({ ...change, receipts: [] }),
    async tellMerchant({ account, ...telling }) {
      const whose = await whoseOf(account)
      if (whose) await tellBrand(store, { ...telling, account, brand: whose.brand })
    },
    replaysOf: async (rooms) =>
      (await readReplays(store, rooms)).map(({ room, url }) => ({ room, url })),
    async spotOf({ account, room: id }) {
      const room = id === '' ? undefined : await getRoom(store, id)
      if (room) {
        const issuer = await earningNumber(store, room, rulebook().book.wallet.pool)
        return { brandNo: room.brandNo, issuer }
      }
      const whose = await whoseOf(account)
      if (!whose) return undefined
      const brandNo = await brandNumber(store, whose.brand)
      return { brandNo, issuer: brandNo }
    },
    knownOf: async (asked) => new Set((await readWhose(gate, asked)).keys()),
    async rungOf(account) {
      const read = await accounts.read({ account, brand: '' })
      return read.ok ? read.account.tier.rung : 0
    },
    onError: (error) => log.warn({ err: error }, 'an offer or a pack waits for the next look'),
  })
}
