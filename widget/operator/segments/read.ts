/** What the page reads of segments, and the card of one viewer. */

type Both = Record<'zh' | 'en', string>

export interface Segments {
  segments: { id: string; label: Both; who: Both; follows: Both[]; size: number }[]
  offers: { id: string; label: Both; sentence: Both }[]
}

export interface ViewerSegments {
  segments: { id: string; label: Both; why: Both; sinceMs: number }[]
  hours: number[]
  rooms: { id: string; watchedMinutes: number }[]
}
