import { expect, test } from 'vitest'
import { openTestClock, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { openGateway, START_MS } from '../scoring/pulse.testing.ts'
import { Gathered } from './gathered.ts'

let redis: Store
useRedis(async (server) => {
  openTestClock()
  redis = await server.connect()
})

test('[GW24] what a rush leaves for the next pulses goes out with them, as much as each takes, and the newest stay', async () => {
  const gateway = await openGateway(redis)
  let gathered = new Gathered()
  for (let i = 1; i <= 230; i++)
    gathered.say({ handle: `v${i}`, name: 'Ann', rung: 0, text: `Nr ${i}`, atMs: START_MS })
  const shown: string[] = []
  for (let tick = 1; !gathered.isEmpty; tick++) {
    const later = new Gathered()
    const { comments } = await gateway.pulse(START_MS + tick * 1000, gathered.share(later))
    shown.push(...comments.map(({ text }) => text))
    gathered = later
  }
  expect(shown).toEqual(Array.from({ length: 200 }, (_, i) => `Nr ${i + 31}`))
})
