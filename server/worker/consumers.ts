/** The consumers of a journal as a worker has them, each told only of what may concern it. */

import { registry } from '../kernel/index.ts'
import { mayTellOf } from '../scoring/index.ts'
import { boardsConsumer } from './boards/consumer.ts'
import { claimsConsumer } from './claims.ts'
import { clubsConsumer } from './clubs.ts'
import type { Consumer } from './consumer.ts'
import { economyConsumer } from './economy/consumer.ts'
import { historyConsumer } from './history.ts'
import { INVITED_ACTIONS, invitesConsumer } from './invites.ts'
import type { Kind } from './journal.ts'
import { livesConsumer } from './lives.ts'
import { momentsConsumer } from './moments.ts'
import { rememberRooms } from './places.ts'
import { patientReading, skimWhere } from './reading.ts'
import { salesConsumer } from './sales.ts'
import { segmentsConsumer } from './segments.ts'
import { targetingConsumer } from './targeting.ts'
import { teamsConsumer } from './teams.ts'
import { createTierUps } from './tier-ups.ts'
import { createWebhooks, type Webhooks } from './webhooks/webhooks.ts'
import type { WorkerDeps } from './worker.ts'

interface Unreadable {
  inc(labels: { consumer: string }): void
}

export async function createConsumers(
  deps: WorkerDeps,
  unreadable: Unreadable,
): Promise<{ consumers: Consumer[]; webhooks: Webhooks }> {
  const { store, log } = deps
  const roomOf = rememberRooms(store)
  const readingFor = (kind: Kind) =>
    patientReading((error, { id }) => {
      unreadable.inc({ consumer: kind })
      log.error({ err: error, id, consumer: kind }, 'a journal element is unreadable')
    })
  const webhooks = await createWebhooks({
    ...deps,
    registry: deps,
    roomOf,
    skim: skimWhere(readingFor('webhooks'), ({ promotes, scored }) => promotes || !scored),
    metrics: deps.registry ?? registry,
    settings: deps.webhooks,
  })
  const consumers = [
    segmentsConsumer({ store, dataDir: deps.dataDir, log }),
    momentsConsumer({
      roomOf,
      skim: skimWhere(readingFor('moments'), ({ promotes }) => promotes),
      tierUps: createTierUps(deps),
    }),
    claimsConsumer({
      ...deps,
      roomOf,
      skim: skimWhere(readingFor('claims'), ({ claims }) => claims),
    }),
    historyConsumer({ store, log, reading: readingFor('history') }),
    webhooks.consumer,
    livesConsumer({
      store,
      skim: skimWhere(readingFor('lives'), (about) => mayTellOf(about, 'watch')),
    }),
    invitesConsumer({
      ...deps,
      skim: skimWhere(readingFor('invites'), (about) => mayTellOf(about, ...INVITED_ACTIONS)),
    }),
    economyConsumer({ ...deps, reading: readingFor('economy') }),
    targetingConsumer({ ...deps, roomOf, reading: readingFor('targeting') }),
    salesConsumer({ ...deps, skim: skimWhere(readingFor('sales'), ({ scored }) => !scored) }),
    boardsConsumer({ ...deps, roomOf, reading: readingFor('boards') }),
    clubsConsumer({ ...deps, roomOf, reading: readingFor('clubs') }),
    teamsConsumer({ ...deps, reading: readingFor('teams') }),
  ]
  return { consumers, webhooks }
}
