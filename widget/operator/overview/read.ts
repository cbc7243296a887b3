/** What the overview reads: totals, who owes whom, and how the lives go. */

import type { LiveView } from '../../../shared/room-state.ts'
import { type Answer, type Api, path } from '../api.ts'

/** Points came in these ways ... */
export const CAME = ['issued', 'transferredIn'] as const
/** ... are here ... */
export const HERE = ['spendable', 'session', 'pending', 'held', 'frozen'] as const
/** ... or went these ways. */
export const GONE = ['spent', 'expired', 'revoked', 'transferredOut'] as const

export type Totals = Record<
  (typeof CAME)[number] | (typeof HERE)[number] | (typeof GONE)[number],
  number
>

export const sumOf = (totals: Totals, names: readonly (keyof Totals)[]): number =>
  names.reduce((sum, name) => sum + totals[name], 0)

export interface Owed {
  owes: string
  to: string
  points: number
  fen: number
}

interface Room {
  id: string
  name: string
  live: LiveView
}

export interface LiveRoom extends Room {
  audience: number
  heat: { value: number; level: number }
  actors: number
  issued: number
  safe: boolean
  asks: number
}

/** Rooms shown at most; a brand with more lives at once looks at them by other means. */
const ROOMS_MAX = 50
/** Pages of the list of rooms that are looked through. */
const PAGES_MAX = 10

/** Rooms that are live, with how they stand. */
export async function readLives(api: Api): Promise<Answer<{ rooms: LiveRoom[] }>> {
  const open: Room[] = []
  let after = ''
  for (let i = 0; i < PAGES_MAX; i++) {
    const page = await api.get<{ rooms: Room[]; next?: string }>(
      `/v1/rooms${after && `?after=${encodeURIComponent(after)}`}`,
    )
    if (!page.ok) return page
    open.push(...page.rooms.filter(({ live }) => live.state === 'open'))
    if (page.next === undefined) break
    after = page.next
  }
  const states = await Promise.all(
    open
      .slice(0, ROOMS_MAX)
      .map(async (room) => [room, await api.get<LiveRoom>(path('rooms', room.id, 'now'))] as const),
  )
  const rooms = states.flatMap(([room, state]) => (state.ok ? [{ ...state, ...room }] : []))
  return { ok: true, rooms: rooms.sort((a, b) => b.audience - a.audience) }
}
