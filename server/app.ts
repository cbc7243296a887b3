/** The composition: builds the roles of this process and hands each what it needs. */

import { fileURLToPath } from 'node:url'
import { refuse } from '../shared/errors.ts'
import { type Check, createApi, createWatch, listen, loadPages } from './api/index.ts'
import { openTargeting } from './audience.ts'
import type { Boards } from './boards/index.ts'
import type { Config } from './config.ts'
import { type Core, openCore } from './core.ts'
import { createCrowd } from './crowd.ts'
import { nextGateway } from './data.ts'
import { type CreditPart, createResults, Effects, partId } from './effects/index.ts'
import { Experiments } from './experiments/index.ts'
import { createOriginCheck, createTransport, Gateway } from './gateway/index.ts'
import { freeIdleLeases, Issuance, issuanceMetrics } from './governance/index.ts'
import { apiKeys, birthdayOf } from './identity/index.ts'
import { type Log, registry } from './kernel/index.ts'
import { formerOf, Merges, settledIn } from './merges/index.ts'
import { duplicate } from './redis/index.ts'
import { certainBy, type Rewards } from './rewards/index.ts'
import {
  brandNumbers,
  createRoom,
  endLive,
  getRoom,
  type LiveAnswer,
  liveRuns,
  startLive,
} from './rooms/index.ts'
import {
  type AccountChange,
  Accounts,
  Cashback,
  createRoomReader,
  createRoomWatch,
  Invites,
  Orders,
  Past,
} from './scoring/index.ts'
import { openStorefront, rewardChore, stockDemo } from './storefront.ts'
import type { Targeting } from './targeting/index.ts'
import { Packs } from './tiers/index.ts'
import { Gifts, readSettlement, sumTotals, Wallets } from './wallet/index.ts'
import { openBoards } from './week-boards.ts'
import {
  anchorKey,
  createWorker,
  dryRunChore,
  experimentChore,
  openArchived,
  playAttached,
  type Resolve,
  type Study,
} from './worker/index.ts'

export interface App {
  stop(): Promise<void>
}

/** A role that runs: how it is, and how it ends. */
interface Role {
  checks(): Check[]
  stop(): Promise<void>
}

/** The room that the demo opens. */
const DEMO = { id: 'demo', name: '周六晚的厨房', timeZone: 'Asia/Shanghai' }
/** Packs that were cut off are gone on with so often. */
const PACKS_MS = 10_000
/** What processes that ended had leased and not paid is freed so often. */
const IDLE_LEASES_MS = 5000
/** Requests under way get this long when the service stops. */
const API_GRACE_MS = 5000
/** Pages and scripts, beside the server's own bundle. */
const DIST = fileURLToPath(new URL('..', import.meta.url))

const demoBrand = (config: Config): string => config.keys.tickets[0]?.brand ?? 'demo'

export async function startApp(config: Config, log: Log): Promise<App> {
  const core = await openCore(config, log)
  if (config.demo) await openDemoRoom(core)
  const issuance = await openIssuance(core)
  issuanceMetrics(issuance, registry)
  const wallets = openWallets(core, {
    issuance,
    tell: (change) => tell(change),
    follow: (account) => merges.follow(account),
  })
  const cashback = new Cashback({ ...core, wallets })
  const accounts = await openAccounts(core, {
    issuance,
    cashback,
    factorOf: (account) => targeting.factor(account),
  })
  const tell = telling(core, accounts)
  const gifts = new Gifts({ ...core, wallets, certain: certainBy(core) })
  const rewards = await openStorefront(core, { wallets })
  const effects = new Effects({
    ...core,
    wallets,
    registry: core.gate,
    goods: rewards.awards,
    onOwned: (account) => tell({ account, receipts: [], owned: true }),
  })
  const merges = openMerges(core, accounts, wallets)
  const packs = new Packs({ ...core, pepper: core.gate.pepper, wallets, goods: rewards.awards })
  const targeting = openTargeting(core, { accounts, wallets, packs, tell })
  const boards = openBoards({ core, wallets, redemptions: rewards.redemptions })
  const invites = new Invites({
    ...core,
    wallets,
    changeGrowth: (change) => accounts.changeGrowth(change),
    settledIn: (account) => settledIn(core.store, account),
    formerOf: (accounts) => formerOf(core.store, accounts),
  })
  const past = new Past({ ...core, archived: openArchived({ ...core, dataDir: config.dataDir }) })
  const parts = {
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
  }
  const roles: Role[] = []
  if (config.roles.has('gateway')) roles.push(await startGateway(core, parts))
  const worker = config.roles.has('worker') ? await startWorker(core, parts) : undefined
  if (worker) roles.push(worker)
  const endRoom = worker?.endLive ?? ((room: string) => askEnd(core, room))
  // Last, because it says that the service is ready.
  roles.push(
    config.roles.has('api')
      ? await startApi(core, { ...parts, roles, endRoom })
      : await startWatch(core, roles),
  )
  return {
    async stop() {
      for (const role of roles) await role.stop()
      rewards.catalogue.stop()
      await issuance.close()
      await core.close()
    },
  }
}

