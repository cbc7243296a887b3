/** Who may be at the console: tickets, sessions that go on, and a service that is away. */

import { describe, expect, it } from 'vitest'
import { settled, testRuntime } from '../host/testing.ts'
import { RENEW_MS, RETRY_MS } from './limits.ts'
import { createDoorman } from './session.ts'

type Reply = { status?: number; body: object } | undefined

/** A service that answers as the test says, and a tab that remembers. */
function stand(answer: (path: string, bearer: string) => Reply, ticket?: string, kept = '') {
  const runtime = testRuntime()
  const stored = new Map(kept ? [['ff:operator:session', kept]] : [])
  const asked: string[] = []
  const doorman = createDoorman({
    fetch: async (url, init) => {
      const { authorization = '' } = (init?.headers ?? {}) as Record<string, string>
      const bearer = authorization.replace('Bearer ', '')
      asked.push(`${url} ${bearer}`)
      const reply = answer(url, bearer)
      if (!reply) throw new TypeError('no network')
      return new Response(JSON.stringify(reply.body), { status: reply.status ?? 200 })
    },
    runtime,
    storage: {
      getItem: (key) => stored.get(key) ?? null,
      setItem: (key, value) => void stored.set(key, value),
    },
    ticket,
  })
  const token = () => stored.get('ff:operator:session')
  return { doorman, runtime, asked, token }
}

const SESSION = '/v1/operator/session'
const session = (token: string, platform = true) => ({
  body: { ok: true, token, operator: { id: 'zhou', name: '周宁' }, brand: 'acme', platform },
})
const refused = (code: string, status = 401) => ({ status, body: { ok: false, code } })

/** Several answers in a row each take their turns. */
const quiet = async () => {
  for (let i = 0; i < 5; i++) await settled()
}

