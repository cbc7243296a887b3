import { describe, expect, test } from 'vitest'
import { openTestClock, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { endLive, momentsAfter, tiersReached } from '../rooms/index.ts'
import { claimPlaces, startCampaign, startTask } from '../tasks/index.ts'
import {
  CAMPAIGN,
  openGateway,
  openRoom,
  published,
  START_MS,
  TASK,
  TestGateway,
} from './pulse.testing.ts'
import { toHostPulse, toRoomPulse } from './room-view.ts'

let redis: Store
useRedis(async (server) => {
  openTestClock()
  redis = await server.connect()
})

const gateway = (part?: { gateway?: number; incarnation?: string }) => openGateway(redis, part)

describe('tasks and campaigns', () => {
  test('[T8] a pulse carries what runs, with the places left', async () => {
    const g = await gateway()
    const at = { room: g.at.room, nowMs: START_MS }
    await startTask(redis, { ...at, ...TASK, quota: 3 })
    await startCampaign(redis, { ...at, ...CAMPAIGN })
    const claims = [{ account: 'ann', reachedAtMs: START_MS }]
    await claimPlaces(redis, { ...at, task: 1, claims })
    const result = await g.pulse(START_MS + 1000)
    expect(result.tasks).toMatchObject([{ task: 1, action: 'share', quota: 3, left: 2 }])
    expect(result.campaigns).toMatchObject([{ campaign: 2, action: 'share', factor: 2000 }])
    const view = toRoomPulse(result, { published: published(), durable: [], epochs: [] })
    expect(view.heat.multipliers).toEqual({ share: 2000 })
  })

  test('[T5] the pulse after the end tells the room, once, however many gateways pulse', async () => {
    const at = await openRoom(redis)
    const gateways = [1, 2, 3].map((n) => new TestGateway(redis, { ...at, gateway: n }))
    await startTask(redis, { room: at.room, nowMs: START_MS, ...TASK })
    await startCampaign(redis, { room: at.room, nowMs: START_MS, ...CAMPAIGN })
    for (const g of gateways) await g.pulse(START_MS + 59_999)
    await Promise.all(gateways.map((g) => g.pulse(START_MS + 60_000)))
    const results = await Promise.all(gateways.map((g) => g.pulse(START_MS + 60_001)))
    expect(results.map((r) => [r.tasks, r.campaigns, r.seq])).toEqual([
      [[], [], 4],
      [[], [], 4],
      [[], [], 4],
    ])
    const read = await momentsAfter(redis, {
      room: at.room,
      epoch: results[0]?.epoch ?? '',
      seq: 2,
    })
    expect(read?.moments).toEqual([
      { seq: 3, atMs: START_MS + 60_000, kind: 'task.ended', task: 1, won: 0 },
      { seq: 4, atMs: START_MS + 60_000, kind: 'campaign.ended', campaign: 2 },
    ])
    await gateways[0]?.pulse(START_MS + 180_001)
    expect(await redis.exists(`ff:{r:${at.room}}:runs`)).toBe(0)
  })

  test('[T9] the end of the live ends them; late claims are still decided', async () => {
    const g = await gateway()
    await startTask(redis, { room: g.at.room, nowMs: START_MS, ...TASK, quota: 3 })
    await endLive(redis, { ...g.at, nowMs: START_MS + 1000 })
    const result = await g.pulse(START_MS + 1200)
    expect(result.tasks).toEqual([])
    expect(result.moments).toBeUndefined()
    const claims = [{ account: 'ann', reachedAtMs: START_MS + 1100 }]
    const late = { room: g.at.room, task: 1, claims, nowMs: START_MS + 6000 }
    expect(await claimPlaces(redis, late)).toEqual({
      ok: true,
      atMs: START_MS + 6000,
      places: [{ state: 'won', rank: 1 }],
    })
  })

  test('[Q5] a pulse with a host brings the cues', async () => {
    const g = await gateway()
    const ann = {
      account: 'ann',
      ladder: 'cn_5',
      rung: 1,
      promotion: 1,
      handle: 'ann',
      name: 'Ann',
    }
    await tiersReached(redis, {
      ...{ room: g.at.room, reached: [ann], nowMs: START_MS },
      announcement: 'hostCueAndOverlay',
    })
    const result = await g.pulse(START_MS, { host: true })
    expect(toHostPulse(result, []).cues).toMatchObject([{ rung: 1, names: ['Ann'], held: false }])
    expect((await g.pulse(START_MS)).cues).toBeUndefined()
  })
})
