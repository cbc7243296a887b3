/** The role of a gateway: sockets of viewers, hosts and stages. */

import type { Core } from '../core.ts'
import { nextGateway } from '../data.ts'
import { createOriginCheck, createTransport, Gateway } from '../gateway/index.ts'
import { duplicate } from '../redis/index.ts'
import type { Parts } from './parts.ts'
import type { Role } from './role.ts'

export async function startGateway(core: Core, parts: Parts): Promise<Role> {
  const { issuance, past, effects, rewards, packs, targeting, boards, clubs, teams, invites } =
    parts
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
    clubs,
    teams,
    invites,
    rewards,
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
