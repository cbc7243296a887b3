/** The shelf in a real browser: the burn week of a published rulebook. */

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { burnWeekAt, runsAt } from '../../shared/rulebook/burn-week.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import {
  DESKTOP,
  launchBrowser,
  PHONE,
  says,
  type TestBrowser,
  withoutBrowser,
} from '../browser.testing.ts'
import { asViewer, type Story, startStory } from '../story.testing.ts'

const ZONE = 'Asia/Shanghai'

/** Points expire at the end of this very month, and its burn week is as long as one may be. */
function bookOfNow() {
  const month = Number(
    new Intl.DateTimeFormat('en', { timeZone: ZONE, month: 'numeric' }).format(Date.now()),
  )
  const wallet = {
    expiry: { kind: 'fixed' as const, month, leastMonths: 0 },
    burnWeek: { days: 14, factor: 0.5 },
  }
  return { ...PRESETS.live, timeZone: ZONE, wallet }
}

describe.skipIf(withoutBrowser)('the shelf', () => {
  let story: Story
  let browser: TestBrowser
  let mei: Page

  beforeAll(async () => {
    story = await startStory()
    browser = await launchBrowser()
    await story.call('POST', '/v1/rulebook', { book: bookOfNow() })
    await story.call('POST', '/v1/rewards/basket', {
      title: { zh: '清零周果篮', en: 'Burn week fruit basket' },
      kind: 'item',
      points: 1000,
      worthFen: 1290,
      stock: { kind: 'fixed', pieces: 9 },
      burnWeek: {},
    })
  })
  afterAll(async () => {
    await browser?.close()
    await story?.end()
  })
  beforeEach(() => browser.watch())

  test('[003-38] in the burn week who loses points is told, and takes what is for it; before, it says when it opens', async () => {
    const { wallet, timeZone } = Rulebook.parse(bookOfNow())
    const week = burnWeekAt(wallet, Date.now(), timeZone)
    const open = week !== undefined && runsAt(week, Date.now())
    mei = await browser.open(`${story.api.apiUrl}/`, { ...PHONE, prepare: asViewer('mei', '小美') })
    await says(mei.locator('.pill .bal'), /\d/)
    await story.call('POST', '/v1/accounts/mei/adjust', { points: 1400, note: 'to begin with' })
    const basket = mei.locator('.rw', { hasText: '清零周果篮' })
    if (!open) {
      // The first half of a month: the same shelf from outside the week.
      await mei.getByRole('button', { name: '积分兑换' }).click()
      await says(basket, /月\d+日 00:00 开始/)
      expect(await mei.locator('.burn').count()).toBe(0)
      return
    }
    await says(mei.locator('.burning'), /1,400 分 .*清零 · 1 件可换/)
    await browser.picture('burn-1-told', mei)
    await mei.locator('.burning .pri').click()
    await says(mei.locator('.burn'), '1,400 分')
    await says(basket, '积分清零周')
    await says(basket, '500')
    await browser.picture('burn-2-shelf', mei)
    const take = basket.locator('.ff-btn')
    await take.click()
    await says(take, '确认 500 分')
    await mei.waitForTimeout(400)
    await take.click()
    await says(mei.locator('.sheet .big'), '900')
    await says(mei.locator('.burn'), '900 分')
    const wide = await browser.open(`${story.api.apiUrl}/`, {
      ...DESKTOP,
      prepare: asViewer('mei', '小美'),
    })
    await says(wide.locator('.burning'), '900 分')
    await browser.picture('burn-3-wide', wide)
  })

  test('[002-28] the browser says where the viewer is: the nearest point is chosen, and the code is for it', async () => {
    const page = await browser.open(`${story.api.apiUrl}/`, {
      ...PHONE,
      prepare: asViewer('mei', '小美'),
      geolocation: { latitude: 30.29, longitude: 120.16 },
      permissions: ['geolocation'],
    })
    await says(page.locator('.pill .bal'), /\d/)
    await story.call('POST', '/v1/accounts/mei/adjust', { points: 2000, note: 'for oatmeal' })
    await page.getByRole('button', { name: '积分兑换' }).click()
    const oatmeal = page.locator('.rw', { hasText: '燕麦片' })
    const take = oatmeal.locator('.ff-btn')
    await take.click()
    await says(oatmeal.locator('.where'), '菜市口自提点')
    await oatmeal.getByRole('button', { name: '找最近的' }).click()
    await says(oatmeal.locator('.where'), /北门自提点 · \d+ 米/)
    await browser.picture('near-1-chosen', page)
    if ((await take.textContent()) === '兑换') await take.click()
    await page.waitForTimeout(400)
    await take.click()
    await says(page.locator('.code'), '北门自提点')
  })

  test('[RW15] a price, a withdrawal and the return of a reward are seen on the open shelf at once', async () => {
    const offer = (more: object) =>
      story.call('POST', '/v1/rewards/honey', {
        title: { zh: '槐花蜜', en: 'Acacia honey' },
        kind: 'item',
        points: 700,
        worthFen: 800,
        ...more,
      })
    await offer({})
    const page = await browser.open(`${story.api.apiUrl}/`, {
      ...PHONE,
      prepare: asViewer('lin', '小林'),
    })
    await page.getByRole('button', { name: '积分兑换' }).click()
    const honey = page.locator('.rw', { hasText: '槐花蜜' })
    await says(honey, '700')
    // Less than the 15 seconds after which a shelf reads by itself.
    const soon = { timeout: 6000 }
    await offer({ points: 650 })
    await honey.getByText('650', { exact: false }).first().waitFor(soon)
    await offer({ enabled: false })
    await honey.waitFor({ state: 'detached', ...soon })
    await offer({ points: 600 })
    await honey.getByText('600', { exact: false }).first().waitFor(soon)
  })
})
