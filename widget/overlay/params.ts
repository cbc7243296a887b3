/** What the overlay's page takes from its URL: its parameters, each checked, and the ticket; everything else is ignored. */

import { isId } from '../../shared/ids.ts'
import { HEAD_MAX_PX } from './limits.ts'

export interface OverlayParams {
  room?: string
  lang?: 'zh' | 'en'
  theme?: 'dark' | 'light'
  /** Px at the top that belong to the page around. */
  head?: number
  /** Where the viewer is, `lat,lon`. */
  near?: string
  /** By whose link somebody came. */
  via?: string
  /** Code of a friend's team. */
  team?: string
  /** Address of the room's page, for sharing. */
  share?: string
}

type Read = (text: string) => Partial<OverlayParams> | undefined

const READERS: Record<keyof OverlayParams, Read> = {
  room: (room) => (isId(room) ? { room } : undefined),
  lang: (lang) => (lang === 'zh' || lang === 'en' ? { lang } : undefined),
  theme: (theme) => (theme === 'dark' || theme === 'light' ? { theme } : undefined),
  head: (text) =>
    /^\d{1,3}$/.test(text) && Number(text) <= HEAD_MAX_PX ? { head: Number(text) } : undefined,
  via: (via) => (isId(via) ? { via } : undefined),
  team: (team) => (isId(team) ? { team } : undefined),
  share: (share) => (/^https?:\/\//.test(share) && URL.canParse(share) ? { share } : undefined),
  near: (near) => (/^-?\d{1,2}(\.\d+)?,-?\d{1,3}(\.\d+)?$/.test(near) ? { near } : undefined),
}
const isParam = (name: string): name is keyof OverlayParams => Object.keys(READERS).includes(name)

/** Calls `warn` once for each parameter that is unknown or does not fit; the first of a name counts. */
export function readParams(search: string, warn: (message: string) => void): OverlayParams {
  const params: OverlayParams = {}
  for (const [name, text] of new URLSearchParams(search)) {
    const read = isParam(name) && !(name in params) ? READERS[name](text) : undefined
    if (read) Object.assign(params, read)
    else warn(`Fanfare ignores the parameter ${JSON.stringify(name.slice(0, 40))}.`)
  }
  return params
}

/** `#ticket=...`, where a page without scripts writes the frame with it. */
export const readTicket = (hash: string): string | undefined =>
  new URLSearchParams(hash.slice(1)).get('ticket') || undefined
