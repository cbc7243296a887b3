/** Everything the API is composed of, over a real Redis; only the clock is the test's. */

import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { Boards } from '../boards/index.ts'
import { Clubs } from '../clubs/index.ts'
import { Effects } from '../effects/index.ts'
import { Experiments, Playing } from '../experiments/index.ts'
import { ensureRulebook } from '../governance/index.ts'
import { apiKeys, openPepper, readProfiles, sessionKeys, ticketKeys } from '../identity/index.ts'
import { createLog, must, systemClock } from '../kernel/index.ts'
import { formerAccounts, Merges, settledIn } from '../merges/index.ts'
import { createPartitions, type Store } from '../redis/index.ts'
import { openRewards } from '../rewards/index.ts'
import { brandNumbers, endLive, finishLive, getRoom } from '../rooms/index.ts'
import {
  Accounts,
  createRoomWatch,
  Invites,
  Orders,
  Past,
  type PlaceContext,
  platformContext,
  readPlace,
} from '../scoring/index.ts'
import { Targeting } from '../targeting/index.ts'
import { Teams } from '../teams/index.ts'
import { Gifts, journalKey, packKept, readSettlement, sumTotals, Wallets } from '../wallet/index.ts'
import type { ApiDeps } from './deps.ts'
import type { Pages } from './pages.ts'

const secret = (text: string) => ({ reveal: () => text.padEnd(40, '.') })
/** Keys of merchants' servers: two of one brand, one of another. */
const CONFIGURED = [
  { kid: 's1', brand: 'acme', secret: secret('api secret of acme') },
  { kid: 's2', brand: 'acme', secret: secret('next api secret of acme') },
  { kid: 's9', brand: 'other', secret: secret('api secret of other') },
]

/** A room as scoring sees it, without heat, campaigns and tasks. */
async function readRoom(
  store: Store,
  { version, book }: PublishedRulebook,
  id: string,
): Promise<PlaceContext | undefined> {
  const place = await readPlace(store, id, book)
  if (!place) return undefined
  const { room, issuer, payers } = place
  return {
    ...platformContext(version, book, issuer),
    payers,
    live: room.live.no,
    profile: room.profile,
    timeZone: room.timeZone,
  }
}

/** What knows who calls; `revoked` holds tokens and accounts that are out. */
async function createGate(store: Store) {
  const sessions = sessionKeys([secret('session secret')])
  const revoked = new Set<string | number>()
  const gate = {
    store,
    partitions: createPartitions(8),
    sessions,
    tickets: ticketKeys(
      [{ kid: 'k1', brand: 'acme', secret: secret('ticket secret') }],
      sessions.ticket,
    ),
    pepper: await openPepper(store, sessions),
    revocations: {
      has: ({ jti, account }: { jti: string; account?: number }) =>
        revoked.has(jti) || (account !== undefined && revoked.has(account)),
    },
  }
  return { gate, revoked }
}

/** What only the worker asks of others. */
const ELSEWHERE: Pick<
  ConstructorParameters<typeof Targeting>[0],
  'packs' | 'tell' | 'tellMerchant' | 'spotOf' | 'knownOf' | 'rungOf' | 'onError'
> = {
  packs: {
    give: async () => {
      throw new Error('packs are given by the worker')
    },
  },
  tell: async () => undefined,
  tellMerchant: async () => undefined,
  spotOf: async () => undefined,
  knownOf: async (accounts) => new Set(accounts),
  rungOf: async () => 0,
  onError: () => undefined,
}

