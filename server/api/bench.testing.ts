/** A stand for tests: the API over a real Redis, rooms, rules and scoring; only the clock is ours. */

import { deepStrictEqual } from 'node:assert'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { Effects } from '../effects/index.ts'
import { ensureRulebook } from '../governance/index.ts'
import {
  type ApiKeys,
  apiKeys,
  issueTicket,
  openPepper,
  sessionKeys,
  signRequest,
  ticketKeys,
} from '../identity/index.ts'
import { createLog, must, systemClock } from '../kernel/index.ts'
import { formerOf, Merges, settledIn } from '../merges/index.ts'
import { createPartitions, openTestClock, type Store } from '../redis/index.ts'
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
import { Gifts, readSettlement, sumTotals, Wallets } from '../wallet/index.ts'
import { type Api, createApi } from './api.ts'
import type { ApiDeps } from './deps.ts'
import type { Pages } from './pages.ts'
import { routes } from './routes/index.ts'

export const NOW = Date.UTC(2026, 9, 1, 12)
const secret = (text: string) => ({ reveal: () => text.padEnd(40, '.') })
const CONFIGURED = [
  { kid: 's1', brand: 'acme', secret: secret('api secret of acme') },
  { kid: 's2', brand: 'acme', secret: secret('next api secret of acme') },
  { kid: 's9', brand: 'other', secret: secret('api secret of other') },
]

export interface Ask {
  method?: string
  body?: unknown
  /** Sent as it is, instead of `body`. */
  raw?: string | Uint8Array
  /** Key that signs; `none` leaves the signature out. */
  kid?: string
  headers?: Record<string, string>
  key?: string
  peer?: string
}

export interface Told {
  status: number
  body: Record<string, unknown>
  text: string
  headers: Headers
}

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

/** Every answer in tests is what OpenAPI says: nothing missing, nothing that is not described. */
function checkShape(
  method: string,
  path: string,
  { status, text }: { status: number; text: string },
) {
  if (status !== 200) return
  const [plain = ''] = path.split('?')
  for (const { spec } of routes) {
    const form = new RegExp(`^${spec.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
    if (spec.method !== method || !form.test(plain)) continue
    const body: unknown = JSON.parse(text)
    deepStrictEqual(spec.reply.parse(body), body)
  }
}

/** Calls the API as a merchant's server would. */
function asking(api: Api, keys: ApiKeys, now: () => number) {
  return async (path: string, wanted: Ask = {}): Promise<Told> => {
    const { body, raw, kid = 's1', headers = {}, key, peer = '203.0.113.5' } = wanted
    const method = wanted.method ?? (body === undefined && raw === undefined ? 'GET' : 'POST')
    const bytes = raw ?? (body === undefined ? '' : JSON.stringify(body))
    const signer = keys.get(kid)
    const request = new Request(`http://localhost:7070${path}`, {
      method,
      headers: {
        ...(bytes === '' ? {} : { 'content-type': 'application/json' }),
        ...(signer
          ? {
              'x-fanfare-signature': signRequest(signer, {
                method,
                path,
                body: bytes,
                nowMs: now(),
              }),
            }
          : {}),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...headers,
      },
      ...(bytes === '' ? {} : { body: typeof bytes === 'string' ? bytes : Buffer.from(bytes) }),
    })
    const response = await api.fetch(request, peer)
    const text = await response.text()
    checkShape(request.method, path, { status: response.status, text })
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return {
      status: response.status,
      text,
      headers: response.headers,
      body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
    }
  }
}

export async function createBench(store: Store, more: Partial<ApiDeps> = {}) {
  openTestClock()
  await store.flushall()
  let nowMs = NOW
  const published = await ensureRulebook(store)
  const sessions = sessionKeys([secret('session secret')])
  const partitions = createPartitions(8)
  const revoked = new Set<string | number>()
  const gate = {
    store,
    partitions,
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

  const stand = {
    store,
    partitions,
    clock: { ...systemClock, now: () => nowMs },
    rulebook: () => more.rulebook?.() ?? published,
    journalMax: 1000,
    numbersOf: (brands: readonly string[]) => brandNumbers(store, brands),
    nowMs: () => nowMs,
  }
  const accounts = new Accounts({
    ...stand,
    shards: { epoch: () => 'e1', indexOfSlot: () => 0 },
    readRoom: (id) => readRoom(store, published, id),
  })
  const wallets = new Wallets(stand)
  const orders = new Orders({
    ...stand,
    wallets,
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
    formerOf: async (account) =>
      ((await formerOf(store, [account])).get(account) ?? []).map((one) => one.account),
    keys: sessions.pickup,
    standing: async () => ({ growth: 0, rung: 0, spendable: 0, session: 0 }),
  })
  const keys = apiKeys(CONFIGURED)
  const none = async () => 'elsewhere' as const
  const deps: ApiDeps = {
    gate,
    apiKeys: keys,
    clock: { ...systemClock, now: () => nowMs },
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
    accounts,
    past: new Past({ ...stand, archived: { lines: none, sum: none } }),
    wallets,
    effects: new Effects({
      store,
      partitions,
      clock: { ...systemClock, now: () => nowMs },
      rulebook: () => published,
      wallets,
      registry: gate,
      goods: rewards.awards,
      nowMs: () => nowMs,
    }),
    orders,
    invites,
    merges,
    rewards,
    gifts: new Gifts({ ...stand, wallets }),
    settlement: () => readSettlement(store, partitions),
    async endLive(id) {
      const room = must(await getRoom(store, id), 'a room')
      const step = { room: id, live: room.live.no, nowMs }
      const ending = await endLive(store, step)
      return ending.ok ? finishLive(store, step) : ending
    },
    roomNow: createRoomWatch({ ...stand, gateway: 1 }),
    conservation: () => sumTotals(store, partitions),
    ready: async () => [{ name: 'redis', ok: true }],
    demo: { room: 'demo', brand: 'acme' },
    ...more,
  }
  const api: Api = createApi(deps)

  const ask = asking(api, keys, () => nowMs)

  return {
    api,
    ask,
    deps,
    gate,
    revoked,
    sign: (kid: string, request: Omit<Parameters<typeof signRequest>[1], 'nowMs'>) =>
      signRequest(must(keys.get(kid), kid), { ...request, nowMs }),
    ticket: (claims: Partial<Parameters<typeof issueTicket>[1]> = {}) =>
      issueTicket(gate.tickets, {
        viewer: 'host-1',
        room: 'r1',
        brand: 'acme',
        role: 'host',
        name: 'Ann',
        nowMs,
        ...claims,
      }),
    /** A room of the brand with an open live. */
    async openRoom(id = 'r1', kid = 's1') {
      await ask('/v1/rooms', { body: { id, name: `Room ${id}` }, kid })
      return ask(`/v1/rooms/${id}/start`, { method: 'POST', kid })
    },
    passMs: (ms: number) => {
      nowMs += ms
    },
  }
}

export type Bench = Awaited<ReturnType<typeof createBench>>
