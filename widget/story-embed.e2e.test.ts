/** The three ways to embed the overlay, each on a page of another origin. */

import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { TICKET_LIFE_MS_MAX, TICKET_SKEW_MS } from '../server/identity/limits.ts'
import { buildWhenStale } from '../server/provision.mjs'
import { startRedis, type TestRedis } from '../server/redis/testing.ts'
import { knock, startService, type TestService, testTicket } from '../server/service.testing.ts'
import {
  DESKTOP,
  launchBrowser,
  numberOf,
  readable,
  says,
  type TestBrowser,
  until,
  withoutBrowser,
} from './browser.testing.ts'
import { type Merchant, startMerchant } from './story.testing.ts'

/** The page with a heart of its own, as docs/integration.md has it. */
const [ownHeart = ''] =
  /<button id="heart">[\s\S]*?<\/script>/.exec(readFileSync('docs/integration.md', 'utf8')) ?? []

type Form = 'elsewhere' | 'element' | 'script' | 'frame' | 'foreign' | 'heart'

describe.skipIf(withoutBrowser)('the overlay on other pages', () => {
  let redis: TestRedis
  let service: TestService
  let browser: TestBrowser
  let listed: Merchant
  let unlisted: Merchant

  /** A merchant's room page: a box for the picture, and the overlay in it; its backend has signed `ticket`. */
  const roomPage = (path: string, ticket: string): string => {
    const home = service.apiUrl
    const element = (tickets: string) =>
      `<script src="${home}/fanfare-overlay.js"></script>
      <fanfare-overlay data-room="demo" data-ticket-url="${tickets}" lang="zh-CN"></fanfare-overlay>`
    const forms: Record<Form, string> = {
      element: element('/ticket'),
      elsewhere: element('/ticket').replace('data-room="demo"', 'data-room="r42"'),
      foreign: element('/foreign-ticket'),
      script: `<style>:root { --ff-accent: rgb(226, 35, 26); --ff-r-3: 3px; --shop: red }</style>
      <script src="${home}/embed.js" data-room="demo" data-ticket-url="/ticket" data-lang="en"></script>`,
      frame: `<iframe src="${home}/overlay?room=demo&lang=zh&share=https%3A%2F%2Fshop.example%2Flive#ticket=${ticket}"
        allow="clipboard-write" width="390" height="700"></iframe>`,
      heart: ownHeart
        .replaceAll('https://points.example', home)
        .replaceAll('/fanfare-ticket', '/ticket')
        .replaceAll('r42:u-1001', 'demo:shopper'),
    }
    const form = forms[path.slice(1) as Form] ?? ''
    return `<!doctype html><meta charset="utf-8"><title>A shop</title>
      <body style="margin:0;background:#345">
      <div style="position:relative;width:390px;height:700px">${form}</div>`
  }
  const startShop = () =>
    startMerchant(async (path) => {
      const ticket = await testTicket({ viewer: 'shopper', name: '店客' })
      if (!path.endsWith('ticket'))
        return { type: 'text/html; charset=utf-8', body: roomPage(path, ticket) }
      // What another key signed ends in other letters.
      const said = path === '/ticket' ? ticket : `${ticket.slice(0, -8)}AAAAAAAA`
      return { type: 'application/json', body: JSON.stringify({ ticket: said }) }
    })

  beforeAll(async () => {
    await buildWhenStale()
    redis = await startRedis()
    listed = await startShop()
    unlisted = await startShop()
    service = await startService({
      redisUrl: redis.url,
      roles: 'gateway,api,worker',
      env: { FANFARE_ALLOWED_ORIGINS: listed.origin },
    })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    for (const merchant of [listed, unlisted]) merchant?.close()
    await service?.kill()
    await redis?.stop()
  })
  beforeEach(() => browser.watch())

  const likes = async (page: Page, form: Form) => {
    const inside =
      form === 'element'
        ? page.locator('body')
        : page.frameLocator('iframe').first().locator('body')
    await inside.locator('.like').click()
    await says(inside.locator('.pill'), /\+1/)
    await browser.picture(`embed-${form}`, page)
  }

  test('[A16] the element runs in a page of another origin, with a ticket from that page', async () => {
    const page = await browser.open(`${listed.origin}/element`)
    await says(page.locator('.pill'), '您当前积分')
    await likes(page, 'element')
    await page.close()
  })

  test("[O26] the page's rules for everything end at the element", async () => {
    const page = await browser.open(`${listed.origin}/element`)
    await says(page.locator('.pill'), '您当前积分')
    // No button: browsers keep most of this from those.
    const chip = page.locator('.heatchip')
    const box = await chip.boundingBox()
    await page.addStyleTag({
      content: `* { letter-spacing: 4px; text-transform: uppercase; line-height: 3; text-indent: 20px;
        text-align: center; direction: rtl; color: red; font: italic 30px serif }`,
    })
    expect(await chip.boundingBox()).toEqual(box)
    const look = await chip.evaluate((part) => {
      const { letterSpacing, textTransform, textIndent, direction, fontStyle } =
        getComputedStyle(part)
      return { letterSpacing, textTransform, textIndent, direction, fontStyle }
    })
    expect(look).toEqual({
      letterSpacing: 'normal',
      textTransform: 'none',
      textIndent: '0px',
      direction: 'ltr',
      fontStyle: 'normal',
    })
    await page.close()
  })

  test('[A16] the script tag puts a frame into its place and hands it tickets', async () => {
    const page = await browser.open(`${listed.origin}/script`)
    const pill = page.frameLocator('iframe').locator('.pill')
    await says(pill, 'Your points')
    // The same viewer as in the element: the ticket came from the page.
    await says(pill, /1/)
    await likes(page, 'script')
    await says(page.frameLocator('iframe').locator('.pill .bal'), '2')
    await page.close()
  })

  test("[O25] the frame of the script tag takes the page's colours and radii", async () => {
    const page = await browser.open(`${listed.origin}/script`)
    const overlay = page.frameLocator('iframe').locator('fanfare-overlay')
    await says(overlay.locator('.pill'), /\d/)
    const said = await overlay.evaluate((element) => {
      const style = getComputedStyle(element)
      return ['--ff-accent', '--ff-r-3', '--shop', '--ff-r-1'].map((name) =>
        style.getPropertyValue(name),
      )
    })
    expect(said).toEqual(['rgb(226, 35, 26)', '3px', '', '6px'])
    await page.close()
  })

  test('[A16] the heart and the balance of the page itself, by the client from the same address', async () => {
    const page = await browser.open(`${listed.origin}/heart`)
    const points = page.locator('#points')
    await says(points, /\d/)
    const before = Number(await points.textContent())
    await page.locator('#heart').click()
    await says(points, String(before + 1))
    // A viewer may have only so many pages open.
    await page.close()
  })

  test('[O28] a plain frame has its ticket in its address, and passes on another one', async () => {
    const page = await browser.open(`${listed.origin}/frame`, { prepare: withoutDemo })
    const frame = page.frameLocator('iframe')
    await says(frame.locator('.pill'), '您当前积分')
    const before = numberOf(await readable(frame.locator('.pill .bal')))
    await likes(page, 'frame')
    const overlay = frame.locator('fanfare-overlay')
    await overlay.evaluate(noteWhatIsCopied)
    await frame.getByRole('button', { name: '分享' }).first().click()
    await until(
      () => overlay.getAttribute('data-copied'),
      (text) => /^https:\/\/shop\.example\/live\?via=[\w-]+$/.test(text ?? ''),
    )
    // The shopper, whom the element shows as well.
    const other = await browser.open(`${listed.origin}/element`)
    await until(
      async () => numberOf(await readable(other.locator('.pill .bal'))),
      (points) => points > before,
    )
    await other.close()
    await page.close()
  })

  test("[HO1 CL36] a host's link: its ticket leaves the address, and when it is over the page still comes back", async () => {
    const room = { viewer: 'anchor', name: '主播', role: 'host' as const }
    const link = (ticket: string) => `${service.apiUrl}/host#ticket=${ticket}&lang=zh`
    // Issued so long ago that it is over in some seconds.
    const nowMs = Date.now() - TICKET_LIFE_MS_MAX - TICKET_SKEW_MS + 8000
    const ticket = await testTicket({ ...room, nowMs })
    const page = await browser.open(link(ticket), { ...DESKTOP, prepare: withoutDemo })
    await says(page.locator('.bar'), '连接正常')
    expect(page.url()).toBe(`${service.apiUrl}/host#lang=zh`)
    const enters = () =>
      knock(service.gatewayUrl, { ticket }).then(
        ({ socket }) => socket.close() && 'entered',
        (error: Error) => error.message,
      )
    await until(enters, (said) => said === 'ticket_expired')
    await page.getByRole('button', { name: '舞台' }).click()
    await until(
      () => page.locator('.dlg input.url').inputValue(),
      (url) => /\/stage#k=\w/.test(url),
    )
    await page.reload()
    await says(page.locator('.bar'), '连接正常')
    // Another link in the same tab.
    await page.goto(link(await testTicket({ ...room, viewer: 'second' })))
    await until(
      async () => page.url(),
      (url) => url === `${service.apiUrl}/host#lang=zh`,
    )
    await says(page.locator('.bar'), '连接正常')
    await page.close()
  })

  test('[C26 C50] an unlisted page may neither frame the overlay nor open a socket', async () => {
    for (const form of ['frame', 'script'] as const) {
      const told: string[] = []
      const page = await browser.open(`${unlisted.origin}/${form}`, {
        prepare: async (page) => {
          page.on('console', (message) => told.push(message.text()))
        },
      })
      await expect.poll(() => told.join('\n'), { timeout: 10_000 }).toContain('frame-ancestors')
      expect(await page.frameLocator('iframe').locator('fanfare-overlay').count()).toBe(0)
    }
    const refused = new Promise<number>((done) => {
      void browser.open(`${unlisted.origin}/element`, {
        prepare: async (page) => {
          page.on('websocket', (socket) => socket.on('socketerror', () => done(1)))
        },
      })
    })
    expect(await refused).toBe(1)
  })

  test('[O23] why a ticket is refused stands in the console of the page', async () => {
    const told: string[] = []
    await browser.open(`${listed.origin}/foreign`, {
      prepare: async (page) => {
        page.on('console', (message) => told.push(message.text()))
      },
    })
    await expect.poll(() => told).toContain('Fanfare refused: ticket_invalid')
  })

  test("[O23] a ticket for another room than the page's is taken, and stands in its console", async () => {
    const told: string[] = []
    const page = await browser.open(`${listed.origin}/elsewhere`, {
      prepare: async (page) => {
        page.on('console', (message) => told.push(message.text()))
      },
    })
    await says(page.locator('fanfare-overlay .pill'), /\d/)
    expect(told).toContain('Fanfare has a ticket for another room: demo')
    await page.close()
  })

  test('[C49] what a stranger in the page says is heard by neither the frame nor the loader', async () => {
    const tickets: string[] = []
    const page = await browser.open(`${listed.origin}/script`, {
      prepare: async (page) => {
        page.on('request', (request) => {
          if (request.url().endsWith('/ticket')) tickets.push(request.url())
        })
      },
    })
    // The words stand there before the ticket is asked for, the number only after it was taken.
    await says(page.frameLocator('iframe').first().locator('.pill .bal'), /\d/)
    expect(tickets).toHaveLength(1)
    await page.evaluate(strangerSpeaks)
    await until(
      () => page.evaluate(() => document.title),
      (title) => title === 'heard',
    )
    expect(tickets).toHaveLength(1)
    await likes(page, 'script')
  })
})

/** The demo would give anybody a ticket. */
async function withoutDemo(page: Page): Promise<void> {
  await page.route('**/v1/demo/**', (route) => route.abort())
}

/** The clipboard is one for the whole machine, and asks for the focus; runs in the frame. */
function noteWhatIsCopied(overlay: Element): void {
  navigator.clipboard.writeText = async (text) => overlay.setAttribute('data-copied', text)
}

/** A frame beside the overlay's asks the loader for a ticket and offers forged ones to the overlay; runs in the page. */
function strangerSpeaks(): void {
  const stranger = document.createElement('iframe')
  document.body.append(stranger)
  const script = document.createElement('script')
  script.textContent = `
    parent.postMessage({ fanfare: 'ticket', id: 7 }, '*')
    parent.frames[0].postMessage({ fanfare: 'hello', tickets: true, shareUrl: 'https://evil.test/' }, '*')
    parent.frames[0].postMessage({ fanfare: 'ticket', id: 1, ticket: 'forged' }, '*')
    parent.postMessage('said', '*')`
  addEventListener('message', ({ data }) => {
    if (data === 'said') document.title = 'heard'
  })
  stranger.contentDocument?.body.append(script)
}
