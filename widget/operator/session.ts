/** Who is at the console: a ticket becomes a session, which is renewed while the page is open. */

import { type ReadonlySignal, signal } from '@preact/signals'
import type { Runtime, Storage } from '../client/index.ts'
import { ticketIn } from './address.ts'
import { type Answer, type Api, createApi, type Failure, type Fetch } from './api.ts'
import { RENEW_MS, RETRY_MS } from './limits.ts'

const TOKEN_KEY = 'ff:operator:session'

export interface Me {
  id: string
  name: string
  brand: string
  /** Rules and totals are open too. */
  platform: boolean
}

interface Session {
  token: string
  operator: { id: string; name: string }
  brand: string
  platform: boolean
}

export type SignedIn =
  | { state: 'waiting' }
  /** `lapsed`: the session ran out under the page, or its secret was changed; the page waits as it is until the same person is back. */
  | { state: 'in'; me: Me; lapsed?: Why | 'waiting' }
  | { state: 'out'; why: Why }
/** `none`: no ticket was given. */
export type Why = 'none' | Failure['code']

export interface Doorman {
  api: Api
  who: ReadonlySignal<SignedIn>
  /** A ticket that somebody pasted, or the link it came in. */
  enter(ticket: string): Promise<void>
  leave(): void
}

export interface DoormanOptions {
  fetch: Fetch
  runtime: Runtime
  /** Of the tab; undefined where the page may not store. */
  storage: Storage | undefined
  /** From the address. */
  ticket: string | undefined
}

export function createDoorman({ fetch, runtime, storage, ticket }: DoormanOptions): Doorman {
  const who = signal<SignedIn>({ state: 'waiting' })
  let token: string | undefined
  let cancel = () => {}

  const keep = (next: string | undefined) => {
    token = next
    storage?.setItem(TOKEN_KEY, next ?? '')
  }
  const out = (why: Why) => {
    cancel()
    keep(undefined)
    who.value = { state: 'out', why }
  }
  /** A session that is over takes nothing away from who was working, nor does a bad ticket on the way back. */
  const shutOut = (why: Why) => {
    const before = who.peek()
    if (before.state !== 'in' || !(before.lapsed || isOver(why))) return out(why)
    cancel()
    keep(undefined)
    who.value = { ...before, lapsed: why }
  }
  let returning: Promise<void> | undefined
  /** While the page waits: kept when the same person is back. The page of another begins anew and asks for itself. */
  const back = (): Promise<void> | undefined => {
    const left = who.peek()
    if (left.state !== 'in' || !left.lapsed) return undefined
    returning ??= new Promise((resolve) => {
      const stop = who.subscribe((now) => {
        if (now.state === 'in' && now.lapsed) return
        stop()
        returning = undefined
        if (now.state === 'in' && same(now.me, left.me)) resolve()
      })
    })
    return returning
  }
  const again = (ms: number, run: () => Promise<void>) => {
    cancel()
    cancel = runtime.after(ms, () => void run())
  }
  const api = createApi({ fetch, token: () => token, onShutOut: shutOut, back })

  /** With the ticket, or the token before it. Waits for a service that cannot be reached. */
  async function signIn(bearer: string): Promise<void> {
    token = bearer
    const answer: Answer<Session> = await api.post('/v1/operator/session', {})
    if (token !== bearer) return
    if (answer.ok) {
      const { operator, brand, platform } = answer
      const me = { ...operator, brand, platform }
      keep(answer.token)
      const before = who.peek()
      // The same person goes on: nothing on the page begins anew.
      if (before.state !== 'in' || before.lapsed || !same(before.me, me))
        who.value = { state: 'in', me }
      again(RENEW_MS, () => signIn(token ?? ''))
      return
    }
    if (passes(answer)) return again(RETRY_MS, () => signIn(bearer))
    shutOut(answer.code)
  }

  /** Without a ticket: the session of this tab, or in a demo a ticket from the service. */
  async function begin(): Promise<void> {
    const kept = storage?.getItem(TOKEN_KEY)
    if (ticket) return signIn(ticket)
    if (kept) await signIn(kept)
    if (!kept || who.value.state === 'out') await asDemo()
  }
  async function asDemo(): Promise<void> {
    const config: Answer<{ demo: boolean }> = await api.get('/v1/config')
    if (!config.ok) return again(RETRY_MS, asDemo)
    if (!config.demo) return shut()
    const wanted = { role: 'operator', viewer: 'demo-operator', name: 'Demo' }
    const given: Answer<{ ticket: string }> = await api.post('/v1/demo/ticket', wanted)
    if (given.ok) return signIn(given.ticket)
    if (passes(given)) return again(RETRY_MS, asDemo)
    shut()
  }
  /** What was said of the session before says more than that there is no ticket. */
  function shut(): void {
    if (who.value.state !== 'out') out('none')
  }
  void begin()

  return {
    api,
    who,
    enter: async (text) => {
      const before = who.peek()
      who.value = before.state === 'in' ? { ...before, lapsed: 'waiting' } : { state: 'waiting' }
      await signIn(ticketIn(text))
    },
    leave: () => out('none'),
  }
}

/** The ticket was good until it ended, or until the secret behind it was changed; a revoked one takes the page away. */
const isOver = (why: Why): boolean => why === 'ticket_expired' || why === 'ticket_invalid'

const same = (a: Me, b: Me): boolean => a.id === b.id && a.brand === b.brand

const passes = ({ code }: Failure): boolean =>
  code === 'unreached' || code === 'busy' || code === 'internal' || code === 'rate_limited'
