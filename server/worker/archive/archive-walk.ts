/** Walks the elements with lines of one account back through the segments of a folder, by their indexes. */

import { existsSync } from 'node:fs'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Log, must } from '../../kernel/index.ts'
import { compareIds, type JournalElement, parseId, type StreamId, ZERO } from '../element.ts'
import { INDEXES_KNOWN, INDEXES_PER_PASS, NEWEST_KNOWN } from '../limits.ts'
import { partitionFolder } from '../segment-file.ts'
import {
  type Found,
  indexPath,
  loadIndex,
  lookUp,
  type SegmentIndex,
  saveIndex,
} from './segment-index.ts'
import { NewestSegment, readElementAt, scanSegment } from './segment-scan.ts'

/** Part of a segment, newest part first. */
export interface Piece {
  /** Its newest element, and the one that its segment continues. */
  last: StreamId
  begins: StreamId | undefined
  /** Earliest and latest time of anything in it. */
  minAtMs: number
  maxAtMs: number
  /** What all of it changed for the account; undefined where only a part of the segment is meant, or it is not closed. */
  changes: Found['changes'] | undefined
  /** The elements of the piece with lines of the account, newest first. */
  elements(): AsyncGenerator<JournalElement>
}

/** Newer than any element. */
const FAR: StreamId = { ms: Number.MAX_SAFE_INTEGER, seq: 0 }

interface SegmentName {
  path: string
  first: StreamId
}

/** A map that forgets what was not used for longest. */
class Known<T> {
  readonly #max: number
  readonly #all = new Map<string, T>()

  constructor(max: number) {
    this.#max = max
  }

  get(path: string): T | undefined {
    const found = this.#all.get(path)
    if (found !== undefined) this.set(path, found)
    return found
  }

  set(path: string, value: T): void {
    this.#all.delete(path)
    this.#all.set(path, value)
    const [oldest] = this.#all.keys()
    if (this.#all.size > this.#max && oldest !== undefined) this.#all.delete(oldest)
  }
}

export class ArchiveWalk {
  readonly #dataDirs: readonly string[]
  readonly #log: Log
  readonly #indexes = new Known<SegmentIndex>(INDEXES_KNOWN)
  readonly #newest = new Known<NewestSegment>(NEWEST_KNOWN)
  #scanning: Promise<unknown> = Promise.resolve()

  constructor(dataDirs: readonly string[], log: Log) {
    this.#dataDirs = dataDirs
    this.#log = log
  }

  /** Segments of a partition, oldest first. */
  async #names(partition: number): Promise<SegmentName[]> {
    const found: SegmentName[] = []
    for (const dataDir of this.#dataDirs) {
      const folder = partitionFolder(dataDir, partition)
      for (const name of await readdir(folder).catch(() => []))
        if (name.endsWith('.seg'))
          found.push({ path: join(folder, name), first: parseId(basename(name, '.seg')) })
    }
    return found.sort((a, b) => compareIds(a.first, b.first))
  }

