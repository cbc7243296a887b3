/** Puts lines of many elements into the histories of their accounts: all lines of an account with one push. */

import { Packer, u16At } from '../kernel/index.ts'
import { defineScript, type ItemWriter, type SlotTag, type Store } from '../redis/index.ts'
import { type AccountEntry, journalKey } from '../wallet/index.ts'
import source from './history.lua'
import {
  HEAD_BYTES,
  HISTORY_LINES,
  historyKey,
  isWorthLine,
  type LinePlace,
  movedIn,
  packMoved,
  packReceipt,
} from './history.ts'
import type { SkimmedBatch, SkimmedEntry } from './journal.ts'
import { RECEIPT_BYTES } from './receipts.ts'

/** Lines of one call, and what an element has beside them: it holds up Redis for a few milliseconds. */
export const HISTORY_LINES_PER_CALL = 1500

const MEMORY_BYTES = 256_000
const LENGTH_BYTES = 2
const NONE = -1

const script = defineScript({
  name: 'scoring.write_history',
  source,
  keys: ['journal', 'cursors'],
  args: { last: 'str', head_bytes: 'int', lines_max: 'int', written: 'bin' },
  each: { keys: ['list'], args: {} },
  replies: { written: {}, gone: {} },
})

/** Lines of one account, each of which knows the next. */
interface AccountLines {
  account: number
  first: number
  last: number
  count: number
  bytes: number
}

/** Lines of elements that follow each other, packed as they come. */
export class HistoryLines {
  /** Each behind its length. */
  readonly #packed = new Packer(MEMORY_BYTES)
  readonly #accounts = new Map<number, AccountLines>()
  /** Of each line: where it begins in `#packed`, and which line of its account comes next. */
  #starts: number[] = []
  #next: number[] = []
  #place: LinePlace = { id: { ms: 0, seq: 0 }, atMs: 0, no: 0 }

  get length(): number {
    return this.#starts.length
  }

  get accounts(): Iterable<AccountLines> {
    return this.#accounts.values()
  }

  /** Begins anew in the same memory. */
  clear(): void {
    this.#packed.clear()
    this.#accounts.clear()
    this.#starts = []
    this.#next = []
  }

  /** What comes now is of this element. */
  begin(id: LinePlace['id'], atMs: number): void {
    this.#place = { id, atMs, no: 0 }
  }

  scored(entry: SkimmedEntry): void {
    const { account, receipts } = entry
    for (let at = 0; at < receipts.length; at += RECEIPT_BYTES) {
      if (!isWorthLine(receipts, at)) continue
      const start = this.#packed.size
      packReceipt(this.#packed, this.#place, { told: entry, at })
      this.#add(account, start)
    }
  }

  rest({ ledger, growth }: Pick<SkimmedBatch, 'ledger' | 'growth'>): void {
    for (const moved of movedIn({ atMs: this.#place.atMs, ledger, growth })) this.#moved(moved)
  }

  #moved(moved: AccountEntry): void {
    const start = this.#packed.size
    packMoved(this.#packed, this.#place, moved)
    this.#add(moved.account, start)
  }

  #add(account: number, start: number): void {
    const line = this.#starts.push(start) - 1
    const bytes = this.#packed.size - start
    this.#next.push(NONE)
    this.#place.no++
    const lines = this.#accounts.get(account)
    if (!lines) {
      this.#accounts.set(account, { account, first: line, last: line, count: 1, bytes })
      return
    }
    this.#next[lines.last] = line
    lines.last = line
    lines.bytes += bytes
    if (++lines.count > HISTORY_LINES) this.#dropOldest(lines)
  }

  #dropOldest(lines: AccountLines): void {
    lines.bytes -= this.#lengthOf(lines.first)
    lines.first = this.#next[lines.first] ?? NONE
    lines.count--
  }

  #lengthOf(line: number): number {
    return LENGTH_BYTES + u16At(this.#packed.bytes(), this.#starts[line] ?? 0)
  }

  /** The lines of an account, oldest first, each behind its length. */
  write(out: Packer, { first }: AccountLines): void {
    const packed = this.#packed.bytes()
    for (let line = first; line !== NONE; line = this.#next[line] ?? NONE) {
      const start = this.#starts[line] ?? 0
      out.part(packed, start, start + LENGTH_BYTES + u16At(packed, start))
    }
  }
}

const SIZE_BYTES = 4

/** Of each account: how many bytes its lines are, then the lines. */
const writerOf = (slot: SlotTag, lines: HistoryLines): ItemWriter<AccountLines> => ({
  keys: ({ account }) => script.itemKeys({ list: historyKey(slot, account) }),
  size: ({ bytes }) => SIZE_BYTES + bytes,
  write: (out, of) => lines.write(out.u32(of.bytes), of),
})

/**
 * Adds lines of one partition and moves the cursor behind their newest element, in one step; lines that are not newer
 * than the cursor are passed over. False where the journal holds that element no more: the shard has lost its end, so
 * it never happened.
 */
export async function writeHistory(
  store: Store,
  of: { slot: SlotTag; cursors: string; newest: { ms: number; seq: number } },
  lines: HistoryLines,
): Promise<boolean> {
  const { slot, cursors, newest } = of
  const reply = await script.runWritten(store, {
    keys: { journal: journalKey(slot), cursors },
    args: {
      last: `${newest.ms}-${newest.seq}`,
      head_bytes: HEAD_BYTES,
      lines_max: HISTORY_LINES,
    },
    written: 'written',
    items: [...lines.accounts],
    writer: writerOf(slot, lines),
  })
  return reply.tag === 'written'
}
