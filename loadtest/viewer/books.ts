/** Keeps a viewer's books: what left, what was answered and how fast, which moments came. */

import type { Welcome } from '../../shared/protocol/index.ts'
import type { Moment, RoomPulse } from '../../shared/room-state.ts'
import type { Client } from '../../widget/client/api.ts'
import type { Meter } from '../slo/metrics.ts'
import type { Observer } from './observed.ts'
import { nonceOf, type SessionRecord } from './record.ts'

interface OpenSession {
  nonce: number
  acknowledged: Map<number, number | null>
  /** When each that is not answered left first. */
  leftAtMs: Map<number, number>
  dropped: Map<number, string>
  /** Newly applied, by number and epoch: no number may come twice. */
  credited: Set<string>
}

export function createBooks({ meter, now }: { meter: Meter; now: () => number }) {
  const sessions = new Map<number, OpenSession>()
  let session: OpenSession | undefined
  let account = ''
  /** Room epoch and number of the last moment seen, and of the newest that the pulse before the last one named. */
  let seen = { epoch: '', seq: 0 }
  let owed = { epoch: '', seq: 0 }
  let named = { epoch: '', seq: 0 }

  function enter(nonce: number): OpenSession {
    const known = sessions.get(nonce) ?? {
      nonce,
      acknowledged: new Map(),
      leftAtMs: new Map(),
      dropped: new Map(),
      credited: new Set(),
    }
    sessions.set(nonce, known)
    return known
  }

  const observer: Observer = {
    welcomed(welcome: Welcome, tookMs) {
      meter('sio_connect_ms', tookMs)
      account = welcome.me.handle
      if (welcome.session) session = enter(nonceOf(welcome.session))
      if (welcome.room.epoch !== seen.epoch && seen.epoch === '')
        seen = { epoch: welcome.room.epoch, seq: welcome.room.seq }
    },
    pulsed({ epoch, seq }: RoomPulse) {
      owed = named
      named = { epoch, seq }
    },
    left(seq) {
      if (session && !session.leftAtMs.has(seq) && !session.acknowledged.has(seq))
        session.leftAtMs.set(seq, now())
    },
    credited(seq, epoch) {
      const id = `${epoch} ${seq}`
      if (session?.credited.has(id)) meter('double_credit', 1)
      session?.credited.add(id)
    },
  }

  function settle(seq: number): void {
    const leftAtMs = session?.leftAtMs.get(seq)
    if (leftAtMs !== undefined) meter('evt_ack_ms', now() - leftAtMs)
    session?.leftAtMs.delete(seq)
  }

  function happened({ seq }: Moment, epoch: string): void {
    if (epoch === seen.epoch && seq <= seen.seq) return
    if (epoch === seen.epoch && seq > seen.seq + 1) meter('push_gap', seq - seen.seq - 1)
    seen = { epoch, seq }
  }

  return {
    observer,

    follow(client: Client): void {
      client.on('scored', ({ seq, scored }) => {
        settle(seq)
        meter('evt_acked', 1)
        const points = scored.receipts.reduce((sum, receipt) => sum + receipt.points, 0)
        session?.acknowledged.set(seq, scored.dup ? null : points)
      })
      client.on('dropped', ({ seq, refusal }) => {
        session?.leftAtMs.delete(seq)
        session?.dropped.set(seq, refusal.code)
        meter('evt_acked', 0)
      })
      client.on('moment', (moment) => happened(moment, client.state.room?.epoch ?? ''))
    },

    /** Commands that left and were not answered. */
    open: (): number => session?.leftAtMs.size ?? 0,

    /** To be called once, when the viewer leaves. */
    close(): { account: string; sessions: SessionRecord[] } {
      if (owed.epoch === seen.epoch && owed.seq > seen.seq) meter('push_gap', owed.seq - seen.seq)
      const records = [...sessions.values()].map((of) => {
        for (const _ of of.leftAtMs) meter('evt_acked', 0)
        return {
          nonce: of.nonce,
          acknowledged: [...of.acknowledged],
          open: [...of.leftAtMs.keys()],
          dropped: [...of.dropped],
        }
      })
      return { account, sessions: records }
    },
  }
}
