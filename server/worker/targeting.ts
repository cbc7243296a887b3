/** What viewers do, from the journals of their accounts, handed to targeting; it moves the cursor itself. */

import type { Seen } from '../../shared/behaviour.ts'
import { parseAccount } from '../../shared/ids.ts'
import { must } from '../kernel/index.ts'
import type { SlotTag } from '../redis/index.ts'
import type { SkimmedBatch } from '../scoring/index.ts'
import { type Observed, RECORDS_PER_CALL, type Targeting } from '../targeting/index.ts'
import { journalKey } from '../wallet/index.ts'
import type { Consumer } from './consumer.ts'
import { formatId, type JournalElement } from './element.ts'
import type { Skim } from './history.ts'
import { writeCursor } from './journal.ts'
import { cursorsKey } from './keys.ts'
import { TARGETING_MS } from './limits.ts'
import { type SeenOptions, seenReader } from './seen.ts'

const KIND = 'targeting'

export interface TargetingOptions extends SeenOptions {
  targeting?: Targeting
  skim: Skim
}

/** Elements that follow each other and are about no more accounts than one call may write. */
interface Batch {
  elements: number
  observed: Map<number, { account: number; seen: Seen[]; merged: number[] }>
}

const newBatch = (): Batch => ({ elements: 0, observed: new Map() })

export function targetingConsumer(options: TargetingOptions): Consumer {
  const { store, targeting, skim } = options
  /** Up to where each partition was handled. */
  const cursors = new Map<SlotTag, string>()
  const seenOf = seenReader(options)

  async function add({ observed }: Batch, batch: SkimmedBatch): Promise<void> {
    const of = (account: number) => {
      let known = observed.get(account)
      if (!known) {
        known = { account, seen: [], merged: [] }
        observed.set(account, known)
      }
      return known
    }
    for (const entry of batch.entries) {
      const found = seenOf(entry, batch.atMs)
      const seen = found instanceof Promise ? await found : found
      if (seen) of(entry.account).seen.push(seen)
    }
    for (const { account, cause, subject } of [...batch.ledger, ...batch.growth]) {
      const other = cause === 'merged_in' ? parseAccount(subject) : undefined
      if (other !== undefined) of(account).merged.push(other)
    }
  }

  /** Of how many accounts it may be with another element; who is told of twice may count twice. */
  function sizeWith({ observed }: Batch, { entries, ledger, growth }: SkimmedBatch): number {
    let size = observed.size
    for (const all of [entries, ledger, growth])
      for (const { account } of all) if (!observed.has(account)) size++
    return size
  }

  async function batchesOf(elements: readonly JournalElement[]): Promise<Batch[]> {
    let batch = newBatch()
    const batches = [batch]
    for (const element of elements) {
      const skimmed = skim(element)
      if (batch.elements > 0 && skimmed && sizeWith(batch, skimmed) > RECORDS_PER_CALL) {
        batch = newBatch()
        batches.push(batch)
      }
      batch.elements++
      if (skimmed) await add(batch, skimmed)
    }
    return batches
  }

  /** False where the journal has lost the element. */
  async function note(
    of: Targeting,
    slot: SlotTag,
    { observed, last }: { observed: readonly Observed[]; last: string },
  ): Promise<boolean> {
    const from = cursors.get(slot) ?? '0-0'
    const reader = { journal: journalKey(slot), cursors: cursorsKey(slot), name: KIND, from, last }
    const written = await of.note(slot, observed, reader)
    if (written === 'gone') return false
    if (written === 'moved') throw new Error('another worker has got further')
    if (written === 'full') throw new Error('too many offers and packs wait')
    cursors.set(slot, last)
    return true
  }

  return {
    kind: KIND,
    everyMs: TARGETING_MS,
    durableOnly: false,
    ownCursor: true,
    async open({ slot }, cursor) {
      cursors.set(slot, formatId(cursor))
    },
    async handle({ slot }, elements) {
      const newest = must(elements.at(-1), 'an element').id
      if (!targeting?.isOn) {
        await writeCursor(store, slot, { kind: KIND, id: newest })
        cursors.set(slot, formatId(newest))
        return elements.length
      }
      let done = 0
      for (const { elements: count, observed } of await batchesOf(elements)) {
        const last = formatId(must(elements[done + count - 1], 'an element of a batch').id)
        if (!(await note(targeting, slot, { observed: [...observed.values()], last }))) break
        done += count
      }
      return done
    },
  }
}
