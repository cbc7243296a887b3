/** The role of the API: HTTP and pages. Where a process has no API, its health and metrics. */

import { fileURLToPath } from 'node:url'
import { refuse } from '../../shared/errors.ts'
import {
  type Check,
  createApi,
  createWatch,
  listen,
  loadPages,
  perAddressMax,
} from '../api/index.ts'
import type { Core } from '../core.ts'
import { nextGateway } from '../data.ts'
import { Experiments } from '../experiments/index.ts'
import { apiKeys } from '../identity/index.ts'
import { settledIn } from '../merges/index.ts'
import { endLive, getRoom, type LiveAnswer } from '../rooms/index.ts'
import { createRoomWatch, Orders } from '../scoring/index.ts'
import { readSettlement, sumTotals } from '../wallet/index.ts'
import { createCrowd } from './crowd.ts'
import { DEMO, demoBrand } from './demo.ts'
import type { Parts } from './parts.ts'
import type { Role } from './role.ts'

type Ready = () => Promise<Check[]>
type EndLive = (room: string) => Promise<LiveAnswer>

/** Requests under way get this long when the service stops. */
const API_GRACE_MS = 5000
/** Pages and scripts, beside the server's own bundle. */
const DIST = fileURLToPath(new URL('..', import.meta.url))

export async function startApi(
  core: Core,
  parts: Parts,
  { ready, endLive }: { ready: Ready; endLive: EndLive },
): Promise<Role> {
  const { config, store, log, partitions } = core
  const crowd = crowdOf(core)
  const api = createApi({
    ...core,
    ...parts,
    apiKeys: apiKeys(config.keys.api),
    site: siteOf(core),
    pages: loadPages(DIST),
    experiments: new Experiments(core),
    orders: new Orders({
      ...core,
      wallets: parts.wallets,
      journalMax: config.redis.journalEntriesMax,
      settledIn: (account) => settledIn(store, account),
    }),
    endLive,
    roomNow: createRoomWatch({ ...core, gateway: await nextGateway(store) }),
    conservation: () => sumTotals(store, partitions),
    settlement: () => readSettlement(store, partitions),
    ready,
    ...(config.demo && { demo: { room: DEMO.id, brand: demoBrand(config), crowd } }),
  })
  const listening = await listen(api, {
    port: config.api.port,
    ...perAddressMax(config.trustedProxies),
  })
  log.info({ port: config.api.port }, 'api listens')
  return {
    checks: () => [],
    async stop() {
      crowd.stop()
      await listening.close(API_GRACE_MS)
    },
  }
}

const siteOf = ({ config }: Core) => ({
  publicUrl: config.publicUrl,
  gatewayPort: config.gateway.port,
  allowedOrigins: config.gateway.allowedOrigins.map(({ origin }) => origin),
  trustedProxies: config.trustedProxies,
  metricsToken: config.api.metricsToken,
  privateWebhooks: config.webhooks.allowPrivate,
  rulesReviewed: config.rulesReviewed,
})

function crowdOf({ config, log }: Core) {
  const local = 'http://127.0.0.1'
  return createCrowd({
    url: `${local}:${config.gateway.port}`,
    ticketUrl: `${local}:${config.api.port}/v1/demo/ticket`,
    log,
  })
}

/** Notes that the live shall end; a worker elsewhere takes all steps, and finishes them after any crash. */
export const askEnd =
  ({ store }: Core): EndLive =>
  async (id) => {
    const room = await getRoom(store, id)
    return room ? endLive(store, { room: id, live: room.live.no }) : refuse('room_not_found')
  }

/** Health and metrics where this process has no API. */
export async function startWatch({ config, log }: Core, ready: Ready): Promise<Role> {
  const { metricsToken, port } = config.api
  const watch = createWatch({ log, site: { metricsToken }, ready })
  const listening = await listen(watch, { port, ...perAddressMax(config.trustedProxies) })
  return { checks: () => [], stop: () => listening.close(API_GRACE_MS) }
}
