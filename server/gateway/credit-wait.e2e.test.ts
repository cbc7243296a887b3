import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stand, startStand } from './stand.testing.ts'

const WAIT = 'fanfare_gateway_credit_wait_ms'
const PAUSE_MS = 600

let stand: Stand
beforeAll(async () => {
  stand = await startStand()
})
afterAll(() => stand?.stop())

const answered = () => stand.metric(`${WAIT}_count`)
const inTime = () => stand.metric(`${WAIT}_bucket{le="200"}`)
const waitedMs = () => stand.metric(`${WAIT}_sum`)

test('[GW20 000-13] what a viewer waits for points is measured from the command on, also where Redis is slow', async () => {
  await stand.neighbourIsServed()
  const [count, good, ms] = [await answered(), await inTime(), await waitedMs()]
  expect(count).toBeGreaterThan(0)
  await stand.store.call('CLIENT', 'PAUSE', String(PAUSE_MS), 'WRITE')
  await stand.neighbourIsServed()
  expect(await answered()).toBe(count + 1)
  expect(await inTime()).toBe(good)
  expect((await waitedMs()) - ms).toBeGreaterThan(PAUSE_MS / 2)
})
