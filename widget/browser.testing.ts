/** A real browser for tests: contexts that are closed, waits that end, pictures of what went wrong. */

import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core'
import { onTestFailed } from 'vitest'

const EXECUTABLE = process.env.CHROMIUM_BIN ?? '/usr/bin/chromium'
/** Set by `npm test` where there is none, which it then says. */
export const withoutBrowser = EXECUTABLE === 'missing'
/** Where every named step leaves a picture, for people who want to look; none where it is not set. */
const SHOTS = process.env.SHOTS_DIR
/** The machine may be busy; what is awaited comes much sooner or never. */
export const PATIENCE_MS = 20_000
const PAGES_MAX = 20
const LOOK_MS = 50
/** What moves has arrived by then. */
const SETTLES_MS = 700

export const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true }
export const DESKTOP = { viewport: { width: 1280, height: 800 } }

/** A page in a context of its own: another visitor. */
export type Visit = BrowserContextOptions & {
  /** How far the visitor's clock is ahead of the true time, ms. */
  clockAheadMs?: number
  /** Before the page loads. */
  prepare?: (page: Page) => Promise<void>
}

export interface TestBrowser {
  open(url: string, visit?: Visit): Promise<Page>
  /** Takes a picture of a step, where pictures are wanted. */
  picture(name: string, page: Page): Promise<void>
  /** To be called at the start of a test: should it fail, pictures of all pages are left and named. */
  watch(): void
  close(): Promise<void>
}

/** Moves the page's wall clock; runs in the page, before anything else does. */
function shiftClock(byMs: number): void {
  const True = Date
  class Shifted extends True {
    constructor(...given: unknown[]) {
      super(...((given.length > 0 ? given : [True.now() + byMs]) as [number]))
    }
    static override now(): number {
      return True.now() + byMs
    }
  }
  globalThis.Date = Shifted as DateConstructor
}

export async function launchBrowser(): Promise<TestBrowser> {
  const browser: Browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  const contexts: BrowserContext[] = []
  const pages = () => contexts.flatMap((context) => context.pages()).slice(0, PAGES_MAX)
  return {
    async open(url, { clockAheadMs, prepare, ...options } = {}) {
      const context = await browser.newContext({ locale: 'zh-CN', ...PHONE, ...options })
      context.setDefaultTimeout(PATIENCE_MS)
      contexts.push(context)
      if (clockAheadMs) await context.addInitScript(shiftClock, clockAheadMs)
      const page = await context.newPage()
      await prepare?.(page)
      await page.goto(url)
      return page
    },
    async picture(name, page) {
      if (!SHOTS) return
      mkdirSync(SHOTS, { recursive: true })
      await page.waitForTimeout(SETTLES_MS)
      await page.screenshot({ path: join(SHOTS, `${name}.png`) })
    },
    watch() {
      onTestFailed(async ({ task }) => {
        for (const [i, page] of pages().entries()) {
          const name = `${task.name.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 60)}-${i}.png`
          const path = join(tmpdir(), `fanfare-${process.pid}-${name}`)
          const taken = await page.screenshot({ path, timeout: 5000 }).then(
            () => path,
            () => 'none could be taken',
          )
          console.error(`picture of ${page.url().split('#')[0]}: ${taken}`)
        }
      })
    },
    async close() {
      await browser.close()
    },
  }
}

/** Opens the sheet and waits until it stands: a click at what still slides hits what was there before. */
export async function openSheet(page: Page): Promise<void> {
  await page.locator('.pill').click()
  await page.locator('.sheet').evaluate(async (sheet) => {
    await Promise.allSettled(sheet.getAnimations().map(({ finished }) => finished))
  })
}

/** What a person reads there; nothing where it is not shown within a second. */
export const readable = (where: Locator): Promise<string> =>
  // biome-ignore lint/performance/useDomNodeTextContent: what is hidden is not read.
  where.innerText({ timeout: 1000 }).catch(() => '')

/** Waits until the answer is as wanted; answers it. Fails with the last one. */
export async function until<T>(
  read: () => Promise<T>,
  wanted: (value: T) => boolean,
  { patienceMs = PATIENCE_MS, what = 'it' } = {},
): Promise<T> {
  const endsAtMs = performance.now() + patienceMs
  for (;;) {
    const value = await read()
    if (wanted(value)) return value
    if (performance.now() > endsAtMs)
      throw new Error(`within ${patienceMs} ms ${what} was not as wanted, but ${inspect(value)}`)
    await new Promise((done) => setTimeout(done, LOOK_MS))
  }
}

/** Waits until the element says so. */
export const says = (where: Locator, wanted: string | RegExp, patienceMs = PATIENCE_MS) =>
  until(
    () => readable(where),
    (text) => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)),
    { patienceMs, what: `${where} that should say ${wanted}` },
  )

/** Points as people read them. */
export const numberOf = (text: string): number => Number(text.replaceAll(/[^\d]/g, '') || 'NaN')
