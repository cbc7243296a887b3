import { beforeEach, expect, test } from 'vitest'
import { newBehaviour } from '../../shared/behaviour.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { setReplay } from '../rooms/index.ts'
import { listReplays } from './replays.ts'

let store: Store
useRedis(async (server) => {
  store = await server.connect()
})
beforeEach(async () => {
  await store.flushall()
})

const viewer = { account: 5 } as Parameters<typeof listReplays>[1]
/** Of a viewer who watches the kitchen and the garden, and was last in live 7. */
const targeting = {
  read: async () => ({
    ...newBehaviour(1),
    rooms: ['kitchen', 'garden', 'attic'].map((id) => ({ id, watchedSec: 600 })),
    visit: { ...newBehaviour(1).visit, live: 7 },
  }),
  factor: async () => 1,
}

test('[RP2 001-30] a viewer is led to replays of the own rooms only, newest first, and told which were missed', async () => {
  const url = (room: string) => `https://shop.example/${room}`
  await setReplay(store, 'kitchen', { live: 6, url: url('old'), atMs: 1 })
  await setReplay(store, 'kitchen', { live: 7, url: url('kitchen'), atMs: 2 })
  await setReplay(store, 'garden', { live: 9, url: url('garden'), atMs: 3 })
  await setReplay(store, 'elsewhere', { live: 8, url: url('elsewhere'), atMs: 4 })
  const { replays } = await listReplays({ store, targeting }, viewer)
  expect(replays).toEqual([
    { room: 'garden', live: 9, url: url('garden'), atMs: 3, missed: true },
    { room: 'kitchen', live: 7, url: url('kitchen'), atMs: 2, missed: false },
  ])
  const nobody = { ...targeting, read: async () => undefined }
  expect(await listReplays({ store, targeting: nobody }, viewer)).toMatchObject({ replays: [] })
})