/** `more` is what a test puts in the place of parts of it. */
export async function createDeps(
  store: Store,
  { now, more }: { now: () => number; more: Partial<ApiDeps> },
) {
  const clock = { ...systemClock, now }
  const published = await ensureRulebook(store)
  const { gate, revoked } = await createGate(store)
  const { partitions, sessions } = gate
  const stand = {
    store,
    partitions,
    clock,
    rulebook: () => more.rulebook?.() ?? published,
    journalMax: 1000,
    numbersOf: (brands: readonly string[]) => brandNumbers(store, brands),
    nowMs: now,
  }
  const formerOf = (account: number) => formerAccounts(store, account)
  const accounts = new Accounts({
    ...stand,
    shards: { epoch: () => 'e1', indexOfSlot: () => 0 },
    readRoom: (id) => readRoom(store, published, id),
    formerOf,
  })
  const wallets = new Wallets(stand)
  const playing = new Playing(stand)
  const orders = new Orders({
    ...stand,
    wallets,
    playing,
    settledIn: (account) => settledIn(store, account),
  })
  const invites = new Invites({
    ...stand,
    wallets,
    changeGrowth: (change) => accounts.changeGrowth(change),
    log: createLog('silent', 'test'),
  })
  const merges = new Merges({
    ...stand,
    registry: gate,
    wallets,
    read: (account) => accounts.standing(account),
    changeGrowth: (change) => accounts.changeGrowth(change),
    log: createLog('silent', 'test'),
  })
  const rewards = await openRewards({
    ...stand,
    clock: systemClock,
    log: createLog('silent', 'test'),
    wallet: wallets,
    formerOf,
    keys: sessions.pickup,
    standing: async () => ({ growth: 0, rung: 0, spendable: 0, session: 0 }),
  })
  const none = async () => 'elsewhere' as const
  const deps: ApiDeps = {
    gate,
    apiKeys: apiKeys(CONFIGURED),
    clock,
    log: createLog('silent', 'test'),
    site: {
      publicUrl: undefined,
      gatewayPort: 7071,
      allowedOrigins: ['https://shop.test'],
      trustedProxies: 0,
      metricsToken: undefined,
      privateWebhooks: false,
      rulesReviewed: false,
    },
    pages: new Map() satisfies Pages,
    rulebook: () => published,
    playing,
    experiments: new Experiments({ store, clock }),
    accounts,
    past: new Past({ ...stand, archived: { lines: none, sum: none } }),
    wallets,
    effects: new Effects({
      store,
      partitions,
      clock,
      log: createLog('silent', 'test'),
      rulebook: () => published,
      wallets,
      registry: gate,
      goods: rewards.awards,
      nowMs: now,
    }),
    orders,
    invites,
    merges,
    rewards,
    gifts: new Gifts({ ...stand, wallets, formerOf }),
    targeting: new Targeting({
      ...stand,
      pepper: gate.pepper,
      wallets,
      ...ELSEWHERE,
    }),
    clubs: new Clubs({
      ...stand,
      wallets,
      journalOf: journalKey,
      packKept,
      placeOf: async ({ id, live, brandNo, local }) => ({
        ...{ room: id, live, club: brandNo, brandNo, issuer: brandNo, local },
      }),
      changeGrowth: (change) => accounts.changeGrowth(change),
      certain: async () => undefined,
      rungsOf: async () => new Map(),
      lease: async () => true,
      tell: async () => undefined,
      onError: () => undefined,
    }),
    teams: new Teams({
      ...stand,
      wallets,
      certain: async () => undefined,
      settledIn: async (account) => account,
      namesOf: async () => new Map(),
      tell: async () => undefined,
      onError: () => undefined,
    }),
    boards: new Boards({
      ...stand,
      wallets,
      log: createLog('silent', 'test'),
      namesOf: async (accounts) =>
        new Map([...(await readProfiles(gate, accounts))].map(([one, { name }]) => [one, name])),
      standingOf: async () => new Map(),
      formerOf: async () => new Map(),
      settledIn: async (account) => account,
      redemptionsOf: (refs) => rewards.redemptions.viewsOf(refs),
      brandsOf: async () => new Map(),
      brandOf: async () => undefined,
      besideOf: () => ({ cursors: '', journal: '' }),
    }),
    settlement: () => readSettlement(store, partitions),
    async endLive(id) {
      const room = must(await getRoom(store, id), 'a room')
      const step = { room: id, live: room.live.no, nowMs: now() }
      const ending = await endLive(store, step)
      return ending.ok ? finishLive(store, step) : ending
    },
    roomNow: createRoomWatch({ ...stand, gateway: 1 }),
    conservation: () => sumTotals(store, partitions),
    ready: async () => [{ name: 'redis', ok: true }],
    demo: { room: 'demo', brand: 'acme' },
    ...more,
  }
  return { deps, gate, revoked }
}
