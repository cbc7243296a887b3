/** Tickets and keys travel in fragments, headers and bodies, never in an address. */

import { describe, expect, it } from 'vitest'
import { demoTicket, type Fetch, readConfig, readFragment, stageKey } from './ticket.ts'

function answering(status: number, body: unknown) {
  const asked: { url: string; init: RequestInit | undefined }[] = []
  const fetch: Fetch = (url, init) => {
    asked.push({ url, init })
    return Promise.resolve(new Response(JSON.stringify(body), { status }))
  }
  return { fetch, asked }
}

describe('host ticket', () => {
  it('is read from the fragment', () => {
    expect(readFragment('#ticket=a.b.c&lang=en&theme=light')).toMatchObject({
      ticket: 'a.b.c',
      lang: 'en',
      theme: 'light',
    })
    expect(readFragment('#theme=pink').theme).toBeUndefined()
  })

  it('is asked from the demo where there is one', async () => {
    const { fetch, asked } = answering(200, { ok: true, ticket: 't' })
    expect(await demoTicket(fetch, '主播')).toBe('t')
    expect(asked[0]?.init?.body).toBe('{"room":"demo","role":"host","name":"主播"}')
    await expect(demoTicket(answering(404, {}).fetch, 'x')).rejects.toThrow('404')
  })

  it('makes a stage key with the ticket in a header', async () => {
    const { fetch, asked } = answering(200, { ok: true, key: 'k' })
    expect(await stageKey(fetch, { room: 'r1', token: 't' })).toBe('k')
    expect(asked[0]).toMatchObject({
      url: '/v1/stage-keys',
      init: { headers: { authorization: 'Bearer t' }, body: '{"room":"r1","label":"OBS"}' },
    })
    expect(await stageKey(answering(401, {}).fetch, { room: 'r1', token: 't' })).toBeUndefined()
  })

  it('knows the gateway from the configuration, and nothing by guessing', async () => {
    const config = { gatewayUrl: 'https://live.test', protocol: 1, demo: true }
    expect(await readConfig(answering(200, config).fetch)).toEqual({
      gatewayUrl: 'https://live.test',
      demo: true,
    })
    await expect(readConfig(answering(200, {}).fetch)).rejects.toThrow('gateway')
  })
})
