/** The lines of accounts that Redis has no more, from the archive in this process's data folder. */

import type { Balances } from '../../../shared/ledger.ts'
import type { Log } from '../../kernel/index.ts'
import type { Partitions, SlotTag, Store } from '../../redis/index.ts'
import {
  type Archived,
  changesOf,
  type HistoryLine,
  isOlder,
  linesByAccount,
  refusalOf,
  type Unavailable,
} from '../../scoring/index.ts'
import { compareIds, type JournalElement, parseId, type StreamId, ZERO } from '../element.ts'
import { PAST_AT_ONCE, PAST_ELEMENTS, PAST_SEGMENTS, PAST_SUMMED, PAST_WAITING } from '../limits.ts'
import { ArchiveWalk, type Piece } from './archive-walk.ts'
import { readHead, readJournalAfter } from './head.ts'
import { skimmed } from './segment-scan.ts'

/** Lines before this are older than all there are. */
const BEGINNING = '0-0-0'
type Pieces = AsyncGenerator<Piece | 'missing' | 'too much'>
const positionOf = ({ ms, seq }: StreamId): string => `${ms}-${seq}-0`
const behind = ({ ms, seq }: StreamId): string => `${ms}-${seq + 1}-0`

export interface ArchivedOptions {
  store: Store
  partitions: Partitions
  dataDir: string
  log: Log
}

/** Lets a few requests in at a time. */
class Door {
  #inside = 0
  readonly #waiting: (() => void)[] = []

  async through<T>(run: () => Promise<T>): Promise<T | 'busy'> {
    if (this.#inside >= PAST_AT_ONCE) {
      if (this.#waiting.length >= PAST_WAITING) return 'busy'
      await new Promise<void>((enter) => this.#waiting.push(enter))
    }
    this.#inside++
    try {
      return await run()
    } finally {
      this.#inside--
      this.#waiting.shift()?.()
    }
  }
}

export function openArchived(options: ArchivedOptions): Archived {
  const { partitions, log } = options
  const walk = new ArchiveWalk([options.dataDir], log)
  const door = new Door()
  const back = (account: number, before: string) =>
    backFrom(options, walk, { account, partition: partitions.indexOf(account), before })
  return {
    lines: (of) =>
      door.through(() =>
        collect(back(of.account, of.before), of, (element) => told(element, of.account, log)),
      ),
    sum: (of) =>
      door.through(() =>
        addUp(back(of.account, of.before), of, (element) => told(element, of.account, log)),
      ),
  }
}

/** Lines of the account in an element, newest first. */
export function told(element: JournalElement, account: number, log: Log): HistoryLine[] {
  const batch = skimmed(element, log)
  return (linesByAccount({ id: element.id, ...batch }, account).get(account) ?? []).reverse()
}

/** How often the journal is read again where the archive has grown meanwhile. */
const ATTEMPTS = 5

/** First what the journal still has and the archive not yet. */
async function* backFrom(
  { store, partitions }: ArchivedOptions,
  walk: ArchiveWalk,
  of: { account: number; partition: number; before: string },
): Pieces {
  const slot = partitions.slotOf(of.account)
  const upTo = parseId(of.before)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const archived = (await readHead(store, slot))?.id ?? ZERO
    const fresh = await journalled(store, slot, { after: archived, upTo })
    if (!fresh) break
    // What left the journal before it was read is in the archive by now.
    const after = (await readHead(store, slot))?.id ?? ZERO
    if (compareIds(archived, after) !== 0) continue
    const [oldest] = fresh
    if (oldest) yield { ...FRESH, last: upTo, elements: () => each(fresh.toReversed()) }
    yield* walk.back({ ...of, upTo, archived })
    return
  }
  yield 'too much'
}

const FRESH = { begins: undefined, minAtMs: 0, maxAtMs: 0, changes: undefined }

/** Undefined where there is more than one request may read. */
async function journalled(
  store: Store,
  slot: SlotTag,
  { after, upTo }: { after: StreamId; upTo: StreamId },
): Promise<JournalElement[] | undefined> {
  const found: JournalElement[] = []
  if (compareIds(upTo, after) <= 0) return found
  for await (const element of readJournalAfter(store, slot, after)) {
    if (compareIds(element.id, upTo) > 0) break
    found.push(element)
    if (found.length > PAST_ELEMENTS) return undefined
  }
  return found
}

async function* each<T>(all: readonly T[]): AsyncGenerator<T> {
  yield* all
}

type Tell = (element: JournalElement) => HistoryLine[]

/** A page of lines. What one request may read ends it early; `next` goes on there. */
export async function collect(
  pieces: Pieces,
  of: { before: string; limit: number; downTo?: string },
  tell: Tell,
): Promise<{ lines: HistoryLine[]; next?: string } | Unavailable> {
  const lines: HistoryLine[] = []
  let newer: string | undefined
  let at = of.before
  let [segments, elements] = [PAST_SEGMENTS, PAST_ELEMENTS]
  for await (const piece of pieces) {
    if (piece === 'missing') return lines.length > 0 ? { lines, next: at } : 'elsewhere'
    if (piece === 'too much') return 'busy'
    if (--segments < 0) return { lines, next: at }
    for await (const element of piece.elements()) {
      if (--elements < 0) return { lines, next: at }
      for (const line of tell(element)) {
        if (of.downTo !== undefined && isOlder(line.id, of.downTo)) return { lines }
        const refusal = refusalOf(line)
        const again = refusal !== undefined && refusal === newer
        newer = refusal
        if (again || !isOlder(line.id, of.before)) continue
        const last = lines.at(-1)
        if (lines.length >= of.limit) return last ? { lines, next: last.id } : { lines, next: at }
        lines.push(line)
      }
      at = positionOf(element.id)
    }
    if (piece.begins) at = behind(piece.begins)
  }
  return { lines }
}

/** What the lines changed, by the sums of the indexes where a whole segment is meant. */
export async function addUp(
  pieces: Pieces,
  of: { before: string; sinceMs: number },
  tell: Tell,
): Promise<{ changed: Balances; before: string } | Unavailable> {
  const changed: Balances = { spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 }
  const start = parseId(of.before)
  let [segments, elements] = [PAST_SEGMENTS, PAST_SUMMED]
  for await (const piece of pieces) {
    if (piece === 'missing') return 'elsewhere'
    if (piece === 'too much') return 'busy'
    if (--segments < 0) return 'elsewhere'
    const isOlderWhole = compareIds(piece.last, start) < 0 && piece.minAtMs >= of.sinceMs
    if (piece.changes && isOlderWhole) {
      add(changed, piece.changes)
      continue
    }
    for await (const element of piece.elements()) {
      const lines = tell(element).filter(({ id }) => isOlder(id, of.before))
      const [first] = lines
      if (first && first.atMs < of.sinceMs) return { changed, before: behind(element.id) }
      if (--elements < 0) return 'elsewhere'
      for (const line of lines) add(changed, changesOf(line))
    }
  }
  return { changed, before: BEGINNING }
}

export function add(sums: Balances, changes: Balances): void {
  for (const bucket of Object.keys(sums) as (keyof Balances)[]) sums[bucket] += changes[bucket]
}
