/** What survives a reload of the page: the client session, its outbox and the cursor in the moments. */

import type { Entry, ScoredName } from './outbox.ts'

/** `sessionStorage` fits: each tab has its own. */
export interface Storage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

export interface Cursor {
  epoch: string
  seq: number
  /** Of the last moment shown. */
  atMs: number
  /** Moments up to then were shown under an earlier epoch, whatever their number is now. */
  sinceMs: number
}

/** A command as it is stored; `sent` once it may have reached a server. */
export type Stored = Pick<Entry, 'seq' | 'input' | 'sent'> & { name: ScoredName }

export interface Saved {
  /** A page is using the client session. A duplicated tab copies the storage and must not share it. */
  held: boolean
  session?: string | undefined
  /** Whom the session belongs to. */
  handle?: string
  /** The number of the next command. */
  next: number
  entries: Stored[]
  /** Likes that found no place in the outbox. */
  taps?: number
  cursor?: Cursor
}

/** Where the rewards are kept that were asked for and not answered; nothing stands there while there are none. */
export const wishesKey = (scope = ''): string => `ff:wishes:${scope}`

const VERSION = 1
const EMPTY: Saved = { held: false, next: 1, entries: [] }

export interface Store {
  saved: Saved
  /** Changes and writes at once: a command is on record before it leaves. */
  save(change: Partial<Saved>): void
  /** Takes what the page before left, also where that was this one, long ago. */
  claim(): void
}

/** A storage that is missing, full, blocked or holds something else is the same as an empty one. */
export function openStore(key: string, storage: Storage | undefined): Store {
  let written = storage !== undefined
  const store: Store = {
    saved: EMPTY,
    save: (change) => {
      store.saved = { ...store.saved, ...change }
      try {
        storage?.setItem(key, JSON.stringify({ v: VERSION, ...store.saved }))
      } catch {
        // The outbox goes on in memory.
        written = false
      }
    },
    claim: () => {
      if (written) store.saved = load(key, storage)
      store.save({ held: true })
    },
  }
  return store
}

function load(key: string, storage: Storage | undefined): Saved {
  try {
    const found: unknown = JSON.parse(storage?.getItem(key) ?? 'null')
    if (!isSaved(found)) return EMPTY
    const { held, cursor } = found
    return held ? { ...EMPTY, ...(cursor && { cursor }) } : found
  } catch {
    return EMPTY
  }
}

const isSaved = (found: unknown): found is Saved =>
  typeof found === 'object' &&
  found !== null &&
  'v' in found &&
  found.v === VERSION &&
  'entries' in found &&
  Array.isArray(found.entries)
