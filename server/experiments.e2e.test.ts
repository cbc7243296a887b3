/** Experiments over real sockets: two gateway processes, prices of the shelf, the checkout, and the switch that stops. */

import { beforeAll, describe, expect, test } from 'vitest'
import type { Scored } from '../shared/account-state.ts'
import type { Experiment, Results } from '../shared/experiments.ts'
import type { RedemptionView, RewardView } from '../shared/rewards.ts'
import { publishPlain } from './gateway/exactly-once.testing.ts'
import { type Asking, askApi, askSocket } from './merchant.testing.ts'
import type { TestService } from './service.testing.ts'
import { useServices, visit } from './use-services.testing.ts'

const services = useServices()
let first: TestService
let second: TestService
beforeAll(async () => {
  await publishPlain(services.store())
  ;[first, second] = await services.start('gateway,api,worker', 'gateway')
})

const call = <T>(...[path, asking]: [string, Asking?]) => askApi<T>(first.apiUrl, path, asking)
/** So many that both halves have some, whatever the key of the assignment. */
const VIEWERS = Array.from({ length: 24 }, (_, i) => `v${i}`)
const LIKES = 10
/** What a like pays in the arm, and how many times the listed points a reward costs. */
const POINTS = 3
const FACTOR = 1.5
const LISTED = 20

/** Likes once on a gateway; answers the points of it. */
async function likeAt(
  service: TestService,
  viewer: string,
): Promise<{ points: number; rulebook: number }> {
  const socket = await visit(service, { viewer })
  const scored = await askSocket<Scored>(socket, 'like.send', { seq: 1, count: LIKES })
  socket.close()
  const receipt = scored.receipts.find(({ rule }) => rule === 'like')
  return { points: receipt?.points ?? 0, rulebook: receipt?.rulebook ?? 0 }
}
const shown = async () =>
  (await call<{ experiments: { experiment: Experiment; results?: Results }[] }>('/v1/experiments'))
    .experiments[0]
const inArm = new Map<string, boolean>()

describe('a ratio of redemption that is tried by half of the viewers', () => {
  test('[X1 X4 003-05] one viewer earns by the same rules on both gateways; the receipt names the version', async () => {
    const plan = {
      id: 'ratio',
      name: '换购比例',
      goal: 'inflation',
      control: 500,
      arms: [
        {
          id: 'dearer',
          name: '贵一半',
          share: 500,
          changes: [
            { field: 'redemption.factor', value: FACTOR },
            { field: 'earn.like.points', value: POINTS },
          ],
        },
      ],
      days: 7,
    }
    expect(await call('/v1/experiments', { body: plan })).toMatchObject({
      experiment: { state: 'planned' },
    })
    expect(await call('/v1/experiments/ratio/start', { method: 'POST' })).toMatchObject({
      experiment: { state: 'running', base: 1, arms: [{ version: 2 }] },
    })
    // It begins two seconds later, by the time that all processes have.
    await expect
      .poll(
        async () =>
          Promise.all(VIEWERS.map((viewer) => likeAt(second, viewer))).then(
            (all) => new Set(all.map(({ rulebook }) => rulebook)).size,
          ),
        { timeout: 20_000, interval: 500 },
      )
      .toBe(2)
    const likesAt = (service: TestService) =>
      Promise.all(VIEWERS.map((viewer) => likeAt(service, viewer)))
    const [ones, twos] = [await likesAt(first), await likesAt(second)]
    expect(ones).toEqual(twos)
    for (const [i, { points, rulebook }] of ones.entries()) {
      expect(points).toBe(LIKES * (rulebook === 2 ? POINTS : 1))
      inArm.set(VIEWERS[i] ?? '', rulebook === 2)
    }
    expect(new Set(inArm.values()).size).toBe(2)
  })

  test('[X16] each viewer reads the rules by which they play', async () => {
    for (const arm of [true, false]) {
      const socket = await visit(second, {
        viewer: [...inArm].find(([, is]) => is === arm)?.[0] ?? '',
      })
      const own = await askSocket<{ ok: true; version: number }>(socket, 'rulebook.own', {})
      expect(own).toEqual({ ok: true, version: arm ? 2 : 1 })
      socket.close()
      const said = await call<{ version: number; earn: { id: string; points: number }[] }>(
        `/v1/rulebook/sentences?version=${own.version}`,
      )
      expect(said.version).toBe(own.version)
      expect(said.earn.find(({ id }) => id === 'like')?.points).toBe(arm ? POINTS : 1)
    }
  })

  test('[X14 003-44] each half pays its own ratio: on the shelf, for what it takes, and at the checkout', async () => {
    await call('/v1/rewards/oats', {
      body: { title: { zh: '燕麦', en: 'Oats' }, kind: 'item', points: LISTED, worthFen: LISTED },
    })
    for (const arm of [true, false]) {
      const viewer = [...inArm].find(([, is]) => is === arm)?.[0] ?? ''
      const socket = await visit(second, { viewer })
      const cost = arm ? LISTED * FACTOR : LISTED
      const listed = () => askSocket<{ rewards?: RewardView[] }>(socket, 'reward.list', {})
      await expect
        .poll(async () => (await listed()).rewards?.find(({ id }) => id === 'oats')?.cost.points, {
          interval: 300,
        })
        .toBe(cost)
      const wish = { id: `wish-${viewer}-0001`, reward: 'oats' }
      const redeemed = await askSocket<{ redemption: RedemptionView }>(
        socket,
        'reward.redeem',
        wish,
      )
      expect(redeemed).toMatchObject({ redemption: { state: 'issued', points: cost } })
      await call(`/v1/accounts/${viewer}/adjust`, { body: { points: 1000, note: 'for a test' } })
      const quote = await call('/v1/checkout/quote', { body: { viewer, amountFen: 600 } })
      expect(quote).toMatchObject({ points: arm ? 600 * FACTOR : 600, offsetFen: 600, restFen: 0 })
      socket.close()
    }
  })

  test('[X12 X7] what happened is counted, and the switch stops it everywhere at once', async () => {
    await expect
      .poll(
        async () => (await shown())?.results?.arms.reduce((sum, { viewers }) => sum + viewers, 0),
        { timeout: 45_000, interval: 500 },
      )
      .toBe(VIEWERS.length)
    expect(await call('/v1/experiments/ratio/stop', { body: {} })).toMatchObject({
      experiment: { state: 'ended', ended: { why: 'operator' } },
    })
    await expect
      .poll(
        async () =>
          (
            await Promise.all(
              [first, second].flatMap((service) =>
                VIEWERS.slice(0, 4).map((viewer) => likeAt(service, viewer)),
              ),
            )
          ).every(({ rulebook }) => rulebook === 1),
        { timeout: 20_000, interval: 300 },
      )
      .toBe(true)
  })
})
