/** Fan clubs as the page reads them: all of the brand, over as many pages as there are. */

import type { ClubDesk } from '../../../shared/clubs.ts'
import type { Answer, Api } from '../api.ts'

/** Of a hundred rooms each; who has more is told so. */
const PAGES_MAX = 10

export interface Club {
  /** Empty for a room without one. */
  host: string
  rooms: { id: string; name: string }[]
  club: ClubDesk
}

export interface Clubs {
  /** The rulebook has fan clubs. */
  on: boolean
  clubs: Club[]
  /** There are more rooms than were looked at. */
  cut: boolean
}

/** A host's club that is on several pages is one; a room without a host has one of its own. */
export function merged(pages: readonly Club[]): Club[] {
  const known = new Map<string, Club>()
  for (const one of pages) {
    const key = one.host === '' ? `room ${one.rooms[0]?.id}` : `host ${one.host}`
    const before = known.get(key)
    known.set(key, before ? { ...one, rooms: [...before.rooms, ...one.rooms] } : one)
  }
  return [...known.values()].sort((a, b) => b.club.members - a.club.members)
}

export async function readClubs(api: Api): Promise<Answer<Clubs>> {
  const all: Club[] = []
  let after: string | undefined
  let on = true
  for (let page = 0; page < PAGES_MAX; page++) {
    const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`
    const answer = await api.get<{ on: boolean; clubs: Club[]; next?: string }>(`/v1/clubs${query}`)
    if (!answer.ok) return answer
    all.push(...answer.clubs)
    ;({ on, next: after } = answer)
    if (after === undefined) break
  }
  return { ok: true, on, clubs: merged(all), cut: after !== undefined }
}
