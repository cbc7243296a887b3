/** The demo room in a real browser: what `npm start` shows first, and the crowd that it can call. */

import { afterAll, beforeAll, beforeEach, describe, test } from 'vitest'
import { buildWhenStale } from '../server/provision.mjs'
import { startRedis, type TestRedis } from '../server/redis/testing.ts'
import { startService, type TestService } from '../server/service.testing.ts'
import {
  DESKTOP,
  launchBrowser,
  says,
  type TestBrowser,
  until,
  withoutBrowser,
} from './browser.testing.ts'
import { CROWD_SIZE } from './demo/model.ts'

describe.skipIf(withoutBrowser)('the demo room', () => {
  let redis: TestRedis
  let service: TestService
  let browser: TestBrowser

  beforeAll(async () => {
    await buildWhenStale()
    redis = await startRedis()
    service = await startService({ redisUrl: redis.url, roles: 'gateway,api,worker' })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.kill()
    await redis?.stop()
  })
  beforeEach(() => browser.watch())

  /** Open sockets, as the gateway counts them. */
  const connections = async (): Promise<number> => {
    const text = await (await fetch(`${service.apiUrl}/metrics`)).text()
    return Number(/^fanfare_gateway_connections(?:\{.*\})? (\d+)/m.exec(text)?.[1] ?? 'NaN')
  }

  test('the crowd that is switched on is really connected, one socket a bot, and talks', async () => {
    const page = await browser.open(service.apiUrl, DESKTOP)
    await says(page.locator('.pill'), '您当前积分')
    await browser.picture('demo-first', page)
    // The pill is there before the connection is.
    await until(connections, (open) => open === 1, { what: 'connections' })
    await page.getByRole('switch', { name: '热闹模式' }).click()
    await until(connections, (open) => open === 1 + CROWD_SIZE, { what: 'connections' })
    await says(page.locator('.chat'), /\S/)
    await browser.picture('demo-crowd', page)
    await page.getByRole('switch', { name: '热闹模式' }).click()
    await until(connections, (open) => open === 1, { what: 'connections' })
    await page.context().close()
  })

  test('[000-09] language, picture and a second viewer are one tap away', async () => {
    const page = await browser.open(service.apiUrl, DESKTOP)
    await says(page.locator('.pill'), '您当前积分')
    await page.locator('.like').click()
    await says(page.locator('.pill'), /\+1\s*点赞/)
    await page.getByRole('radio', { name: 'English' }).check()
    await says(page.locator('.pill'), 'Your points')
    await says(page.locator('.desk'), 'Second viewer')
    const tab = page.context().waitForEvent('page')
    await page.getByRole('link', { name: /Second viewer/ }).click()
    const second = await tab
    await says(second.locator('.pill'), 'Your points')
    await says(second.locator('.pill .bal'), '0')
    await says(page.locator('.pill .bal'), '1')
    await browser.picture('demo-en', page)
    await page.context().close()
  })

  test('[000-09] a visitor who comes back finds the points of before', async () => {
    const page = await browser.open(service.apiUrl)
    await page.locator('.like').click()
    await says(page.locator('.pill'), /\+1\s*点赞/)
    await page.reload()
    await says(page.locator('.pill'), '还差 15 分')
    await says(page.locator('.pill .bal'), '1')
    await browser.picture('demo-phone', page)
  })
})
