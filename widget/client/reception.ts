/** What the server says, and what follows from it. */

import { type AccountState, type Scored, supersedes } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import type { Applied, Welcome } from '../../shared/protocol/index.ts'
import { applyPulse, type RoomPulse } from '../../shared/room-state.ts'
import type { ClientEvents } from './api.ts'
import type { ServerClock } from './clock.ts'
import type { Connection } from './connection.ts'
import type { Emitter } from './emitter.ts'
import { createEpochs } from './epochs.ts'
import { KNOWN_APPLIED_MARGIN_MS } from './limits.ts'
import type { Moments } from './moments.ts'
import type { Entry, Outbox } from './outbox.ts'
import type { Runtime } from './runtime.ts'
import type { Shown } from './shown.ts'
import type { Incoming } from './socket.ts'
import type { Store } from './store.ts'
import type { WatchClock } from './watch.ts'

export interface ReceptionOptions {
  clock: ServerClock
  connection: Connection
  emitter: Emitter<ClientEvents>
  moments: Moments
  outbox: Outbox
  runtime: Runtime
  shown: Shown
  store: Store
  watch: WatchClock
  settled: (entry: Entry, scored: Scored) => void
  dropped: (entry: Entry, refusal: Refusal) => void
}

export function createReception(o: ReceptionOptions) {
  const { clock, connection, emitter, moments, outbox, runtime, shown, store, watch } = o
  const shardEpochs = createEpochs()
  let shard = -1

  function welcomed(welcome: Welcome): void {
    const { me, room, account, applied, session } = welcome
    const { saved } = store
    const before = shown.state().me?.handle
    clock.welcomed(welcome.atMs, runtime.now(), connection.openForMs())
    connection.welcomed(welcome)
    moments.welcomed(room)
    shard = welcome.shard
    if (before !== undefined && before !== me.handle) {
      shown.forgetAccount()
      shardEpochs.forget()
    }
    shown.set({ me, room })
    if (session && session !== saved.session) {
      const same = saved.handle === undefined || saved.handle === me.handle
      for (const entry of outbox.restart(same, { session, handle: me.handle })) {
        o.dropped(entry, { ok: false, code: 'session_expired', retry: 'refresh' })
      }
    }
    // Whatever was known before: an epoch that was left by mistake is entered again.
    if (account) attached(account, applied)
  }

  function attached(account: AccountState, applied: Applied | undefined): void {
    enter(account)
    watch.restart(account)
    if (!applied) return
    const atMs = clock.latestServerMs(runtime.now()) + KNOWN_APPLIED_MARGIN_MS
    for (const entry of outbox.learn(applied, { epoch: account.epoch, atMs })) {
      o.settled(entry, { ok: true, dup: true, account, receipts: [], atMs })
    }
  }

  function enter(account: AccountState): void {
    if (shardEpochs.enter(account.epoch)) outbox.epochIs(account.epoch)
    if (supersedes(account, shown.state().account, shardEpochs.left)) shown.set({ account })
  }

  /** False where it speaks of an epoch that is over. */
  function adopt(account: AccountState): boolean {
    if (shardEpochs.left.has(account.epoch)) return false
    enter(account)
    return true
  }

  /**
   * Whatever its epoch: a gateway learns of a room's epochs in their order, and only the present connection is
   * heard. The next gateway may still welcome us to an epoch that the last one had seen replaced.
   */
  function pulsed(pulse: RoomPulse): void {
    const { room } = shown.state()
    if (!room) return
    shown.set({ room: applyPulse(room, pulse) })
    clock.pulsed(pulse.atMs, runtime.now())
    outbox.durable(pulse.durable[shard] ?? 0, pulse.atMs, pulse.epochs?.[shard])
    if (moments.pulsed(pulse)) connection.again()
  }

  return {
    /** Of an answer to a command of this client; true where it counts. */
    believe({ account }: Scored): boolean {
      const believed = adopt(account)
      if (believed) watch.learn(account)
      return believed
    },

    received(...[name, body]: Incoming): void {
      if (name === 'session.welcomed') welcomed(body)
      else if (name === 'room.pulsed') pulsed(body)
      else if (name === 'room.happened') moments.happened(body.epoch, body.moments)
      else if (name === 'account.changed') {
        if (adopt(body.account)) emitter.emit('account', body)
      } else if (name === 'account.reattached') {
        // Late news, or we are mistaken: a welcome tells.
        if (shardEpochs.left.has(body.account.epoch)) connection.renew(false)
        else {
          shard = body.shard ?? shard
          attached(body.account, body.applied)
        }
      } else if (name === 'session.refreshed') connection.refreshed(body.resume)
      else if (name === 'host.pulsed') shown.set({ host: body })
      else if (name === 'server.goodbye') {
        emitter.emit('goodbye', body)
        connection.goodbye(body)
      }
    },
  }
}