async function openDemoRoom(core: Core): Promise<void> {
  const { store, config } = core
  await createRoom(store, { ...DEMO, brand: demoBrand(config) })
  const room = await getRoom(store, DEMO.id)
  if (room?.live.state === 'ended') await startLive(store, { room: DEMO.id })
  await stockDemo(core, demoBrand(config))
}

/** What this process may issue; it has its first lease before anybody comes in. */
const openIssuance = (core: Core): Promise<Issuance> =>
  new Issuance({ ...core, issued: () => issuedEver(core) }).start()

const issuedEver = async ({ store, partitions }: Core): Promise<number> =>
  (await sumTotals(store, partitions)).issued

async function openAccounts(
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
    birthdayOf: (account) => birthdayOf(core.gate, account),
  })
}

type Tell = (change: AccountChange) => Promise<void>

/** Shows a change on the viewer's devices at once; where that fails they catch up by themselves. */
const telling =
  ({ log }: Core, accounts: Accounts): Tell =>
  (change) =>
    accounts
      .tell(change)
      .catch((error: unknown) => log.warn({ err: error }, 'devices could not be told'))

function openWallets(
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

function openMerges(core: Core, accounts: Accounts, wallets: Wallets): Merges {
  return new Merges({
    ...core,
    registry: core.gate,
    wallets,
    certain: certainBy(core),
    read: (account) => accounts.standing(account),
    changeGrowth: (change) => accounts.changeGrowth(change),
  })
}

/** What every role uses. */
interface Parts {
  issuance: Issuance
  accounts: Accounts
  cashback: Cashback
  past: Past
  wallets: Wallets
  gifts: Gifts
  effects: Effects
  rewards: Rewards
  merges: Merges
  invites: Invites
  packs: Packs
  targeting: Targeting
  boards: Boards
}

async function startGateway(core: Core, parts: Parts): Promise<Role> {
  const { issuance, past, effects, rewards, packs, targeting, boards } = parts
  const { config, store, log, onError } = core
  const { port, processes, transport, allowedOrigins, ...limits } = config.gateway
  const bus = { publish: duplicate(store, { onError }), subscribe: duplicate(store, { onError }) }
  const gateway = new Gateway({
    ...core,
    ...limits,
    issuance,
    effects,
    packs,
    targeting,
    boards,
    number: await nextGateway(store),
    journalMax: config.redis.journalEntriesMax,
    transport: await createTransport({ wanted: transport, shared: processes > 1, log }),
    port,
    trustedProxies: config.trustedProxies,
    allowOrigin: createOriginCheck({
      publicUrl: config.publicUrl,
      apiPort: config.api.port,
      allowed: allowedOrigins,
    }),
    bus,
    rewards,
    history: ({ account, hub: { payers } }, before) =>
      past.history({ account, payers, ...(before !== undefined && { before }) }),
  })
  core.onRevoked((who) => gateway.revoked(who))
  await gateway.start()
  log.info({ port, transport: gateway.transport }, 'gateway listens')
  return {
    checks: () =>
      Object.entries(gateway.health()).map(([name, state]) => ({
        name: `gateway ${name}`,
        ok: state === true,
        ...(state !== true && { detail: state }),
      })),
    async stop() {
      await gateway.drain()
      bus.publish.disconnect()
      bus.subscribe.disconnect()
    },
  }
}

type WorkerRole = Role & { endLive: (room: string) => Promise<LiveAnswer> }

async function startWorker(core: Core, parts: Parts): Promise<WorkerRole> {
  const {
    issuance,
    accounts,
    cashback,
    wallets,
    gifts,
    effects,
    rewards,
    merges,
    invites,
    packs,
    targeting,
    boards,
  } = parts
  const { config } = core
  const [secret] = config.keys.sessions
  const [own] = config.keys.api
  const settle: Resolve = (hold) => effects.settleHold(hold)
  const worker = await createWorker({
    ...core,
    issuance,
    wallets,
    games: createResults({
      ...core,
      wallets,
      registry: core.gate,
      goods: rewards.awards,
      creditPart: (part) => creditPart(accounts, part),
    }),
    merges,
    invites,
    targeting,
    boards,
    resolvers: {
      // Ended by the merge itself, however late.
      merge: async () => 'later',
      pending: (hold) => cashback.resolve(hold),
      effect: settle,
      draw: settle,
      redemption: (hold) => rewards.redemptions.resolve(hold),
      async transfer(hold) {
        const { ok } = await gifts.finish(hold)
        return ok ? 'capture' : 'later'
      },
    },
    dataDir: config.dataDir,
    anchors: { file: config.anchorsFile, key: secret && anchorKey(secret) },
    journalMax: config.redis.journalEntriesMax,
    pepper: core.gate.pepper,
    webhooks: config.webhooks,
    ...(own && { economy: { brand: own.brand } }),
    studies: () => studiesOf(core),
    chores: [
      experimentChore({ ...core, brownoutLevel: () => issuance.brownout.level }),
      rewardChore(core, rewards),
      { waits: 'packs wait', by: 'each', everyMs: PACKS_MS, run: (slot) => packs.pass(slot) },
      dryRunChore(core, playAttached(process.execPath, [...process.execArgv, ...program()])),
      {
        waits: 'leases of processes that ended are not freed',
        by: 'first',
        everyMs: IDLE_LEASES_MS,
        run: () => freeIdleLeases(core.store, { issued: () => issuedEver(core) }),
      },
    ],
  })
  return {
    endLive: (room) => worker.endLive(room),
    checks() {
      const { ok, problems, notes } = worker.health()
      const detail = [...problems, ...notes].join('; ')
      return [{ name: 'worker', ok, ...(detail !== '' && { detail }) }]
    },
    stop: () => worker.stop(),
  }
}

/** Experiments of which each account is counted. */
const studiesOf = ({ playing, rulebook }: Core): Study[] =>
  playing.studied.map(({ id, unit, startsAtMs = 0, endsAtMs = 0, ended }) => ({
    id,
    fromMs: startsAtMs,
    untilMs: ended?.atMs ?? endsAtMs,
    byVersion: unit === 'room',
    fenOf: (ruleNo) => rulebook().book.earn.find(({ no }) => no === ruleNo)?.per ?? 1,
  }))

/** The file that this process runs, which has all commands. */
const program = (): string[] => process.argv.slice(1, 2)

/** Under the id that a gateway would have credited it with, in the room where it was done. */
async function creditPart(
  accounts: Accounts,
  { account, room, game, kind }: Parameters<CreditPart>[0],
): Promise<void> {
  const action = kind === 'vote' ? 'vote' : 'join'
  const id = partId({ room, game })
  const scored = await accounts.scoreEvent({
    ...{ id, body: room, account, brand: '', room, action, units: 1 },
  })
  if (!scored.ok && scored.code !== 'room_not_found')
    throw new Error(`a part in a game could not be credited: ${scored.code}`)
}

/** Named checks of everything this process runs. */
const readiness =
  ({ store, shards, clockNote, older }: Core, roles: readonly Role[]) =>
  async (): Promise<Check[]> => {
    const { ok, problems, notes } = shards.health()
    return [
      { name: 'redis', ok: store.status === 'ready', detail: store.status },
      { name: 'shards', ok, detail: [...problems, ...notes].join('; ') },
      { name: 'data', ok: older() === '', detail: older() },
      { name: 'clock', ok: true, detail: clockNote() },
      ...roles.flatMap((role) => role.checks()),
    ]
  }

/** Health and metrics where this process has no API. */
async function startWatch(core: Core, roles: readonly Role[]): Promise<Role> {
  const { config, log } = core
  const watch = createWatch({
    log,
    site: { metricsToken: config.api.metricsToken },
    ready: readiness(core, roles),
  })
  const listening = await listen(watch, { port: config.api.port })
  return { checks: () => [], stop: () => listening.close(API_GRACE_MS) }
}

interface ApiParts extends Parts {
  roles: readonly Role[]
  endRoom: (room: string) => Promise<LiveAnswer>
}

async function startApi(core: Core, { roles, endRoom, ...parts }: ApiParts): Promise<Role> {
  const { config, store, log, partitions } = core
  const local = 'http://127.0.0.1'
  const crowd = createCrowd({
    url: `${local}:${config.gateway.port}`,
    ticketUrl: `${local}:${config.api.port}/v1/demo/ticket`,
    log,
  })
  const api = createApi({
    ...core,
    apiKeys: apiKeys(config.keys.api),
    site: {
      publicUrl: config.publicUrl,
      gatewayPort: config.gateway.port,
      allowedOrigins: config.gateway.allowedOrigins.map(({ origin }) => origin),
      trustedProxies: config.trustedProxies,
      metricsToken: config.api.metricsToken,
      privateWebhooks: config.webhooks.allowPrivate,
      rulesReviewed: config.rulesReviewed,
    },
    pages: loadPages(DIST),
    ...parts,
    experiments: new Experiments(core),
    orders: new Orders({
      ...core,
      wallets: parts.wallets,
      journalMax: config.redis.journalEntriesMax,
      settledIn: (account) => settledIn(store, account),
    }),
    endLive: endRoom,
    roomNow: createRoomWatch({ ...core, gateway: await nextGateway(store) }),
    conservation: () => sumTotals(store, partitions),
    settlement: () => readSettlement(store, partitions),
    ready: readiness(core, roles),
    ...(config.demo && { demo: { room: DEMO.id, brand: demoBrand(config), crowd } }),
  })
  const listening = await listen(api, { port: config.api.port })
  log.info({ port: config.api.port }, 'api listens')
  return {
    checks: () => [],
    async stop() {
      crowd.stop()
      await listening.close(API_GRACE_MS)
    },
  }
}

/** Notes that the live shall end; a worker elsewhere takes all steps, and finishes them after any crash. */
async function askEnd({ store }: Core, id: string): Promise<LiveAnswer> {
  const room = await getRoom(store, id)
  return room ? endLive(store, { room: id, live: room.live.no }) : refuse('room_not_found')
}
