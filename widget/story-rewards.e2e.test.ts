/**
 * Points that buy something, in a real browser: bought in the room, +200, enough for the oatmeal, redeemed, the code on
 * the screen, scanned by the clerk from that screen, a second scan refused; and the clerk's phone without network.
 */

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  DESKTOP,
  launchBrowser,
  numberOf,
  PHONE,
  readable,
  says,
  type TestBrowser,
  until,
  withoutBrowser,
} from './browser.testing.ts'
import { ARM_GUARD_MS } from './rewards/limits.ts'
import { type Story, startStory } from './story.testing.ts'

const OATMEAL = '燕麦片'
const WELCOME = 1650

/** The clerk's camera sees what the test holds in front of it: a picture of another screen. Runs in the page. */
function holdBefore(): void {
  Object.assign(navigator.mediaDevices, {
    getUserMedia: async () => {
      const canvas = document.createElement('canvas')
      canvas.width = 720
      canvas.height = 720
      const picture = new Image()
      picture.src = (globalThis as unknown as { seen: string }).seen
      await picture.decode()
      const draw = () => {
        const pen = canvas.getContext('2d')
        if (!pen) return
        pen.fillStyle = '#777'
        pen.fillRect(0, 0, 720, 720)
        pen.drawImage(picture, 160, 160, 400, 400)
      }
      setInterval(draw, 100)
      draw()
      return canvas.captureStream(10)
    },
  })
}

