/** What the roles use: each part made once, with the other parts and the answers that it asks for. */

import type { Core } from '../core.ts'
import { nextGateway } from '../data.ts'
import { Effects } from '../effects/index.ts'
import { Issuance, issuanceMetrics } from '../governance/index.ts'
import { birthdayOf } from '../identity/index.ts'
import { registry } from '../kernel/index.ts'
import { formerAccounts, formerOf, Merges, settledIn } from '../merges/index.ts'
import { certainBy } from '../redis/index.ts'
import { brandNumbers, liveRuns } from '../rooms/index.ts'
import {
  type AccountChange,
  Accounts,
  Cashback,
  createRoomReader,
  Invites,
  Past,
} from '../scoring/index.ts'
import { Packs } from '../tiers/index.ts'
import { Gifts, sumTotals, Wallets } from '../wallet/index.ts'
import { openArchived } from '../worker/index.ts'
import { composeBoards } from './boards.ts'
import { composeClubs } from './clubs.ts'
import { composeRewards } from './rewards.ts'
import { composeTargeting } from './targeting.ts'
import { composeTeams } from './teams.ts'

export type Parts = Awaited<ReturnType<typeof openParts>>

export async function openParts(core: Core) {
  const { config, store } = core
  const certain = certainBy(core)
  const issuance = await openIssuance(core)
  const wallets = composeWallets(core, {
    issuance,
    tell: (change) => tell(change),
    follow: (account) => merges.follow(account),
  })
  const cashback = new Cashback({ ...core, wallets })
  const accounts = await composeAccounts(core, {
    issuance,
    cashback,
    factorOf: (account) => targeting.factor(account),
  })
  const tell = telling(core, accounts)
  const former = (account: number) => formerAccounts(store, account)
  const gifts = new Gifts({ ...core, wallets, certain, formerOf: former })
  const rewards = await composeRewards(core, { wallets })
  const effects = new Effects({
    ...core,
    wallets,
    registry: core.gate,
    goods: rewards.awards,
    certain,
    onOwned: (account) => tell({ account, receipts: [], owned: true }),
  })
  const merges = new Merges({
    ...core,
    registry: core.gate,
    wallets,
    certain,
    read: (account) => accounts.standing(account),
    changeGrowth: (change) => accounts.changeGrowth(change),
  })
  const packs = new Packs({ ...core, pepper: core.gate.pepper, wallets, goods: rewards.awards })
  const targeting = composeTargeting(core, { accounts, wallets, packs, tell })
  const boards = composeBoards({ core, wallets, redemptions: rewards.redemptions })
  const clubs = composeClubs({ core, accounts, wallets, tell })
  const teams = composeTeams({ core, wallets, tell })
  const invites = new Invites({
    ...core,
    wallets,
    changeGrowth: (change) => accounts.changeGrowth(change),
    creditInvite: (inviter, id) => creditInvite(accounts, inviter, id),
    behaviourOf: (account) => targeting.read(account),
    settledIn: (account) => settledIn(store, account),
    formerOf: (accounts) => formerOf(store, accounts),
  })
  const past = new Past({ ...core, archived: openArchived({ ...core, dataDir: config.dataDir }) })
  return {
    issuance,
    accounts,
    cashback,
    past,
    wallets,
    gifts,
    effects,
    rewards,
    merges,
    invites,
    packs,
    targeting,
    boards,
    clubs,
    teams,
    async close() {
      rewards.catalogue.stop()
      await issuance.close()
    },
  }
}

/** What this process may issue; it has its first lease before anybody comes in. */
async function openIssuance(core: Core): Promise<Issuance> {
  const issuance = await new Issuance({ ...core, issued: () => issuedEver(core) }).start()
  issuanceMetrics(issuance, registry)
  return issuance
}

/** Points that ever came into being on this Redis. */
export const issuedEver = async ({ store, partitions }: Core): Promise<number> =>
  (await sumTotals(store, partitions)).issued

async function composeAccounts(
  core: Core,
  parts: {
    issuance: Issuance
    cashback: Cashback
    factorOf: (account: number) => Promise<number>
  },
): Promise<Accounts> {
  return new Accounts({
    ...core,
    ...parts,
    readRoom: createRoomReader({ ...core, gateway: await nextGateway(core.store) }),
    journalMax: core.config.redis.journalEntriesMax,
    birthdayOf: (account) => birthdayOf(core.gate, account, core.clock.now()),
    formerOf: (account) => formerAccounts(core.store, account),
  })
}

/** Rules and quests hear of a friend who came by a link; the room of the link is not known any more. */
async function creditInvite(accounts: Accounts, account: number, id: string): Promise<void> {
  const scored = await accounts.scoreEvent({
    ...{ id, body: id, account, brand: '', action: 'invite', units: 1 },
  })
  if (!scored.ok) throw new Error(`an invite could not be credited: ${scored.code}`)
}

type Tell = (change: AccountChange) => Promise<void>

/** Shows a change on the viewer's devices at once; where that fails they catch up by themselves. */
const telling =
  ({ log }: Core, accounts: Accounts): Tell =>
  (change) =>
    accounts
      .tell(change)
      .catch((error: unknown) => log.warn({ err: error }, 'devices could not be told'))

function composeWallets(
  core: Core,
  of: { issuance: Issuance; tell: Tell; follow: (account: number) => Promise<void> },
): Wallets {
  const { issuance, tell, follow } = of
  const { store, log } = core
  return new Wallets({
    ...core,
    issuance,
    journalMax: core.config.redis.journalEntriesMax,
    numbersOf: (brands) => brandNumbers(store, brands),
    runs: (live) => liveRuns(store, live),
    onMoved({ account, ...entry }) {
      void tell({ account, receipts: [], moved: [entry] })
      if (!entry.moves.some(({ from, to }) => to === 'spendable' && from !== to)) return
      follow(account).catch((error: unknown) =>
        log.warn({ err: error }, 'points of a merged account wait for the next look'),
      )
    },
  })
}
