/** The demo room in a real browser: what `npm start` shows first, and the crowd that it can call. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { askApi } from '../server/merchant.testing.ts'
import { buildWhenStale } from '../server/provision.mjs'
import { startRedis, type TestRedis } from '../server/redis/testing.ts'
import { startService, type TestService } from '../server/service.testing.ts'
import type { WeekBoard } from '../shared/boards.ts'
import { parseAccount } from '../shared/ids.ts'
import {
  DESKTOP,
  launchBrowser,
  openSheet,
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

  test('[B9 B11 003-21 004-19] the board of the week is there from the start, and its leader wears a star at the comments', async () => {
    const page = await browser.open(service.apiUrl, DESKTOP)
    await says(page.locator('.pill'), '您当前积分')
    await page.locator('.like').click()
    await says(page.locator('.pill'), /\+1\s*点赞/)
    const places = async () =>
      (await askApi<{ boards: WeekBoard[] }>(service.apiUrl, '/v1/boards')).boards[0]?.places ?? []
    const [leader] = await until(places, (all) => all.length > 0, { what: 'the board' })
    await openSheet(page)
    await page.getByRole('tab', { name: '榜单' }).click()
    // Nobody else was here before.
    await says(
      page.locator('.sheet'),
      /本周热度榜[\s\S]*第一名获「互动之星」徽章[\s\S]*第 1 名[\s\S]*奖 200/,
    )
    await browser.picture('demo-week', page)
    await page.keyboard.press('Escape')
    // As the end of a week leaves it, which no test waits for.
    const store = await redis.connect()
    const title = { zh: '互动之星', en: 'Star of the week' }
    await store.hset(
      'ff:{cfg}:boards-stars',
      String(parseAccount(leader?.handle ?? '')),
      JSON.stringify({ title, untilMs: Date.now() + 3_600_000 }),
    )
    let said = 0
    const worn = async () => {
      await page.getByRole('textbox', { name: '评论' }).fill(`大家好 ${++said}`)
      await page.keyboard.press('Enter')
      await says(page.locator('.chat'), `大家好 ${said}`)
      return page.locator('.chat').getByRole('img', { name: '互动之星' }).count()
    }
    await expect.poll(worn, { timeout: 30_000, interval: 3200 }).toBeGreaterThan(0)
    await browser.picture('demo-star', page)
    await page.context().close()
  })

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
    await says(page.locator('.pill'), '还差 15 成长值升')
    await says(page.locator('.pill .bal'), '1')
    await browser.picture('demo-phone', page)
  })
})
