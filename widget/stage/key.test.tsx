/** The stage key stays out of addresses that are logged. */

import { describe, expect, it } from 'vitest'
import { exchangeKey, type Fetch, readFragment } from './key.ts'
import { mayComplain, watchVisible } from './obs.ts'

const answering = (status: number, body: unknown) => {
  const asked: { url: string; init: RequestInit | undefined }[] = []
  const fetch: Fetch = (url, init) => {
    asked.push({ url, init })
    return Promise.resolve(new Response(JSON.stringify(body), { status }))
  }
  return { fetch, asked }
}

describe('stage key', () => {
  it('is read from the fragment', () => {
    expect(readFragment('#k=abc&theme=light&lang=en')).toEqual({
      key: 'abc',
      theme: 'light',
      lang: 'en',
    })
    expect(readFragment('')).toEqual({ key: undefined, theme: 'dark', lang: undefined })
  })

  it('is exchanged in the body of a POST, never in the address', async () => {
    const { fetch, asked } = answering(200, { ticket: 't1' })
    expect(await exchangeKey('secret', fetch)).toEqual({ ok: true, ticket: 't1' })
    expect(asked[0]?.url).toBe('/v1/stage/ticket')
    expect(asked[0]?.init?.method).toBe('POST')
    expect(asked[0]?.init?.body).toBe('{"key":"secret"}')
  })

  it('that was revoked is refused for good; a service that is down is asked again', async () => {
    expect(await exchangeKey('k', answering(403, {}).fetch)).toEqual({ ok: false, code: 'refused' })
    await expect(exchangeKey('k', answering(503, {}).fetch)).rejects.toThrow('503')
    await expect(exchangeKey('k', answering(429, {}).fetch)).rejects.toThrow('429')
  })
})

describe('OBS', () => {
  it('tells when the source is shown and hidden', () => {
    const seen: boolean[] = []
    const stop = watchVisible(window, (visible) => seen.push(visible))
    const tell = (visible: boolean) =>
      window.dispatchEvent(new CustomEvent('obsSourceVisibleChanged', { detail: { visible } }))
    tell(false)
    tell(true)
    stop()
    tell(false)
    expect(seen).toEqual([false, true])
  })

  it('gets no setup message into a picture that is on air', () => {
    const told: boolean[] = []
    const page = (status: { streaming: boolean; recording: boolean } | undefined) =>
      ({
        obsstudio: status && { getStatus: (tell: (s: typeof status) => void) => tell(status) },
      }) as unknown as Window
    mayComplain(page({ streaming: true, recording: false }), (may) => told.push(may))
    mayComplain(page({ streaming: false, recording: false }), (may) => told.push(may))
    mayComplain(page(undefined), (may) => told.push(may))
    expect(told).toEqual([false, true, true])
  })
})
