/** Proves that the archive of a partition is what was archived: nothing changed, dropped, swapped, inserted or cut. */

import { systemClock } from '../../kernel/index.ts'
import { compareIds, formatId, type JournalElement } from '../element.ts'
import { ELEMENTS_PER_BREATH } from '../limits.ts'
import { segmentPaths } from '../segment-file.ts'
import { follow, type Link, origin, sameLink } from './chain.ts'
import { type FileWalk, type Problem, type Step, walkFiles } from './file-walk.ts'

/** A link that somebody outside the folder remembers, so that the archive must have it. */
export interface Witness {
  /** As the subject of a sentence: `the head in Redis`. */
  who: string
  link: Link
}

/** The partition in Redis. */
export interface LivePartition {
  head(): Promise<Link | undefined>
  /** What the journal still has behind a link. */
  after(link: Link): AsyncIterable<JournalElement>
}

export interface Verification {
  partition: number
  files: number
  elements: number
  end: Link
  problems: Problem[]
  /** What is worth knowing and nobody's fault. */
  notes: string[]
}

export interface VerifyOptions {
  partition: number
  /** Folders of all workers that took turns. */
  dataDirs: readonly string[]
  witnesses?: readonly Witness[]
  live?: LivePartition
}

/** Holds one segment in memory at a time, two where files overlap. */
export async function verifyPartition(options: VerifyOptions): Promise<Verification> {
  const { partition, dataDirs, live } = options
  const head = await live?.head()
  const paths = dataDirs.flatMap((dataDir) => segmentPaths(dataDir, partition))
  const chain = new Chain(partition, [
    ...(options.witnesses ?? []),
    ...(head ? [{ who: 'the head in Redis', link: head }] : []),
  ])
  const ofFiles: Problem[] = []
  const rests: Problem[] = []
  const closed = ({ problems, rest }: Pick<FileWalk, 'problems' | 'rest'>) => {
    ofFiles.push(...problems)
    if (rest) rests.push(rest)
  }
  for (const step of walkFiles(paths, partition, closed)) {
    chain.take(step, head)
    // The process stays able to hear a signal.
    if (chain.elements % ELEMENTS_PER_BREATH === 0) await systemClock.sleep(0)
  }
  chain.finish()
  if (live) await chain.matchJournal(live)
  // A crash leaves half an element behind all others. Where one is missing, this is where it was.
  const known = [...ofFiles, ...chain.problems]
  const spoilt = known.length > 0
  return {
    partition,
    files: paths.length,
    elements: chain.elements,
    end: chain.at ?? origin(partition),
    problems: spoilt ? [...rests, ...known] : [],
    notes: [
      ...chain.notes,
      ...(spoilt ? [] : rests.map(({ path, text }) => `${path}: ${text}, as a crash leaves them`)),
    ],
  }
}

/** The one chain that all files together must be. */
class Chain {
  readonly problems: Problem[] = []
  readonly notes: string[] = []
  elements = 0
  at: Link | undefined
  readonly #partition: number
  readonly #witnesses: Witness[]
  /** Links behind the head: archived, and not yet acknowledged when the walk began. */
  readonly #news: { path: string; link: Link }[] = []

  constructor(partition: number, witnesses: readonly Witness[]) {
    this.#partition = partition
    this.#witnesses = witnesses.toSorted((a, b) => compareIds(a.link.id, b.link.id))
  }

  #says({ path, element }: Step, text: string): void {
    this.problems.push({ path, id: formatId(element.id), text })
  }

  take(step: Step, head: Link | undefined): void {
    const { element, before } = step
    const order = this.at ? compareIds(element.id, this.at.id) : 1
    // A copy of it is in another file; both must say the same of the chain.
    if (order <= 0) {
      if (order === 0 && !step.after.hash.equals(this.at?.hash ?? Buffer.of()))
        this.#says(step, 'another file has this element with another hash')
      return
    }
    this.#joins(step, before)
    this.elements++
    this.#move(step.after)
    if (this.at && head && compareIds(this.at.id, head.id) > 0)
      this.#news.push({ path: step.path, link: this.at })
  }

  /** What a file says it continues must be where the chain is. */
  #joins(step: Step, before: Link): void {
    const { at } = this
    if (at && sameLink(before, at)) return
    const first = origin(this.#partition, before.id)
    if (before.count === 0 && sameLink(before, first) && this.elements === 0) {
      if (before.id.ms > 0)
        this.notes.push(
          `the chain begins after ${formatId(before.id)}; what is older is not part of it`,
        )
    } else if (!at && before.count === 0)
      this.#says(step, 'its file does not begin as a chain does')
    else if (!at) this.#says(step, `${before.count} elements before it are missing`)
    else if (compareIds(before.id, at.id) > 0)
      this.#says(
        step,
        `${before.count - at.count} elements between ${formatId(at.id)} and it are missing`,
      )
    else this.#says(step, `does not continue ${formatId(at.id)}, which is before it`)
    // Where the chain begins anew, what was remembered of it is in what is missing.
    this.at = before
  }

  #move(link: Link): void {
    this.at = link
    for (;;) {
      const [next] = this.#witnesses
      if (!next || compareIds(next.link.id, link.id) > 0) return
      this.#witnesses.shift()
      if (sameLink(next.link, link)) continue
      const same = compareIds(next.link.id, link.id) === 0
      this.problems.push({
        path: undefined,
        id: formatId(next.link.id),
        text: same
          ? `${next.who} remembers the chain here with another hash: it was rewritten`
          : `${next.who} remembers this element, and it is not in the archive`,
      })
    }
  }

  /** Whatever is remembered and has not come by now was cut off. */
  finish(): void {
    const { at } = this
    for (const { who, link } of this.#witnesses) {
      const end = at ? `ends after ${formatId(at.id)}` : 'is empty'
      this.problems.push({
        path: undefined,
        id: formatId(link.id),
        text: `${who} remembers this element, but the archive ${end}, ${link.count - (at?.count ?? 0)} before it`,
      })
    }
  }

  /** What is behind the head was archived and not acknowledged, so the journal must still have it. */
  async matchJournal(live: LivePartition): Promise<void> {
    let head = await live.head()
    if (!head) {
      if (this.elements > 0)
        this.problems.push({
          path: undefined,
          id: undefined,
          text: 'Redis knows no head of this partition, so the end of the archive cannot be vouched for',
        })
      return
    }
    for (;;) {
      const strangers = await this.#strangers(live, head)
      const newer = await live.head()
      // The worker may have acknowledged and forgotten them while we looked.
      if (strangers.length > 0 && newer && compareIds(newer.id, head.id) > 0) {
        head = newer
        continue
      }
      this.problems.push(...strangers)
      return
    }
  }

  async #strangers(live: LivePartition, head: Link): Promise<Problem[]> {
    const news = this.#news.filter(({ link }) => compareIds(link.id, head.id) > 0)
    if (news.length === 0) return []
    const known = new Map<string, Buffer>()
    let at = head
    for await (const element of live.after(head)) {
      at = follow(at, element)
      known.set(formatId(at.id), at.hash)
      if (known.size >= news.length) break
    }
    return news
      .map(({ path, link }) => ({ path, id: formatId(link.id), hash: link.hash }))
      .filter(({ id, hash }) => !known.get(id)?.equals(hash))
      .map(({ path, id }) => ({
        path,
        id,
        text: 'is behind the head in Redis, and not in the journal',
      }))
  }
}
