/** Walks one segment by the chain that it states itself, and says where it breaks. */

import { basename } from 'node:path'
import { compareIds, formatId, type JournalElement, parseId, ZERO } from '../element.ts'
import { type Frame, SegmentReader, segmentPaths } from '../segment-file.ts'
import { follow, type Link } from './chain.ts'

/** An element and what its file says of the chain around it. */
export interface Step {
  path: string
  element: JournalElement
  before: Link
  after: Link
}

export interface Problem {
  path: string | undefined
  /** The element at or after which it breaks. */
  id: string | undefined
  text: string
}

export class FileWalk {
  readonly path: string
  readonly problems: Problem[] = []
  /** What stands behind the last element: nothing, or what a crash left, or what somebody spoilt. */
  rest: Problem | undefined
  readonly #reader: SegmentReader
  readonly #partition: number
  /** Undefined where the file is no segment. */
  #link: Link | undefined
  #ahead: Frame | undefined
  #last: JournalElement | undefined

  constructor(path: string, partition: number) {
    this.path = path
    this.#partition = partition
    this.#reader = new SegmentReader(path)
    this.#link = this.#reader.begins
    if (this.#isOurs()) this.#ahead = this.#reader.next()
    if (!this.#ahead) this.#end(this.#reader.at)
    else if (formatId(this.#ahead.element.id) !== basename(path, '.seg'))
      this.#says(
        this.#ahead.element,
        'the file is named by another id than that of its first element',
      )
  }

  #isOurs(): boolean {
    const { short, partition } = this.#reader
    if (short) return false
    if (partition === this.#partition) return true
    this.#says(
      undefined,
      partition === undefined
        ? 'not a journal segment'
        : `says that it is a segment of partition ${partition}`,
    )
    return false
  }

  #says(at: JournalElement | undefined, text: string): void {
    this.problems.push({ path: this.path, id: at && formatId(at.id), text })
  }

  #end(from: number): undefined {
    this.#ahead = undefined
    const left = this.#reader.bytes - from
    if (left > 0)
      this.rest = {
        path: this.path,
        id: this.#last && formatId(this.#last.id),
        text: `${left} bytes from byte ${from} on are no element of the chain`,
      }
    return undefined
  }

  /** The next element, or undefined at the end of what is one. */
  next(): Step | undefined {
    const now = this.#ahead
    const before = this.#link
    if (!now || !before) return undefined
    this.#ahead = this.#reader.next()
    const after = this.#after(before, now)
    if (!after) return this.#end(now.at)
    if (this.#last && compareIds(now.element.id, this.#last.id) <= 0)
      this.#says(now.element, `comes after ${formatId(this.#last.id)}, though ids rise`)
    this.#last = now.element
    this.#link = after
    if (!this.#ahead) this.#end(now.end)
    return { path: this.path, element: now.element, before, after }
  }

  /** By the file's word where the elements behind it take it up: then it is this one that was changed. */
  #after(before: Link, { element, hash }: Frame): Link | undefined {
    const link = follow(before, element)
    if (hash.equals(link.hash)) return link
    const stated = { ...link, hash }
    const resumes = this.#ahead && follow(stated, this.#ahead.element).hash.equals(this.#ahead.hash)
    if (!resumes) return undefined
    this.#says(
      element,
      'was changed, or what was before it changed, dropped, swapped or inserted: its hash is another',
    )
    return stated
  }
}

/** Steps of several files by rising id; files are opened when their turn comes. */
export function* walkFiles(
  paths: readonly string[],
  partition: number,
  closed: (walk: FileWalk) => void,
): Generator<Step> {
  const waiting = paths
    .map((path) => ({ path, id: parseId(basename(path)) }))
    .sort((a, b) => compareIds(a.id, b.id))
  const open: { walk: FileWalk; step: Step }[] = []
  const advance = (walk: FileWalk) => {
    const step = walk.next()
    if (step) open.push({ walk, step })
    else closed(walk)
  }
  for (;;) {
    open.sort((a, b) => compareIds(a.step.element.id, b.step.element.id))
    const [first] = open
    const [file] = waiting
    if (file && (!first || compareIds(file.id, first.step.element.id) <= 0)) {
      waiting.shift()
      advance(new FileWalk(file.path, partition))
      continue
    }
    if (!first) return
    open.shift()
    yield first.step
    advance(first.walk)
  }
}

/** Every element of the folders of all workers, in order and once each. Whether any is missing is for a check to say. */
export function* readArchive(
  dataDirs: readonly string[],
  partition: number,
): Generator<JournalElement> {
  const paths = dataDirs.flatMap((dataDir) => segmentPaths(dataDir, partition))
  let last = ZERO
  for (const { element } of walkFiles(paths, partition, () => undefined)) {
    if (compareIds(element.id, last) <= 0) continue
    last = element.id
    yield element
  }
}
