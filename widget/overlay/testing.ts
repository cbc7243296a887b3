/** For tests: receipts, states, and a client that is moved by hand. */

import type { AccountState } from '../../shared/account-state.ts'
import { refuse } from '../../shared/errors.ts'
import type { Receipt } from '../../shared/receipt.ts'
import type { RoomState, TaskView } from '../../shared/room-state.ts'
import type { Client, ClientEvents, ClientState } from '../client/browser.ts'

export const NOW_MS = Date.UTC(2026, 10, 21, 12, 42, 18)

export const receiptOf = (given: Partial<Receipt>): Receipt => ({
  seq: 1,
  rule: given.action ?? 'like',
  action: 'like',
  reason: 'earned',
  units: 1,
  counted: 1,
  baseMilli: 1000,
  multipliers: { heat: 1000, campaign: 1000, tier: 1000, personal: 1000 },
  multiplier: 1000,
  carry: 0,
  points: 0,
  bucket: 'spendable',
  growth: 0,
  rulebook: 1,
  atMs: NOW_MS,
  ...given,
})

export const accountOf = (given: Partial<AccountState> = {}): AccountState => ({
  epoch: 'e1',
  version: 1,
  balance: { spendable: 1850, session: 0, pending: 0, held: 0, frozen: 0 },
  tier: { rung: 1, growth: 84, promotions: 1 },
  today: { points: 28, used: { like: 3 }, resetsAtMs: NOW_MS + 3_600_000 },
  live: { points: 28, watchedMs: 61_000, continuousMs: 61_000, tasks: [] },
  watch: { nonce: 1, dueAtMs: NOW_MS + 20_000 },
  ...given,
})

const rung = (id: string, zh: string, en: string, growth: number) => ({
  id,
  label: { zh, en },
  growth,
  factor: 1.2,
  benefits: [],
})

export const roomOf = (given: Partial<RoomState> = {}): RoomState => ({
  epoch: 'r1',
  seq: 0,
  atMs: NOW_MS,
  heat: {
    value: 60,
    level: 3,
    multipliers: { like: 1500, comment: 1500, share: 1500 },
    why: [],
  },
  audience: 12,
  live: { no: 1, state: 'open', startedAtMs: NOW_MS - 600_000 },
  board: [],
  tasks: [],
  campaigns: [],
  comments: [],
  rulebook: 1,
  safe: false,
  durable: [],
  room: { id: 'demo', name: 'Demo', brand: 'demo' },
  ladder: {
    id: 'cn-5',
    rungs: [
      rung('regular', '普通用户', 'Regular', 0),
      rung('bronze', '青铜会员', 'Bronze', 15),
      rung('silver', '白银会员', 'Silver', 120),
    ],
  },
  ...given,
})

export const taskOf = (given: Partial<TaskView> = {}): TaskView => ({
  task: 1,
  action: 'share',
  goal: 1,
  points: 100,
  growth: 0,
  title: { zh: '分享直播间', en: 'Share the room' },
  startsAtMs: NOW_MS,
  endsAtMs: NOW_MS + 600_000,
  quota: 50,
  left: 38,
  ...given,
})

type Listeners = { [E in keyof ClientEvents]: ((body: ClientEvents[E]) => void)[] }

/** A client without a connection. `emit` is what a server would have caused; `did` is what was asked of it. */
export class FakeClient implements Client {
  state: ClientState
  nowMs = NOW_MS
  readonly did: string[] = []
  readonly requested: [name: string, input: object][] = []
  readonly clock = { offsetMs: 0, rttMs: 0 }
  readonly #listeners: Listeners = {
    changed: [],
    moment: [],
    scored: [],
    account: [],
    dropped: [],
    goodbye: [],
  }

  constructor(given: Partial<ClientState> = {}) {
    this.state = {
      status: { phase: 'online' },
      role: 'viewer',
      me: { handle: 'me', name: 'Me' },
      account: accountOf(),
      room: roomOf(),
      pending: { likes: 0, comments: 0, undurable: 0 },
      ...given,
    }
  }

  /** As it is before the first picture. */
  blank(): this {
    const { account: _, room: __, ...rest } = this.state
    this.state = { ...rest, status: { phase: 'connecting' } }
    return this
  }

  on<E extends keyof ClientEvents>(event: E, listener: (body: ClientEvents[E]) => void) {
    this.#listeners[event].push(listener)
    return () => {}
  }

  emit<E extends keyof ClientEvents>(event: E, body: ClientEvents[E]): void {
    for (const hear of this.#listeners[event]) hear(body)
  }

  change(given: Partial<ClientState>): void {
    this.state = { ...this.state, ...given }
    this.emit('changed', this.state)
  }

  scored(...receipts: Receipt[]): void {
    const scored = { ok: true, account: accountOf(), receipts, atMs: this.nowMs } as const
    this.emit('scored', { name: 'like.send', seq: 1, scored, again: false })
  }

  connect() {}
  close() {}
  wake() {}
  setVisible() {}
  serverNow = () => this.nowMs
  like() {
    this.did.push('like')
  }
  async comment(text: string) {
    this.did.push(`comment ${text}`)
    return refuse('busy')
  }
  async share() {
    this.did.push('share')
    return refuse('busy')
  }
  async send({ name }: Parameters<Client['send']>[0]) {
    this.did.push(name)
    return refuse('busy')
  }
  async request(name: string, input: object) {
    this.requested.push([name, input])
    return refuse('busy')
  }
}
