import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contentPolicy, fileResponse, loadPages, type StaticFile } from './pages.ts'

const dist = mkdtempSync(join(tmpdir(), 'fanfare-dist-'))
const HTML = `<!doctype html><title>x</title>${'<p>points</p>'.repeat(100)}`
beforeAll(() => {
  const put = (path: string, text: string) => {
    mkdirSync(join(dist, path, '..'), { recursive: true })
    writeFileSync(join(dist, path), text)
  }
  put('widget/overlay/index.html', HTML)
  put('widget/clerk/index.html', HTML)
  put('widget/assets/overlay-a1b2.js', 'export {}')
  put('widget/assets/fonts/a.woff2', 'font')
  put('embed/embed/embed.js', '(()=>{})()')
  put('secret.txt', 'secret')
})
afterAll(() => rmSync(dist, { recursive: true }))

const POLICY = { gateway: new URL('http://live.test:7071'), framedBy: [] }
const get = (file: StaticFile | undefined, headers = {}) => {
  if (!file) throw new Error('no such file')
  return fileResponse(new Request('http://x/', { headers }), file, contentPolicy(POLICY))
}

test('[A17] only what the build made for browsers is there, under names of ours', () => {
  expect([...loadPages(dist).keys()].sort()).toEqual([
    '/clerk',
    '/embed.js',
    '/overlay',
    '/widget/assets/fonts/a.woff2',
    '/widget/assets/overlay-a1b2.js',
  ])
  expect(loadPages(join(dist, 'nothing')).size).toBe(0)
})

test('[A17] hashed files stay, pages are asked for anew, embedded scripts for five minutes', () => {
  const pages = loadPages(dist)
  const caching = (path: string) => get(pages.get(path)).headers.get('cache-control')
  expect(caching('/widget/assets/overlay-a1b2.js')).toBe('public, max-age=31536000, immutable')
  expect(caching('/overlay')).toBe('no-cache')
  expect(caching('/embed.js')).toBe('public, max-age=300')
})

test('[A17] a page that the browser has is not sent again, and is packed when it is', async () => {
  const page = loadPages(dist).get('/overlay')
  const first = get(page, { 'accept-encoding': 'br, gzip' })
  expect(first.headers.get('content-encoding')).toBe('gzip')
  expect(gunzipSync(Buffer.from(await first.arrayBuffer())).toString()).toBe(HTML)
  const etag = first.headers.get('etag') ?? ''
  const again = get(page, { 'if-none-match': `W/${etag}` })
  expect(again.status).toBe(304)
  expect(await again.text()).toBe('')
  expect(await get(page).text()).toBe(HTML)
})

test('[A16] pages load from us and the gateway only, but pictures; merchants may load scripts, not read pages', () => {
  const pages = loadPages(dist)
  const page = get(pages.get('/overlay')).headers
  expect(page.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; font-src 'self'; media-src 'self'; worker-src 'self'; frame-src 'self'; connect-src 'self' http://live.test:7071 ws://live.test:7071; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  )
  expect(page.get('x-content-type-options')).toBe('nosniff')
  expect(page.get('access-control-allow-origin')).toBeNull()
  const embed = get(pages.get('/embed.js')).headers
  expect(embed.get('access-control-allow-origin')).toBe('*')
  expect(embed.get('cross-origin-resource-policy')).toBe('cross-origin')
})

test('[A16] only the page of the clerk may ask for the camera', () => {
  const pages = loadPages(dist)
  const may = (path: string) => get(pages.get(path)).headers.get('permissions-policy')
  expect(may('/clerk')).toMatch(/^camera=\(self\),/)
  expect(may('/overlay')).toMatch(/^camera=\(\),/)
})

test('[A16] only pages with an overlay may ask where the viewer is', () => {
  const pages = loadPages(dist)
  const may = (path: string) => get(pages.get(path)).headers.get('permissions-policy')
  expect(may('/overlay')).toMatch(/geolocation=\(self\)$/)
  expect(may('/clerk')).toMatch(/geolocation=\(\)$/)
})

test('[A16 C50] allowed origins may frame, and nobody else', () => {
  const policy = contentPolicy({
    gateway: new URL('https://live.test'),
    framedBy: ['https://shop.test', 'https://b.test'],
  })
  expect(policy).toContain("frame-ancestors 'self' https://shop.test https://b.test")
  expect(policy).toContain("connect-src 'self' https://live.test wss://live.test")
  expect(policy).not.toContain('unsafe')
})
