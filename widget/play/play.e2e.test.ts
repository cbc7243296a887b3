/** What points buy, in a real browser: a viewer buys, the host agrees, stage and other viewers see it, one at a time. */

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type DrawProof, verifyDraw } from '../../shared/draw.ts'
import type { HostPlay } from '../../shared/effects.ts'
import {
  DESKTOP,
  launchBrowser,
  numberOf,
  openSheet,
  PHONE,
  readable,
  says,
  type TestBrowser,
  until,
  withoutBrowser,
} from '../browser.testing.ts'
import { RESUME_HOLD_MS } from '../host/limits.ts'
import { asViewer, type Story, startStory } from '../story.testing.ts'
import { SURE_GUARD_MS } from './limits.ts'

describe.skipIf(withoutBrowser)('a viewer, another one, a host and a stage', () => {
  let story: Story
  let browser: TestBrowser
  let mei: Page
  let qiang: Page
  let host: Page
  let stage: Page

  const balance = async (page: Page) => numberOf(await readable(page.locator('.sheet .big')))
  const overlay = (viewer: string, name: string) =>
    browser.open(`${story.api.apiUrl}/overlay`, { prepare: asViewer(viewer, name) })
  /** The first tap asks, the second does it. */
  const buy = async (page: Page, where: string) => {
    const button = page.locator(where)
    await button.click()
    await page.waitForTimeout(SURE_GUARD_MS + 100)
    await button.click()
  }

  beforeAll(async () => {
    story = await startStory()
    browser = await launchBrowser()
    mei = await overlay('mei', '小美')
    qiang = await overlay('qiang', '阿强')
    host = await browser.open(`${story.api.apiUrl}/host`, DESKTOP)
    const made = await fetch(`${story.api.apiUrl}/v1/demo/stage-key`, { method: 'POST' })
    const { key } = await made.json()
    stage = await browser.open(`${story.api.apiUrl}/stage#k=${key}`, {
      viewport: { width: 1280, height: 720 },
    })
    await says(host.locator('.bar'), '连接正常')
    await stage.evaluate(recordOverlaps)
    await story.call('POST', '/v1/accounts/mei/adjust', { points: 2000, note: 'for a test' })
    await openSheet(mei)
    await mei.getByRole('tab', { name: '互动' }).click()
    await until(
      () => balance(mei),
      (points) => points === 2000,
    )
  })
  afterAll(async () => {
    await browser?.close()
    await story?.end()
  })
  beforeEach(() => browser.watch())

  test('[E5 000-20] a broadcast waits for the host; agreed to, stage and others see it', async () => {
    await mei.getByRole('textbox', { name: '全屏广播' }).fill('祝主播生日快乐')
    await buy(mei, '.ask .ff-btn')
    await says(mei.locator('.sheet'), '等主播同意')
    expect(await balance(mei)).toBe(1700)
    await browser.picture('play-1-waiting', mei)
    await says(host.locator('.asks'), /祝主播生日快乐[\s\S]*小美/)
    await browser.picture('play-1-host', host)
    await host.getByRole('button', { name: '播出' }).click()
    await says(stage.locator('.fan.broadcast'), /祝主播生日快乐[\s\S]*小美/)
    await browser.picture('play-1-stage', stage)
    await says(qiang.locator('.show.broadcast'), /祝主播生日快乐[\s\S]*小美/)
    await browser.picture('play-1-overlay', qiang)
    await says(mei.locator('.sheet'), '已播出')
    expect(await balance(mei)).toBe(1700)
  })

  test('[E5] what the host declines is not shown, and the points are back', async () => {
    await mei.getByRole('textbox', { name: '全屏广播' }).fill('换一句再来')
    await buy(mei, '.ask .ff-btn')
    await says(host.locator('.asks'), '换一句再来')
    await host.getByRole('button', { name: '拒绝' }).click()
    await says(mei.locator('.sheet'), '主播没有同意，积分已退回')
    await until(
      () => balance(mei),
      (points) => points === 1700,
    )
    expect(await readable(stage.locator('body'))).not.toContain('换一句再来')
  })

  test('[E7 000-19 000-23] a colour shows in comments, tips show on stage, and two effects never overlap', async () => {
    await buy(mei, '.things li:has([data-colour="sky"]) .ff-btn')
    await says(mei.locator('.things').first(), '成功')
    for (const nth of [1, 2]) {
      await buy(mei, `.pl:has-text("打赏主播") .row .ff-btn:nth-child(${nth})`)
    }
    await says(stage.locator('.fan.tip'), /小美[\s\S]*打赏/)
    await browser.picture('play-3-tips', stage)
    await mei.keyboard.press('Escape')
    await mei.locator('.bar input').fill('这锅汤真香')
    await mei.locator('.bar input').press('Enter')
    await qiang
      .locator('.chat [data-colour="sky"]', { hasText: '这锅汤真香' })
      .waitFor({ state: 'attached' })
    await browser.picture('play-3-colour', qiang)
    expect(await stage.evaluate(mostAtOnce)).toBe(1)
  })

  test('on a phone the way out of safe mode is in sight in every part, and no name of a prize makes a dialog wider than the screen', async () => {
    const title = { zh: '产地直发限量装'.repeat(5), en: 'From the farm, limited, in a box' }
    const priced = { kind: 'coupon', points: 500, worthFen: 500 }
    const stock = { kind: 'fixed', pieces: 9 }
    await story.call('POST', '/v1/rewards/long', { title, ...priced, stock })
    await host.setViewportSize(PHONE.viewport)
    const inside = (part: string) =>
      until(
        () => host.locator(part).boundingBox(),
        (box) =>
          box !== null && box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 780,
        { what: `the place of ${part}` },
      )
    const part = (name: string) => host.getByRole('button', { name, exact: true }).click()
    await host.locator('.hush').click()
    for (const name of ['发起', '数据', '播报']) {
      await part(name)
      await inside('.safebar')
    }
    await host.locator('.safebar .hold').press('Enter', { delay: RESUME_HOLD_MS + 500 })
    await host.locator('.safebar').waitFor({ state: 'detached' })
    await part('发起')
    await host.getByRole('button', { name: '积分抽奖' }).click()
    await host.locator('.dlg option', { hasText: title.zh }).waitFor({ state: 'attached' })
    await inside('.dlg .pri')
    await host.keyboard.press('Escape')
    await host.setViewportSize(DESKTOP.viewport)
  })

  test('[E11 E14 001-22] a draw can be entered for nothing; its result is checked in the page and here', async () => {
    await host.getByRole('button', { name: '积分抽奖' }).click()
    await host.getByRole('button', { name: '立即发起' }).click()
    await says(stage.locator('.fan.opened'), '抽奖开始')
    for (const page of [mei, qiang]) {
      if (!(await page.locator('.sheet').isVisible())) await openSheet(page)
      await page.getByRole('tab', { name: '互动' }).click()
      await page.getByRole('button', { name: '免费 1 次' }).click()
      await says(page.locator('.game').first(), '我有 1 张')
    }
    await browser.picture('play-4-draw', mei)
    await host.getByRole('button', { name: '结束 积分抽奖' }).click()
    await host.getByRole('button', { name: '现在开奖 积分抽奖' }).click()
    await says(stage.locator('.fan.drawn'), /中奖[\s\S]*500 积分/)
    await browser.picture('play-4-stage', stage)
    await says(mei.locator('.game').first(), '中了：500 积分')
    await mei.getByRole('button', { name: '验证结果' }).click()
    await says(mei.locator('.game').first(), '已验证')
    await browser.picture('play-4-checked', mei)
    const { play } = await story.call<{ play: HostPlay }>('GET', '/v1/rooms/demo/play')
    const { draws } = play
    const answer = await fetch(`${story.api.apiUrl}/v1/draws/demo.${draws[0]?.draw}/proof`)
    const proof = (await answer.json()) as DrawProof
    expect(verifyDraw(proof)).toBe(true)
    expect(proof.wins).toHaveLength(2)
    expect(proof.commitment).toBe(draws[0]?.commitment)
  })

  test('[E17 000-25] a vote: one is free, more cost points, the result is told', async () => {
    await host.getByRole('button', { name: /^投票/ }).click()
    await host.getByRole('textbox', { name: '选项 1' }).fill('有机燕麦')
    await host.getByRole('textbox', { name: '选项 2' }).fill('手工酱油')
    await browser.picture('play-5-dialog', host)
    await host.getByRole('button', { name: '立即发起' }).click()
    await mei.getByRole('button', { name: '免费投 1 票' }).nth(1).click()
    await says(mei.locator('.options'), /手工酱油\s*1 票/)
    // The free vote has earned something, which the page may not show yet.
    const before = await story.balanceOf('mei', '小美')
    await buy(mei, '.options > li:nth-child(2) .ff-btn')
    await says(mei.locator('.options'), /手工酱油\s*2 票/)
    await until(
      () => balance(mei),
      (points) => points === before - 10,
    )
    await browser.picture('play-5-vote', mei)
    await host.getByRole('button', { name: '结束 下一场选哪款' }).click()
    await host.getByRole('button', { name: '确认结束 下一场选哪款' }).click()
    await says(stage.locator('.fan.voted'), /手工酱油\s*2 票/)
    expect(await stage.evaluate(mostAtOnce)).toBe(1)
  })
})

/** Counts how many effects stand on stage at once, whenever anything changes; runs in the page. */
function recordOverlaps(): void {
  const state = { most: 0 }
  Object.assign(globalThis, { overlaps: state })
  new MutationObserver(() => {
    state.most = Math.max(state.most, document.querySelectorAll('.fan, .lvl').length)
  }).observe(document.body, { childList: true, subtree: true })
}

function mostAtOnce(): number {
  return (globalThis as unknown as { overlaps: { most: number } }).overlaps.most
}