describe.skipIf(withoutBrowser)('points that buy something', () => {
  let story: Story
  let browser: TestBrowser

  beforeAll(async () => {
    story = await startStory()
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await story?.end()
  })
  beforeEach(() => browser.watch())

  const room = async (as: number, size: typeof PHONE | typeof DESKTOP = PHONE) => {
    const page = await browser.open(`${story.api.apiUrl}/?as=${as}`, size)
    await says(page.locator('.pill'), '您当前积分')
    return page
  }
  const balance = async (page: Page) => numberOf(await readable(page.locator('.pill .bal')))
  const comesTo = (page: Page, points: number) =>
    until(
      () => balance(page),
      (shown) => shown === points,
      { what: 'the balance' },
    )
  /** Points to begin with, and one order of 200 yuan: 1,850. The tier that it brings is celebrated first. */
  const buy = async (page: Page) => {
    const narrow = (page.viewportSize()?.width ?? 0) < 900
    if (narrow) await page.getByRole('button', { name: '打开演示台' }).click()
    await page.locator('.desk').waitFor()
    await page.getByRole('button', { name: /体验积分/ }).click()
    if (narrow) await page.getByRole('button', { name: '收起演示台' }).click()
    await comesTo(page, WELCOME)
    await page.getByRole('button', { name: '下单' }).click()
    await page.locator('.cele .pri').click()
  }
  const row = (page: Page) => page.locator('.rw', { hasText: OATMEAL })
  const takeIt = async (page: Page) => {
    const button = row(page).locator('.ff-btn')
    await button.click()
    await says(button, '确认 1,850 分')
    await page.waitForTimeout(ARM_GUARD_MS)
    await button.click()
  }
  /** A picture of the code as the viewer holds it out, for the clerk's camera. */
  const photoOf = async (page: Page): Promise<string> => {
    const qr = page.locator('.code svg.qr')
    await qr.locator('path').waitFor()
    await qr.scrollIntoViewIfNeeded()
    return `data:image/png;base64,${(await qr.screenshot()).toString('base64')}`
  }
  const clerk = async (key: string) => {
    const page = await browser.open(`${story.api.apiUrl}/clerk#k=${key}&lang=zh`, {
      ...PHONE,
      prepare: async (fresh) => {
        await fresh.addInitScript(holdBefore)
      },
    })
    await says(page.locator('header'), '在线')
    return page
  }
  const scan = async (page: Page, photo: string) => {
    await page.evaluate((seen) => Object.assign(globalThis, { seen }), photo)
    const next = page.getByRole('button', { name: '下一位' })
    if (await next.isVisible()) await next.click()
    const start = page.getByRole('button', { name: '扫码' })
    if (await start.isVisible()) await start.click()
    await page.locator('.answer').waitFor()
  }
  const clerkKey = async (): Promise<string> => {
    const answer = await fetch(`${story.api.apiUrl}/v1/demo/clerk-key`, { method: 'POST' })
    const { key } = (await answer.json()) as { key: string }
    return key
  }

  let mei: Page
  let photo = ''
  let zhang: Page

  test('[002-02 002-20 002-38] bought in the room: +200, you have 1,850, enough for the oatmeal', async () => {
    mei = await room(1)
    await buy(mei)
    await says(mei.locator('.paid'), '+200')
    await says(mei.locator('.paid'), '现有 1,850')
    await says(mei.locator('.paid'), `够换${OATMEAL}`)
    await comesTo(mei, 1850)
    await browser.picture('shop-1-paid', mei)
  })

  test('[002-05 002-09 002-19 002-21 002-27] from there to the code: one tap, one question, no page', async () => {
    await mei.locator('.paid .pri').click()
    await says(row(mei), '1,850')
    await says(mei.locator('.sheet'), /\+ ¥/)
    await browser.picture('shop-2-shelf', mei)
    await takeIt(mei)
    await says(mei.locator('.code'), OATMEAL)
    expect(await readable(mei.locator('.code .num'))).toMatch(/[0-9A-Z]/)
    photo = await photoOf(mei)
    await browser.picture('shop-3-code', mei)
    await until(
      async () => numberOf(await readable(mei.locator('.sheet .big'))),
      (left) => left === 0,
      { what: 'the balance in the sheet' },
    )
  })

  test('[002-30] the clerk scans it from the screen; the second scan is refused and names the first', async () => {
    zhang = await clerk(await clerkKey())
    await browser.picture('shop-4-clerk', zhang)
    await scan(zhang, photo)
    await says(zhang.locator('.answer.good'), '可以交货')
    await says(zhang.locator('.answer.good'), OATMEAL)
    await browser.picture('shop-5-good', zhang)
    await says(mei.locator('.code .verdict'), /取走/)
    await browser.picture('shop-6-used', mei)
    await scan(zhang, photo)
    await says(zhang.locator('.answer.bad'), '已经取走了')
    await says(zhang.locator('.answer.bad'), '交出')
    await browser.picture('shop-7-refused', zhang)
  })

  test('[002-28 002-03] it stood on the list of the point, on the next day', async () => {
    await zhang.getByRole('tab', { name: '明天' }).click()
    await says(zhang.locator('.list li.used'), OATMEAL)
  })

  test('[002-30 002-27] without network: the page opens again, the signature is checked, a second use is caught', async () => {
    const qiang = await room(2)
    await buy(qiang)
    await says(qiang.locator('.paid'), OATMEAL)
    await qiang.getByRole('button', { name: '积分兑换' }).click()
    await takeIt(qiang)
    await says(qiang.locator('.code'), OATMEAL)
    const other = await photoOf(qiang)
    // The page and its parts are kept by now.
    await until(
      () =>
        zhang.evaluate(async () => (await caches.open('ff-clerk-1')).keys().then((k) => k.length)),
      (kept) => kept >= 3,
      { what: 'the kept parts of the page' },
    )
    await zhang.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await zhang.context().setOffline(true)
    await zhang.reload()
    await says(zhang.locator('header'), '离线')
    await scan(zhang, other)
    await says(zhang.locator('.answer.good'), '离线核对通过')
    await says(zhang.locator('.answer.good'), OATMEAL)
    await browser.picture('shop-8-offline', zhang)
    await scan(zhang, other)
    await says(zhang.locator('.answer.bad'), '在这台手机上交出')
    await says(zhang.locator('header'), '1 笔待同步')
    await zhang.getByRole('button', { name: '下一位' }).click()
    await zhang.getByRole('textbox', { name: '取货编号' }).fill('ABCDEFGHJK')
    await zhang.getByRole('button', { name: '核销' }).click()
    await says(zhang.locator('.answer.ask'), '请扫二维码')

    // Meanwhile somebody else hands out the same code, with network.
    const lin = await clerk(await clerkKey())
    await scan(lin, other)
    await says(lin.locator('.answer.good'), '可以交货')

    await zhang.context().setOffline(false)
    await zhang.evaluate(() => dispatchEvent(new Event('online')))
    await says(zhang.locator('.conflicts'), /已由 .+ 交出.*离线又交了一次/)
    await browser.picture('shop-9-conflict', zhang)
    await until(
      () => readable(zhang.locator('header')),
      (text) => text.includes('在线') && !text.includes('待同步'),
      { what: 'the head of the desk' },
    )
  })

  test('[002-26] a cut while it is asked for takes one piece and the points once', async () => {
    const lin = await room(3)
    await buy(lin)
    await says(lin.locator('.paid'), OATMEAL)
    await lin.getByRole('button', { name: '积分兑换' }).click()
    await takeIt(lin)
    story.line.cut()
    await says(lin.locator('.sheet'), /网络|正在兑换|取货码|请店员扫一扫/)
    story.line.leadTo(story.gateways[1].gatewayUrl)
    await says(lin.locator('.code'), OATMEAL)
    await lin.getByRole('button', { name: '我的兑换' }).click()
    await says(lin.locator('.sheet'), OATMEAL)
    expect(await lin.locator('.rc').count()).toBe(1)
    await lin.route('**/fanfare-history.js', (route) => route.abort(), { times: 1 })
    await lin.getByRole('tab', { name: '明细' }).click()
    await lin.getByRole('button', { name: '重试' }).click()
    await says(lin.locator('.sheet'), '−1,850')
    await says(lin.locator('.buckets'), '0')
    await browser.picture('shop-10-history', lin)
  })

  test('on a wide screen the shelf stands beside the picture', async () => {
    const page = await room(4, DESKTOP)
    await buy(page)
    await page.getByRole('button', { name: '积分兑换' }).click()
    await says(row(page), '1,850')
    await browser.picture('shop-11-wide', page)
    await page.getByRole('radio', { name: 'English' }).check()
    await page.getByRole('radio', { name: 'Light' }).check()
    await says(page.locator('.sheet'), 'Redeem')
    await browser.picture('shop-12-wide-en', page)
  })
})