describe('signing in', () => {
  it('[OC1] a ticket becomes a session, which is kept in the tab and renewed with itself', async () => {
    let turn = 0
    const { doorman, runtime, asked, token } = stand(() => session(`t${++turn}`), 'the-ticket')
    await quiet()
    expect(doorman.who.value).toMatchObject({ state: 'in', me: { name: '周宁', platform: true } })
    expect(token()).toBe('t1')
    const me = doorman.who.value
    runtime.pass(RENEW_MS)
    await quiet()
    expect(asked).toEqual([`${SESSION} the-ticket`, `${SESSION} t1`])
    expect(token()).toBe('t2')
    // The page does not begin anew.
    expect(doorman.who.value).toBe(me)
  })

  it('[OC2 A40] a ticket of another role is refused, and nothing of it is kept', async () => {
    const { doorman, token } = stand(() => refused('forbidden', 403), 'a-viewer')
    await quiet()
    expect(doorman.who.value).toEqual({ state: 'out', why: 'forbidden' })
    expect(token()).toBe('')
  })

  it('[OC3] a service that is away is asked again until it answers', async () => {
    let away = true
    const { doorman, runtime } = stand(() => (away ? undefined : session('t1')), 'the-ticket')
    await quiet()
    expect(doorman.who.value).toEqual({ state: 'waiting' })
    away = false
    runtime.pass(RETRY_MS)
    await quiet()
    expect(doorman.who.value).toMatchObject({ state: 'in' })
  })

  it('[OC2] a session that has run out says so; without a demo there is no other way in', async () => {
    const { doorman } = stand(
      (path) =>
        path === SESSION ? refused('ticket_expired') : { body: { ok: true, demo: false } },
      undefined,
      'old',
    )
    await quiet()
    expect(doorman.who.value).toEqual({ state: 'out', why: 'ticket_expired' })
  })

  it('[OC5] in a demo the service gives a ticket', async () => {
    const { doorman, asked } = stand((path) => {
      if (path === '/v1/config') return { body: { ok: true, demo: true } }
      if (path === '/v1/demo/ticket') return { body: { ok: true, ticket: 'demo-ticket' } }
      return session('t1')
    })
    await quiet()
    expect(doorman.who.value).toMatchObject({ state: 'in' })
    expect(asked.at(-1)).toBe(`${SESSION} demo-ticket`)
  })

  it('[OC2] what any page is told of a revoked ticket ends the session', async () => {
    const { doorman, token } = stand(
      (path) => (path === SESSION ? session('t1') : refused('ticket_revoked', 403)),
      'the-ticket',
    )
    await quiet()
    const answer = await doorman.api.get('/v1/rewards')
    expect(answer).toMatchObject({ ok: false, code: 'ticket_revoked' })
    expect(doorman.who.value).toEqual({ state: 'out', why: 'ticket_revoked' })
    expect(token()).toBe('')
  })

  it('[OC3] an answer that is none is a value like any other', async () => {
    const { doorman } = stand(
      (path) => (path === SESSION ? session('t1') : undefined),
      'the-ticket',
    )
    await quiet()
    expect(await doorman.api.post('/v1/x', {})).toEqual({ ok: false, code: 'unreached' })
    expect(doorman.who.value).toMatchObject({ state: 'in' })
  })

  it.each(['ticket_expired', 'ticket_invalid'])(
    '[OC4] a session that is over (%s) leaves the page as it was, until its operator is back',
    async (code) => {
      let expired = false
      const { doorman, token, asked } = stand((path, bearer) => {
        if (bearer === 'bad') return refused('ticket_invalid')
        if (path === SESSION) return session(`s-${bearer}`)
        return expired && bearer === 's-first' ? refused(code) : { body: { ok: true } }
      }, 'first')
      await quiet()
      expired = true
      expect(await doorman.api.post('/v1/points', {})).toMatchObject({ code })
      expect(doorman.who.value).toMatchObject({ state: 'in', lapsed: code })
      expect(token()).toBe('')

      // What is only read waits, instead of failing under the page.
      const before = asked.length
      let read: unknown
      void doorman.api.get('/v1/rewards').then((answer) => {
        read = answer
      })
      await doorman.enter('bad')
      await quiet()
      expect(doorman.who.value).toMatchObject({ state: 'in', lapsed: 'ticket_invalid' })
      expect(asked.slice(before)).toEqual([`${SESSION} bad`])

      await doorman.enter(' https://fanfare.example/operator#lang=zh&ticket=second ')
      await quiet()
      expect(doorman.who.value).toEqual({
        state: 'in',
        me: { id: 'zhou', name: '周宁', brand: 'acme', platform: true },
      })
      expect(read).toEqual({ ok: true })
      expect(asked.at(-1)).toBe('/v1/rewards s-second')
    },
  )

  it('[OC4] what is read while the page waits is asked for once when its operator is back, however often it was wanted', async () => {
    let expired = true
    const { doorman, asked } = stand((path, bearer) => {
      if (path === SESSION && bearer === 'other')
        return { body: { ...session('o').body, operator: { id: 'lin', name: '林' } } }
      if (path === SESSION) return session('s')
      return expired ? refused('ticket_expired') : { body: { ok: true, path } }
    }, 'first')
    await quiet()
    void doorman.api.get('/v1/rewards')
    await quiet()
    const hour = Array.from({ length: 600 }, () => doorman.api.get('/v1/rewards'))
    const stock = doorman.api.get('/v1/stock')
    const before = asked.length
    expired = false
    await doorman.enter('second')
    expect(await Promise.all(hour)).toEqual(hour.map(() => ({ ok: true, path: '/v1/rewards' })))
    await stock
    expect(asked.slice(before)).toEqual([`${SESSION} second`, '/v1/rewards s', '/v1/stock s'])

    // What waited for somebody who did not come back is nobody's answer later.
    expired = true
    void doorman.api.get('/v1/rewards')
    await quiet()
    expired = false
    await doorman.enter('other')
    await quiet()
    expired = true
    const theirs = doorman.api.get('/v1/rewards')
    await quiet()
    expired = false
    await doorman.enter('other')
    expect(await theirs).toMatchObject({ ok: true })
  })

  it('[OC4] a reading that finds the session run out is made again when its operator is back', async () => {
    let expired = true
    const { doorman } = stand((path) => {
      if (path === SESSION) return session('s')
      return expired ? refused('ticket_expired') : { body: { ok: true } }
    }, 'first')
    await quiet()
    const reading = doorman.api.get('/v1/rewards')
    await quiet()
    expect(doorman.who.value).toMatchObject({ lapsed: 'ticket_expired' })
    expired = false
    await doorman.enter('second')
    expect(await reading).toEqual({ ok: true })
  })

  it('[OC4] who comes instead of the operator whose session ran out begins anew, and nothing waits for them', async () => {
    const { doorman, asked } = stand((path, bearer) => {
      if (path !== SESSION) return refused('ticket_expired')
      if (bearer === 'first') return session('s')
      const other = { id: 'lin', name: '林' }
      return { body: { ...session('o').body, operator: other } }
    }, 'first')
    await quiet()
    void doorman.api.get('/v1/rewards')
    await quiet()
    await doorman.enter('another')
    await quiet()
    expect(doorman.who.value).toMatchObject({ state: 'in', me: { id: 'lin' } })
    expect(asked.at(-1)).toBe(`${SESSION} another`)
  })
})
