/** Rules without code, in a real browser: changed in a sentence, published into a running room, and taken back. */

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  DESKTOP,
  launchBrowser,
  openSheet,
  PHONE,
  says,
  type TestBrowser,
  until,
  withoutBrowser,
} from '../../browser.testing.ts'
import { asViewer, type Story, startStory } from '../../story.testing.ts'

const SPREADS_MS = 1000

interface Draft {
  draft?: { by: string; book: { earn: { id: string; points: number }[] } }
}

describe.skipIf(withoutBrowser)('rules without code', () => {
  let story: Story
  let browser: TestBrowser
  let desk: Page
  let mei: Page

  beforeAll(async () => {
    story = await startStory()
    browser = await launchBrowser()
    desk = await browser.open(`${story.api.apiUrl}/operator#go=rules&lang=zh`, {
      ...DESKTOP,
      viewport: { width: 1440, height: 900 },
    })
    mei = await browser.open(`${story.api.apiUrl}/`, { prepare: asViewer('mei', '小美') })
    await says(mei.locator('.pill'), '还差 15 成长值升')
  })
  afterAll(async () => {
    await browser?.close()
    await story?.end()
  })
  beforeEach(() => browser.watch())

  const field = (name: string) => desk.locator(`.card [data-field="${name}"]`)
  const rule = (id: string) => desk.locator(`[data-rule="${id}"]`)
  const kept = () => says(desk.locator('.side-b'), '已保存在服务器')
  const publish = async (note: string) => {
    await desk.getByRole('button', { name: '发布', exact: true }).click()
    await desk.locator('.dlg [data-first]').fill(note)
    await browser.picture('rules-4-publish', desk)
    await desk.locator('.dlg .pri').click()
    await desk.locator('.dlg').waitFor({ state: 'detached' })
  }

  test('[RE2 002-40] the book in force reads as sentences, condition and award, with inputs in them', async () => {
    await says(desk.locator('.head'), 'v1 使用中')
    await says(desk.locator('.sent'), /每次点赞得.*积分.*最多每分钟/)
    expect(await field('earn.0.points').inputValue()).toBe('1')
    await says(rule('earn.watch_continuous'), '每连续看满 15 分钟得 50 积分')
    await says(rule('cashback'), '未启用')
    await says(desk.locator('.seen'), '每次点赞得 1 积分')
    await browser.picture('rules-1-book', desk)
  })

  test('[RE3 001-33] what does not fit is said at its field, and cannot be published', async () => {
    await field('earn.0.points').fill('-1')
    await says(desk.locator('.beside'), '得多少积分： 至少 0')
    await says(rule('earn.like'), '有误')
    await says(desk.locator('.wrongs'), /1 处要改好.*点赞/s)
    expect(await desk.getByRole('button', { name: '发布', exact: true }).isDisabled()).toBe(true)
    await browser.picture('rules-2-wrong', desk)
  })

  test('[RE3 001-33] a change is jade, kept through a reload, shown as a difference, and holds for nobody yet', async () => {
    await field('earn.0.points').fill('3')
    await says(desk.locator('.diff'), /每次点赞得 1 积分.*每次点赞得 3 积分/s)
    await kept()
    expect(await field('earn.0.points').getAttribute('class')).toContain('ch')
    await desk.reload()
    await says(desk.locator('.diff'), /每次点赞得 3 积分/)
    expect(await field('earn.0.points').inputValue()).toBe('3')
    await says(desk.locator('.side [aria-current]'), '草稿')
    await browser.picture('rules-3-draft', desk)
    const { draft } = await story.call<Draft>('GET', '/v1/rulebook/draft')
    expect(draft).toMatchObject({ by: 'demo-operator' })
    await mei.locator('.like').click()
    await says(mei.locator('.pill'), /\+1\s*点赞/, 3000)
  })

  test('[RE4 001-33 002-41] published, it holds in a running room, and the rules that a viewer has open say so', async () => {
    await openSheet(mei)
    await mei.getByRole('button', { name: '设置' }).click()
    await mei.getByRole('button', { name: '积分规则' }).click()
    await says(mei.locator('.sheet'), /点赞得 1 积分/)
    await publish('周末双倍')
    const from = Date.now()
    await says(mei.locator('.sheet'), /点赞得 3 积分/, 5000)
    const took = Date.now() - from
    await mei.keyboard.press('Escape')
    await mei.locator('.like').click()
    await says(mei.locator('.pill'), /\+3\s*点赞/, 3000)
    expect(took).toBeLessThan(3000)
    await says(desk.locator('.head'), 'v2 使用中')
    await says(desk.locator('.ver'), /v2.*周末双倍.*demo-operator/s)
    await browser.picture('rules-5-viewer', mei)
  })

  test('[RE5 001-33] two versions are compared, and the old one is back with one confirmation', async () => {
    await desk.getByRole('link', { name: '历史与回滚' }).click()
    await says(desk.locator('.diff'), /每次点赞得 1 积分.*每次点赞得 3 积分/s)
    await browser.picture('rules-6-history', desk)
    await desk.locator('.ver.all a', { hasText: 'v1' }).click()
    await desk.getByRole('button', { name: '回滚到 v1' }).click()
    await says(desk.locator('.dlg .diff'), /每次点赞得 3 积分.*每次点赞得 1 积分/s)
    await browser.picture('rules-7-rollback', desk)
    await desk.locator('.dlg .dan').click()
    await says(desk.locator('.ver.all'), /v3.*回到 v1 的内容/s)
    // Within a second in every gateway; likes that come together would be one line in the pill.
    await mei.waitForTimeout(SPREADS_MS)
    await mei.locator('.like').click()
    await says(mei.locator('.pill'), /\+1\s*点赞/, 3000)
  })

  test('[RE3 002-40] a new rule is made without code: an action, its points, a limit', async () => {
    await desk.getByRole('link', { name: '规则手册' }).first().click()
    await desk.getByRole('button', { name: '+ 新增规则' }).click()
    await desk.locator('.dlg select').selectOption('review')
    await desk.locator('.dlg .pri').click()
    await says(desk.locator('.sent'), '每条带图评价得')
    const no = (await story.call<{ nextNo: number }>('GET', '/v1/rulebook/draft')).nextNo
    const at = (await desk.locator('.sent input').first().getAttribute('data-field')) ?? ''
    const path = at.replace('.points', '')
    expect(await field(`${path}.no`).inputValue()).toBe(String(no))
    await field(`${path}.points`).fill('30')
    await desk.locator(`.card [data-field="${path}.caps.perDay"]`).fill('3')
    await says(desk.locator('.seen'), '每条带图评价得 30 积分，最多每天 3 条')
    await rule('cashback').click()
    await desk.getByRole('switch', { name: '启用' }).click()
    await says(desk.locator('.seen'), /订单实付的 .* 返积分/)
    await rule('expiry').click()
    await desk.locator('[data-field="wallet.expiry.kind"]').selectOption('fixed')
    await says(desk.locator('.side-b'), '注意：积分到账后最快')
    await kept()
    await browser.picture('rules-8-more', desk)
    await publish('新增晒单')
    await says(desk.locator('.head'), 'v4 使用中')
    const { book } = await story.call<{ book: { earn: { action: string; no: number }[] } }>(
      'GET',
      '/v1/rulebook',
    )
    expect(book.earn.at(-1)).toMatchObject({ action: 'review', no, points: 30 })
  })

  test('[RE7 G28 G30 G31 001-38] what buys less begins after its notice: it is said, scheduled, seen as to come, and called back', async () => {
    await rule('redemption').click()
    await field('redemption.factor').fill('1.25')
    await says(desk.locator('.side-b'), /积分能换的东西少了 20%/)
    await kept()
    await desk.getByRole('button', { name: '发布', exact: true }).click()
    const dialog = desk.locator('.dlg')
    await says(dialog, '至少要提前 7 天公布')
    expect(await dialog.getByLabel('从某一时刻起').isChecked()).toBe(true)
    await browser.picture('rules-9-later', desk)
    await dialog.getByLabel('立即').check()
    await dialog.locator('.pri').click()
    await says(dialog, /现在公布最早从 .* 起生效/)
    await dialog.getByLabel('从某一时刻起').check()
    await dialog.locator('.pri').click()
    await dialog.waitFor({ state: 'detached' })
    await says(desk.locator('.head'), 'v4 使用中')
    const coming = desk.locator('.side-b .ff-card', { hasText: '待生效' })
    await says(coming, /v5.*demo-operator.*00:00 起/s)
    await browser.picture('rules-10-coming', desk)
    await coming.getByRole('button', { name: '撤回 v5' }).click()
    await desk.locator('.dlg .dan').click()
    await desk.locator('.dlg').waitFor({ state: 'detached' })
    await coming.waitFor({ state: 'detached' })
    await desk.getByRole('link', { name: '历史与回滚' }).click()
    await says(desk.locator('.ver.all'), /v5.*demo-operator 撤回，没有生效/s)
    await desk.getByRole('link', { name: '规则手册' }).first().click()
  })

  test('[RE4] a draft that somebody else changed meanwhile is not written over unseen', async () => {
    await rule('stacking').click()
    await field('ceiling').fill('2.5')
    await kept()
    const other = await browser.open(
      `${story.api.apiUrl}/operator#go=rules/stacking&lang=zh`,
      DESKTOP,
    )
    const theirs = other.locator('.card [data-field="ceiling"]')
    await until(
      () => theirs.inputValue(),
      (text) => text === '2.5',
      { what: 'the draft on the other page' },
    )
    // This page looks at what others do only while somebody looks at it.
    await desk.evaluate(() =>
      Object.defineProperty(document, 'hidden', { value: true, configurable: true }),
    )
    await theirs.fill('2')
    await says(other.locator('.side-b'), '已保存在服务器')
    await field('ceiling').fill('4')
    await says(desk.locator('.side-b'), '另一位运营同时改了草稿')
    await desk.getByRole('button', { name: '用对方的' }).click()
    await until(
      () => field('ceiling').inputValue(),
      (text) => text === '2',
      { what: 'what the other one wrote' },
    )
    await desk.getByRole('button', { name: '放弃草稿' }).click()
    await desk.locator('.dlg .dan').click()
    await says(desk.locator('.side-b'), '和使用中的一样')
    await other.close()
  })

  test('[RE4] published, and the answer lost on its way: it is said that it was done', async () => {
    await rule('stacking').click()
    await field('ceiling').fill('2.5')
    await kept()
    const inForce = async () =>
      (await story.call<{ version: number }>('GET', '/v1/rulebook')).version
    const before = await inForce()
    // The test above hid this page.
    await desk.evaluate(() =>
      Object.defineProperty(document, 'hidden', { value: false, configurable: true }),
    )
    await desk.route('**/draft/publish', async (route) => {
      await route.fetch()
      await route.abort()
    })
    await publish('没有回音')
    await desk.unroute('**/draft/publish')
    const published = await inForce()
    expect(published).toBeGreaterThan(before)
    await says(desk.locator('body'), `v${published} 已生效`)
    await desk.getByRole('link', { name: '历史与回滚' }).click()
    await desk.locator('.ver.all a', { hasText: `v${before}` }).click()
    await desk.getByRole('button', { name: `回滚到 v${before}` }).click()
    await desk.locator('.dlg .dan').click()
    await says(desk.locator('.ver.all'), `v${published + 1}`)
  })

  test('[RE2] it can be read and changed on a phone, in English, in the dark', async () => {
    const phone = await browser.open(
      `${story.api.apiUrl}/operator#go=rules&lang=en&theme=dark`,
      PHONE,
    )
    await says(phone.locator('.rules'), 'Every like earns 1 point')
    await browser.picture('rules-9-phone-list', phone)
    await phone.locator('[data-rule="levels"]').click()
    await says(phone.locator('.sent').first(), /from heat/)
    await browser.picture('rules-9-phone-levels', phone)
    await phone.getByRole('link', { name: '‹ Rulebook' }).click()
    await phone.locator('[data-rule="earn.like"]').click()
    await says(phone.locator('.sent'), /Every like earns/)
    const wide = await phone.evaluate(() => document.documentElement.scrollWidth)
    expect(wide).toBeLessThanOrEqual(390)
    await browser.picture('rules-9-phone', phone)
  })
})
