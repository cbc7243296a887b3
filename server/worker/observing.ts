/**
 * A consumer that gathers what the journal says of each account and hands it to a module, which notes it together with how
 * far it was read, in one step.
 */

import { parseAccount } from '../../shared/ids.ts'
import { must } from '../kernel/index.ts'
import type { Noted, Observed, Reader, SlotTag, Store } from '../redis/index.ts'
import type { About, SkimmedBatch } from '../scoring/index.ts'
import { journalKey } from '../wallet/index.ts'
import type { Consumer } from './consumer.ts'
import { formatId, type JournalElement } from './element.ts'
import { type Kind, writeCursor } from './journal.ts'
import { cursorsKey } from './keys.ts'
import type { Reading } from './reading.ts'

/** What elements that follow each other say of accounts. */
export class Observation<Seen> {
  readonly #accounts = new Map<number, { account: number; seen: Seen[]; merged: number[] }>()

  get size(): number {
    return this.#accounts.size
  }

  get all(): readonly Observed<Seen>[] {
    return [...this.#accounts.values()]
  }

  seenOf(account: number): Seen[] {
    return this.#of(account).seen
  }

  noteMerges({ ledger, growth }: Pick<SkimmedBatch, 'ledger' | 'growth'>): void {
    for (const { account, cause, subject } of [...ledger, ...growth]) {
      const other = cause === 'merged_in' ? parseAccount(subject) : undefined
      if (other !== undefined) this.#of(account).merged.push(other)
    }
  }

  #of(account: number) {
    let known = this.#accounts.get(account)
    if (!known) {
      known = { account, seen: [], merged: [] }
      this.#accounts.set(account, known)
    }
    return known
  }
}

/** Who notes it. */
interface Observer<Seen> {
  /** Whether anything is made of it at all. */
  readonly isOn: boolean
  forgetKnown(slot: SlotTag): void
  note(slot: SlotTag, observed: readonly Observed<Seen>[], reader: Reader): Promise<Noted>
}

export interface ObservingOptions<Seen> {
  kind: Kind
  everyMs: number
  store: Store
  reading: Reading
  /** Nothing is noted without. */
  observer: Observer<Seen> | undefined
  /** Of accounts in one step. */
  accountsMax: number
  /** Said where the observer is `full`. */
  fullText: string
  /** Once per step, after its elements were read; answers how one of them is added. */
  begin(
    slot: SlotTag,
  ): Promise<(element: JournalElement, about: About, to: Observation<Seen>) => Promise<void>>
}

export function observingConsumer<Seen>(of: ObservingOptions<Seen>): Consumer {
  const { kind, everyMs, store, reading, observer, accountsMax } = of
  /** Up to where each partition was noted. */
  const cursors = new Map<SlotTag, string>()

  /** False where the journal has lost the element. */
  async function note(
    by: Observer<Seen>,
    slot: SlotTag,
    { observed, last }: { observed: Observation<Seen>; last: string },
  ): Promise<boolean> {
    const from = cursors.get(slot) ?? '0-0'
    const reader = { journal: journalKey(slot), cursors: cursorsKey(slot), name: kind, from, last }
    const answer = await by.note(slot, observed.all, reader)
    if (answer === 'gone') return false
    if (answer === 'moved') throw new Error('another worker has got further')
    if (answer !== 'written') throw new Error(of.fullText)
    cursors.set(slot, last)
    return true
  }

  return {
    kind,
    everyMs,
    durableOnly: false,
    ownCursor: true,
    async open({ slot }, cursor) {
      cursors.set(slot, formatId(cursor))
      observer?.forgetKnown(slot)
    },
    async handle({ slot }, elements) {
      const newest = must(elements.at(-1), 'an element').id
      if (!observer?.isOn) {
        await writeCursor(store, slot, { kind, id: newest })
        cursors.set(slot, formatId(newest))
        return elements.length
      }
      const add = await of.begin(slot)
      let done = 0
      while (done < elements.length) {
        const observed = new Observation<Seen>()
        let next = done
        // As many elements as are about so many accounts.
        for (; next < elements.length && observed.size < accountsMax; next++) {
          const element = must(elements[next], 'an element')
          const about = reading.about(element)
          if (about) await add(element, about, observed)
        }
        const last = formatId(must(elements[next - 1], 'an element of a step').id)
        if (!(await note(observer, slot, { observed, last }))) break
        done = next
      }
      return done
    },
  }
}
