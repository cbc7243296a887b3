/** The demo's visitors and what the page asks of the service. */

import { describe, expect, it, vi } from 'vitest'
import { createDemo } from './model.ts'
import { nextAddress, rememberedId, rememberId, visitorOf } from './visitor.ts'

const json = (body: unknown, status = 200) =>
  Promise.resolve(new Response(JSON.stringify(body), { status }))
const blocked = (): Storage => {
  throw new DOMException('blocked', 'SecurityError')
}

/** A service that answers by path and records what it was asked. */
function service(answers: Record<string, () => Promise<Response>>) {
  const asked: [path: string, body: unknown][] = []
  return {
    asked,
    get: (url: string, init?: RequestInit) => {
      asked.push([url, init?.body ? JSON.parse(String(init.body)) : undefined])
      return answers[url]?.() ?? json({}, 404)
    },
  }
}
const config = () => json({ ok: true, gatewayUrl: 'http://x', protocol: 1, demo: true })
const settle = () => new Promise((done) => queueMicrotask(() => setTimeout(done, 0)))
const tabs = { open: vi.fn() }

function demoWith(answers: Record<string, () => Promise<Response>>, search = '?lang=en') {
  const { get, asked } = service({ '/v1/config': config, ...answers })
  const after = vi.fn()
  const demo = createDemo({ get, after, storage: () => localStorage, search, open: tabs })
  return { demo, asked, after }
}

describe('visitors', () => {
  it('[002-48] each tab may be another viewer, and the last is followed by the first', () => {
    expect(visitorOf('?as=2', 'zh')).toEqual({ number: 2, name: '阿哲' })
    expect(nextAddress(visitorOf('', 'en'))).toBe('/?as=2')
    expect(nextAddress(visitorOf('?as=9', 'en'))).toBe('/?as=1')
  })

  it.each(['?as=0', '?as=10', '?as=1.5', '?as=x', '?as=-1'])('takes %s for the first', (search) => {
    expect(visitorOf(search, 'en').number).toBe(1)
  })

  it('remember who they were, unless the browser may not or somebody wrote nonsense', () => {
    const first = visitorOf('', 'en')
    rememberId(first, 'guest-1', () => localStorage)
    expect(rememberedId(first, () => localStorage)).toBe('guest-1')
    expect(rememberedId(visitorOf('?as=2', 'en'), () => localStorage)).toBeUndefined()
    rememberId(first, 'no id', () => localStorage)
    expect(rememberedId(first, () => localStorage)).toBeUndefined()
    expect(() => rememberId(first, 'guest-1', blocked)).not.toThrow()
    expect(rememberedId(first, blocked)).toBeUndefined()
  })
})

describe('demo', () => {
  it('comes back to the same account', async () => {
    localStorage.clear()
    const ticket = () => json({ ok: true, ticket: 't', viewer: 'guest-7' })
    const { demo, asked } = demoWith({ '/v1/demo/ticket': ticket })
    expect(await demo.ticket()).toBe('t')
    await demo.ticket()
    const bodies = asked.filter(([path]) => path === '/v1/demo/ticket').map(([, body]) => body)
    expect(bodies).toEqual([
      { room: 'demo', role: 'viewer', name: 'Mei' },
      { room: 'demo', role: 'viewer', name: 'Mei', viewer: 'guest-7' },
    ])
  })

  it('waits for a service that is not there yet', async () => {
    let up = false
    const { demo, after } = demoWith({
      '/v1/config': () => (up ? config() : Promise.reject(new Error('down'))),
    })
    await settle()
    expect(demo.service.value).toBe('waiting')
    up = true
    after.mock.calls[0]?.[1]()
    await settle()
    expect(demo.service.value).toBe('ready')
  })

  it('says so where the service has no demo', async () => {
    const { demo } = demoWith({ '/v1/config': () => json({ gatewayUrl: 'http://x', demo: false }) })
    await settle()
    expect(demo.service.value).toBe('none')
  })

  it('never asks for more bots than there may be, and says when none come', async () => {
    let answer = () => json({ ok: true, size: 5, max: 5 })
    const { demo, asked } = demoWith({ '/v1/demo/crowd': () => answer() })
    await settle()
    await demo.switchCrowd(true)
    expect(asked.at(-1)).toEqual(['/v1/demo/crowd', { size: 5 }])
    await demo.switchCrowd(false)
    expect(asked.at(-1)).toEqual(['/v1/demo/crowd', { size: 0 }])
    answer = () => json({ ok: false }, 429)
    await demo.switchCrowd(true)
    expect(demo.crowdFailed.value).toBe(true)
    expect(demo.crowd.value?.size).toBe(5)
  })

  it('opens the stage with its key in the fragment, or closes the empty tab', async () => {
    const tab = { location: { href: '' }, close: vi.fn() }
    tabs.open.mockReturnValue(tab)
    const { demo } = demoWith({ '/v1/demo/stage-key': () => json({ ok: true, key: 'a/b' }) })
    await demo.openStage()
    expect(tab.location.href).toBe('/stage#k=a%2Fb')
    const refused = demoWith({ '/v1/demo/stage-key': () => json({ ok: false }, 409) })
    await refused.demo.openStage()
    expect(tab.close).toHaveBeenCalledTimes(1)
  })
})
