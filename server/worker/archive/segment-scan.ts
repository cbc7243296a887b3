/** Reads segments for what they tell of accounts: a closed one into its index, the newest into memory. */

import type { FileHandle } from 'node:fs/promises'
import type { Log } from '../../kernel/index.ts'
import { systemClock } from '../../kernel/index.ts'
import { tellElement } from '../../scoring/index.ts'
import { compareIds, ID_BYTES, JournalElement, type StreamId, unpackId, ZERO } from '../element.ts'
import { SCAN_BYTES } from '../limits.ts'
import { LENGTH_BYTES, SegmentReader, soundFrames } from '../segment-file.ts'
import { follow, type Link } from './chain.ts'
import {
  type Extent,
  type Found,
  packIndex,
  readIndex,
  type SegmentIndex,
  TAIL_BYTES,
} from './segment-index.ts'

/** An element that this release cannot read tells nothing. */
export function skimmed(element: JournalElement, log: Log) {
  try {
    return element.skim()
  } catch (error) {
    log.error({ err: error, id: element.id }, 'an archived element is of a layout that is unknown')
    return { atMs: 0, entries: [], ledger: [], growth: [], kept: [] }
  }
}

/** What one pass collects of an account. */
interface Seen extends Found {
  /** Name of the refusal that its newest line is; 0 where it is none. */
  run: number
  /** Whether its newest element has nothing but that. */
  pure: boolean
}

const unseen = (): Seen => ({
  changes: { spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 },
  offsets: [],
  run: 0,
  pure: false,
})

/** Of refusals that follow each other only the newest keeps its place, as in histories. */
function noteLine(seen: Seen, offset: number, refusal: number): void {
  const { offsets, run, pure } = seen
  if (offsets.at(-1) === offset) {
    seen.pure = pure && refusal === run
    seen.run = refusal
    return
  }
  if (refusal !== 0 && refusal === run && pure) offsets.pop()
  offsets.push(offset)
  Object.assign(seen, { run: refusal, pure: refusal !== 0 })
}

/** Reads a whole segment; everything else goes on meanwhile. Undefined where it has no sound element. */
export async function scanSegment(
  path: string,
  indexPath: string,
  log: Log,
): Promise<{ index: SegmentIndex; bytes: Buffer } | undefined> {
  const reader = new SegmentReader(path)
  if (!reader.begins) return undefined
  const found = new Map<number, Seen>()
  const of = (account: number): Seen => {
    const seen = found.get(account) ?? unseen()
    found.set(account, seen)
    return seen
  }
  const extent: Extent = {
    bytes: reader.bytes,
    tail: reader.tail(TAIL_BYTES),
    begins: reader.begins.id,
    first: ZERO,
    last: ZERO,
    minAtMs: Number.MAX_SAFE_INTEGER,
    maxAtMs: 0,
  }
  let breathAt = SCAN_BYTES
  for (const { element, at } of soundFrames(reader)) {
    const batch = skimmed(element, log)
    tellElement(batch, {
      changed: (account, bucket, points) => {
        of(account).changes[bucket] += points
      },
      line: (account, refusal) => noteLine(of(account), at, refusal),
    })
    if (extent.last === ZERO) extent.first = element.id
    extent.last = element.id
    extent.minAtMs = Math.min(extent.minAtMs, batch.atMs)
    extent.maxAtMs = Math.max(extent.maxAtMs, batch.atMs)
    if (at < breathAt) continue
    breathAt = at + SCAN_BYTES
    await systemClock.sleep(0)
  }
  if (extent.last === ZERO) return undefined
  const bytes = packIndex({ ...extent, minAtMs: Math.min(extent.minAtMs, 2 ** 48 - 1) }, found)
  const index = readIndex(indexPath, bytes)
  return index && { index, bytes }
}

/** The frame at a place, read from the file. Undefined where there is no whole one. */
export async function readElementAt(
  file: FileHandle,
  at: number,
): Promise<JournalElement | undefined> {
  const head = Buffer.alloc(LENGTH_BYTES + ID_BYTES)
  if ((await file.read(head, 0, head.length, at)).bytesRead < head.length) return undefined
  const bytes = Buffer.alloc(head.readUInt32BE(0))
  const { bytesRead } = await file.read(bytes, 0, bytes.length, at + head.length)
  if (bytesRead < bytes.length) return undefined
  return new JournalElement(unpackId(head, LENGTH_BYTES), bytes)
}

/** The segment that a worker is writing: which accounts its elements are about, as far as it has been read. */
export class NewestSegment {
  readonly path: string
  readonly begins: StreamId | undefined
  last: StreamId = ZERO
  #link: Link | undefined
  minAtMs = Number.MAX_SAFE_INTEGER
  maxAtMs = 0
  #at = 0
  #count = 0
  #accounts = new Float64Array(1024)
  #offsets = new Uint32Array(1024)
  #reading: Promise<void> | undefined

  constructor(path: string) {
    this.path = path
    this.#link = new SegmentReader(path).begins
    this.begins = this.#link?.id
  }

  /** Reads on to what is on disk now, up to an element. */
  async refresh(upTo: StreamId, log: Log): Promise<void> {
    while (this.#reading) await this.#reading
    this.#reading = this.#refresh(upTo, log).finally(() => {
      this.#reading = undefined
    })
    await this.#reading
  }

  async #refresh(upTo: StreamId, log: Log): Promise<void> {
    if (compareIds(this.last, upTo) >= 0) return
    const reader = new SegmentReader(this.path)
    let breathAt = this.#at + SCAN_BYTES
    for (let frame = reader.next(this.#at); frame; frame = reader.next()) {
      const { element, at, end } = frame
      const link = this.#link && follow(this.#link, element)
      // What a crash left, or what is not acknowledged yet.
      if (compareIds(element.id, upTo) > 0 || (link && !frame.hash?.equals(link.hash))) return
      this.#link = link
      const batch = skimmed(element, log)
      tellElement(batch, { changed: () => undefined, line: (account) => this.#note(account, at) })
      this.last = element.id
      this.minAtMs = Math.min(this.minAtMs, batch.atMs)
      this.maxAtMs = Math.max(this.maxAtMs, batch.atMs)
      this.#at = end
      if (at < breathAt) continue
      breathAt = at + SCAN_BYTES
      await systemClock.sleep(0)
    }
  }

  #note(account: number, at: number): void {
    if (this.#count === this.#accounts.length) {
      const [accounts, offsets] = [this.#accounts, this.#offsets]
      this.#accounts = new Float64Array(2 * this.#count)
      this.#accounts.set(accounts)
      this.#offsets = new Uint32Array(2 * this.#count)
      this.#offsets.set(offsets)
    }
    this.#accounts[this.#count] = account
    this.#offsets[this.#count++] = at
  }

  /** Where elements with lines of the account begin, oldest first. */
  offsetsOf(account: number): number[] {
    const found: number[] = []
    for (let i = 0; i < this.#count; i++) {
      const at = this.#offsets[i] ?? 0
      if (this.#accounts[i] === account && found.at(-1) !== at) found.push(at)
    }
    return found
  }
}