  /** The newest element that is on disk whole; ZERO where there is none. */
  async end(partition: number): Promise<StreamId> {
    for (const { path } of (await this.#names(partition)).reverse()) {
      const { last } = await this.#readNewest(path, FAR)
      if (compareIds(last, ZERO) > 0) return last
    }
    return ZERO
  }

  /** Makes indexes of closed segments that have none, a few at a time. */
  async indexClosed(partition: number): Promise<void> {
    const closed = (await this.#names(partition)).slice(0, -1)
    const missing = closed.filter(({ path }) => !existsSync(indexPath(path)))
    for (const { path } of missing.slice(0, INDEXES_PER_PASS)) await this.index(path)
  }

  /** The index of a closed segment: remembered, or read, or made and kept beside it. */
  async index(path: string): Promise<SegmentIndex | undefined> {
    const known = this.#indexes.get(path)
    if (known) return known
    // One at a time, because a scan holds a segment in memory.
    const made = this.#scanning.then(() => this.#read(path))
    this.#scanning = made.catch(() => undefined)
    return made
  }

  async #read(path: string): Promise<SegmentIndex | undefined> {
    const found = this.#indexes.get(path) ?? (await loadIndex(path))
    if (found) {
      this.#indexes.set(path, found)
      return found
    }
    const scanned = await scanSegment(path, indexPath(path), this.#log)
    if (!scanned) return undefined
    await this.#save(path, scanned)
    return scanned.index
  }

  /** Where the folder cannot be written the index is used once, and made again the next time. */
  async #save(path: string, made: { index: SegmentIndex; bytes: Buffer }): Promise<void> {
    try {
      await saveIndex(path, made.bytes)
      this.#indexes.set(path, made.index)
    } catch (error) {
      this.#log.warn({ err: error, path }, 'an index of the archive could not be kept')
      made.index.held = made.bytes
    }
  }

  /**
   * Pieces with what an account did up to an element, newest first. The folder must have everything up to `archived`:
   * yields `missing` and ends where it has not.
   */
  async *back(of: {
    partition: number
    account: number
    upTo: StreamId
    archived: StreamId
  }): AsyncGenerator<Piece | 'missing'> {
    const names = await this.#names(of.partition)
    let upTo = compareIds(of.upTo, of.archived) < 0 ? of.upTo : of.archived
    let begun = false
    for (let i = names.length - 1; i >= 0 && compareIds(upTo, ZERO) > 0; i--) {
      const { path, first } = must(names[i], 'a segment')
      if (compareIds(first, upTo) > 0) continue
      const piece =
        i === names.length - 1
          ? await this.#newestPiece(path, { ...of, upTo })
          : await this.#closedPiece(path, { ...of, upTo })
      if (!piece) continue
      const reaches = compareIds(piece.last, upTo) >= 0
      // Nothing between it and the newer segment, or another folder may have what is.
      if (!reaches && (begun || !(await this.#isNext(piece.last, names[i + 1], of.archived))))
        continue
      begun = true
      yield piece
      upTo = piece.begins
    }
    if (compareIds(upTo, ZERO) > 0) yield 'missing'
  }

  /** Whether nothing is missing behind the last element of a segment. */
  async #isNext(
    last: StreamId,
    newer: SegmentName | undefined,
    archived: StreamId,
  ): Promise<boolean> {
    if (!newer) return compareIds(last, archived) >= 0
    // Of the header only, so that the newest segment is not indexed.
    const { begins } = await this.#readNewest(newer.path, ZERO)
    return begins === undefined || compareIds(begins, last) <= 0
  }

  async #newestPiece(path: string, { account, upTo }: { account: number; upTo: StreamId }) {
    const segment = await this.#readNewest(path, upTo)
    const { last, begins, minAtMs, maxAtMs } = segment
    if (!begins) return undefined
    const offsets = segment.offsetsOf(account)
    return {
      last,
      begins,
      minAtMs,
      maxAtMs,
      changes: undefined,
      elements: () => read(path, offsets, upTo),
    }
  }

  async #readNewest(path: string, upTo: StreamId): Promise<NewestSegment> {
    const segment = this.#newest.get(path) ?? new NewestSegment(path)
    this.#newest.set(path, segment)
    await segment.refresh(upTo, this.#log)
    return segment
  }

  async #closedPiece(path: string, { account, upTo }: { account: number; upTo: StreamId }) {
    const index = await this.index(path)
    if (!index) return undefined
    const found = await this.#find(index, path, account)
    const { last, begins, minAtMs, maxAtMs } = index
    const whole = compareIds(last, upTo) <= 0
    const nothing = { spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 }
    return {
      ...{ last, begins, minAtMs, maxAtMs },
      changes: whole ? (found?.changes ?? nothing) : undefined,
      elements: () => read(path, found?.offsets ?? [], upTo),
    }
  }

  /** What the index says; it is made anew where its file has been taken away since. */
  async #find(index: SegmentIndex, path: string, account: number): Promise<Found | undefined> {
    try {
      return await lookUp(index, account)
    } catch (error) {
      this.#log.warn(
        { err: error, path },
        'an index of the archive cannot be read and is made anew',
      )
      const scanned = await scanSegment(path, indexPath(path), this.#log)
      if (!scanned) return undefined
      await this.#save(path, scanned)
      return lookUp(scanned.index, account)
    }
  }
}

async function* read(
  path: string,
  offsets: readonly number[],
  upTo: StreamId,
): AsyncGenerator<JournalElement> {
  if (offsets.length === 0) return
  const file: FileHandle = await open(path, 'r')
  try {
    for (const at of offsets.toReversed()) {
      const element = must(await readElementAt(file, at), 'an element where the index says')
      if (compareIds(element.id, upTo) <= 0) yield element
    }
  } finally {
    await file.close()
  }
}
