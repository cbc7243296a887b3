/** Who is at the console: a ticket becomes a session, which is renewed while the page is open. */

import { type ReadonlySignal, signal } from '@preact/signals'
import type { ErrorCode } from '../../shared/errors.ts'
import type { Runtime, Storage } from '../client/index.ts'
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

export type SignedIn = { state: 'waiting' } | { state: 'in'; me: Me } | { state: 'out'; why: Why }
/** `none`: no ticket was given. */
export type Why = 'none' | Failure['code']

export interface Doorman {
  api: Api
  who: ReadonlySignal<SignedIn>
  /** A ticket that somebody pasted. */
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
  const again = (ms: number, run: () => Promise<void>) => {
    cancel()
    cancel = runtime.after(ms, () => void run())
  }
  const api = createApi({ fetch, token: () => token, onShutOut: (code: ErrorCode) => out(code) })

  /** With the ticket, or the token before it. Waits for a service that cannot be reached. */
  async function signIn(bearer: string): Promise<void> {
    token = bearer
    const answer: Answer<Session> = await api.post('/v1/operator/session', {})
    if (token !== bearer) return
    if (answer.ok) {
      const { operator, brand, platform } = answer
      keep(answer.token)
      const before = who.peek()
      // The same person goes on: nothing on the page begins anew.
      if (before.state !== 'in' || before.me.id !== operator.id || before.me.brand !== brand)
        who.value = { state: 'in', me: { ...operator, brand, platform } }
      again(RENEW_MS, () => signIn(token ?? ''))
      return
    }
    if (passes(answer)) return again(RETRY_MS, () => signIn(bearer))
    out(answer.code)
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
      who.value = { state: 'waiting' }
      await signIn(text.trim())
    },
    leave: () => out('none'),
  }
}

const passes = ({ code }: Failure): boolean =>
  code === 'unreached' || code === 'busy' || code === 'internal' || code === 'rate_limited'
