/** One partition of a dry run: each element of its journal in order, by the rules in force and by those that are tried. */

import { isDeepStrictEqual } from 'node:util'
import { formatAccount } from '../../../shared/ids.ts'
import { birthdayFactor } from '../../../shared/rulebook/privileges.ts'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import { HOUR_MS, MINUTE_MS } from '../../../shared/time.ts'
import { chunks, must } from '../../kernel/index.ts'
import type { SlotTag } from '../../redis/index.ts'
import {
  isEarnRule,
  type JournalBatch,
  type JournalEntry,
  milli,
  readJournal,
} from '../../scoring/index.ts'
import { accountKey, readAccountRecord } from '../../wallet/index.ts'
import { differences } from '../archive/compare.ts'
import { Replay } from '../archive/replay.ts'
import { formatId, type JournalElement } from '../element.ts'
import { actsOf } from './acts.ts'
import type { EditableAccount } from './editable-account.ts'
import { firstDifference } from './first-difference.ts'
import { HiddenBeats } from './hidden-beats.ts'
import {
  ACCOUNTS_MAX,
  COMMANDS_AT_ONCE,
  DIFFERENCES_SHOWN,
  EVENTS_MAX,
  TRIM_ELEMENTS,
} from './limits.ts'
import { growAsTold, growBy, keepAsTold, moveAsFar, moveAsTold } from './other-changes.ts'
import { type Played, Player } from './player.ts'
import { DryRunEnded, isFollowed, type Run } from './run.ts'
import type { Scratch } from './scratch.ts'

const ONE = 1000
/** Redis keeps a visit so long after its last action, and a minute more. */
const VISIT_MS = 48 * HOUR_MS + MINUTE_MS
const EMPTY: JournalBatch = { atMs: 0, entries: [], ledger: [], growth: [], kept: [] }

export class PartitionRun {
  readonly #run: Run
  readonly #scratch: Scratch
  readonly #slot: SlotTag
  readonly #told: Player
  readonly #tried: Player
  /** What the archive says, worked out without the scripts. */
  readonly #replay = new Replay()
  /** When each visit was last seen. */
  readonly #visits = new Map<string, number>()
  readonly #hidden = new HiddenBeats()
  #began = false
  #elements = 0

  constructor(run: Run, scratch: Scratch, slot: SlotTag) {
    this.#run = run
    this.#scratch = scratch
    this.#slot = slot
    this.#told = new Player(scratch.told, slot)
    this.#tried = new Player(scratch.tried, slot)
  }

  get #tries(): boolean {
    return this.#began && this.#run.options.book !== undefined
  }

  /** False where the period is over. */
  async take(element: JournalElement, next: JournalElement | undefined): Promise<boolean> {
    const { asked } = this.#run.options
    const batch = this.#read(element)
    if (batch.atMs >= asked.toMs) return false
    this.#run.step()
    if (!this.#began && batch.atMs >= asked.fromMs) await this.#begin()
    this.#replay.take(element)
    const entries = batch.entries.filter(({ account }) => isFollowed(account, asked))
    if (entries.length > 0) await this.#score({ ...batch, entries }, element, next)
    await this.#change(batch)
    if (++this.#elements % TRIM_ELEMENTS === 0)
      for (const player of [this.#told, this.#tried]) await player.trim()
    return true
  }

  #read(element: JournalElement): JournalBatch {
    try {
      return readJournal(element.bytes)
    } catch (error) {
      this.#differs(`element ${formatId(element.id)}: ${String(error)}`)
      return EMPTY
    }
  }

  #differs(text: string): void {
    const { differences: found } = this.#run.proof
    if (found.length < DIFFERENCES_SHOWN) found.push(text)
  }

  /** From here on both are played; up to here nothing differs. */
  async #begin(): Promise<void> {
    this.#began = true
    const { told, tried } = this.#run
    for (const [account, rung] of told.rungs) tried.rungs.set(account, rung)
    if (!this.#run.options.book) return
    await this.#tried.follow(this.#told, async () => {
      const { told: from } = this.#scratch
      let cursor = '0'
      do {
        const [next, keys] = await from.scan(cursor, 'COUNT', COMMANDS_AT_ONCE)
        const pipeline = from.pipeline()
        for (const key of keys) pipeline.call('COPY', key, key, 'DB', '1', 'REPLACE')
        await pipeline.exec()
        cursor = next
      } while (cursor !== '0')
    })
  }

  async #score(
    batch: JournalBatch,
    element: JournalElement,
    next: JournalElement | undefined,
  ): Promise<void> {
    const { found, told, tried } = this.#run
    this.#count(batch.entries.length)
    await this.#forgetVisits(batch)
    await this.#pauseClocks(batch.entries)
    const fen = next && fenOf(this.#read(next), batch)
    const played = await Promise.all(
      batch.entries.map((entry) => this.#played(entry, { atMs: batch.atMs, fen })),
    )
    const asTold = played.map(({ one }) => one)
    await this.#hidden.hideEarly(this.#told, asTold, batch.atMs)
    const others = this.#tries ? await Promise.all(played.map((one) => this.#other(one))) : []
    const [again, otherwise] = await Promise.all([
      this.#told.play(asTold, batch.atMs),
      this.#tried.play(others, batch.atMs),
    ])
    for (const [i, { one, within }] of played.entries()) {
      this.#compare(one.entry, again[i], element)
      told.take(one.entry, one.context.book, within)
      if (within) found.salesFen += salesOf(one)
      if (within) found.entries++
      else found.before++
      const other = others[i]
      if (!other) continue
      const entry = otherwise[i]
      if (entry) tried.take(entry, other.context.book, within)
    }
  }

  #count(entries: number): void {
    const { found } = this.#run
    if (found.entries + found.before + entries > EVENTS_MAX)
      throw new DryRunEnded(
        'too_much',
        `more than ${EVENTS_MAX} entries up to the end of the period; follow one account of several (--one-of)`,
      )
    if (this.#replay.accounts.size > ACCOUNTS_MAX * this.#run.options.asked.oneOf)
      throw new DryRunEnded(
        'too_much',
        `more than ${ACCOUNTS_MAX} accounts; follow one account of several (--one-of)`,
      )
  }

  async #forgetVisits({ atMs, entries }: JournalBatch): Promise<void> {
    const gone = entries.filter(({ account, live }) => {
      const name = `${account}:${live}`
      const last = this.#visits.get(name) ?? atMs
      this.#visits.set(name, atMs)
      return atMs - last > VISIT_MS
    })
    for (const player of [this.#told, this.#tried]) await player.forget(gone)
  }

  async #pauseClocks(entries: readonly JournalEntry[]): Promise<void> {
    const paused = this.#hidden.paused(entries)
    if (paused.length === 0) return
    await this.#told.change(paused)
    if (this.#tries) await this.#tried.change(paused)
  }

  async #played(
    entry: JournalEntry,
    { atMs, fen }: { atMs: number; fen: number | undefined },
  ): Promise<{ one: Played; within: boolean }> {
    const { books, settings, rooms, versions, options } = this.#run
    const book = await books(entry.rulebook)
    const setting = entry.live > 0 ? await settings(entry.live) : undefined
    const acts = actsOf(entry, { atMs, book, fen })
    const told = rooms.tell(entry, { atMs, book, setting })
    const within =
      this.#began && (options.asked.room === undefined || setting?.room === options.asked.room)
    if (within) versions.add(entry.rulebook)
    const context = {
      ...{ live: entry.live, issuer: entry.issuer, rulebook: entry.rulebook, book, ...told },
      timeZone: setting?.timeZone ?? book.timeZone,
      tasks: acts.tasks,
    }
    return { one: { entry, acts, context, personal: this.#personal(entry, book) }, within }
  }

  /** Thousandths that the person alone had, without what the first order adds. */
  #personal({ account, receipts }: JournalEntry, book: Rulebook): number {
    const told = receipts.find(({ ruleNo, counted }) => counted > 0 && isEarnRule(ruleNo))
    if (!told) return ONE
    if (!told.first) return told.multipliers.personal
    const born = this.#birthday(book, this.#run.told.rungs.get(account) ?? 0)
    const factor = milli(book.purchase.firstOrder)
    const fits = (personal: number) =>
      Math.floor((personal * factor) / ONE) === told.multipliers.personal
    // A segment may have multiplied it as well; the least that comes to the same.
    const least = Math.ceil((told.multipliers.personal * ONE) / factor)
    return [ONE, born].find(fits) ?? least
  }

  #birthday = (book: Rulebook, rung: number): number => birthdayFactor(book.ladder, rung) * ONE

  /** The same by the rules that are tried, where they are to hold. */
  async #other({ one, within }: { one: Played; within: boolean }): Promise<Played> {
    const { options, told, tried } = this.#run
    const { book, version = 0 } = options
    if (!within || !book) return one
    const { account } = one.entry
    const born = this.#birthday(one.context.book, told.rungs.get(account) ?? 0)
    const isBirthday = one.personal !== ONE && one.personal === born
    return {
      ...one,
      context: { ...one.context, book, rulebook: version },
      personal: isBirthday ? this.#birthday(book, tried.rungs.get(account) ?? 0) : one.personal,
    }
  }

  #compare(told: JournalEntry, again: JournalEntry | undefined, { id }: JournalElement): void {
    const { proof } = this.#run
    proof.entries++
    if (isDeepStrictEqual(told, again)) proof.sameEntries++
    else
      this.#differs(
        `element ${formatId(id)}, account ${formatAccount(told.account)}: ${firstDifference(told, again)}`,
      )
  }

  async #change(batch: JournalBatch): Promise<void> {
    const { asked, book: tried } = this.#run.options
    const followed = <T extends { account: number }>(all: readonly T[]) =>
      all.filter(({ account }) => isFollowed(account, asked))
    const ledger = followed(batch.ledger)
    const growth = followed(batch.growth)
    const kept = followed(batch.kept).filter(({ kind }) => kind === 'pass')
    if (ledger.length + growth.length + kept.length === 0) return
    const changed = (
      move: (account: EditableAccount, entry: (typeof ledger)[number]) => void,
      grow: (account: EditableAccount, entry: (typeof growth)[number]) => void,
    ) => [
      ...ledger.map((entry) => ({
        account: entry.account,
        change: (account: EditableAccount) => move(account, entry),
      })),
      ...growth.map((entry) => ({
        account: entry.account,
        change: (account: EditableAccount) => grow(account, entry),
      })),
      ...kept.map((entry) => ({
        account: entry.account,
        change: (account: EditableAccount) => keepAsTold(account, entry),
      })),
    ]
    const { told, tried: other, people } = this.#run
    for (const [account, { rung }] of await this.#told.change(changed(moveAsTold, growAsTold)))
      told.rungs.set(account, rung)
    if (!this.#tries || !tried) return
    const records = await this.#tried.change(
      changed(
        (account, entry) => people.lacked(entry.account, moveAsFar(account, entry)),
        (account, entry) => growBy(account, entry, tried),
      ),
    )
    for (const [account, { rung }] of records) other.rungs.set(account, rung)
  }

  /** At the end every balance of the scripts is what the archive says, worked out another way. */
  async close(): Promise<void> {
    // Where nobody did anything in the time that was asked for, balances are what they were.
    if (!this.#began) await this.#begin()
    const { proof, options, told, tried, found } = this.#run
    for (const text of this.#replay.problems) this.#differs(text)
    const accounts = [...this.#replay.accounts.values()].filter(({ account }) =>
      isFollowed(account, options.asked),
    )
    found.accounts += accounts.length
    for (const some of chunks(accounts, COMMANDS_AT_ONCE)) {
      const keys = some.map(({ account }) => accountKey(this.#slot, account))
      const raw = await this.#scratch.told.mgetBuffer(...keys)
      for (const [i, of] of some.entries()) {
        const record = readAccountRecord(must(raw[i] ?? undefined, 'a record of what was played'))
        const wrong = differences(of, record, this.#replay.kept.passOf(of.account))
        proof.balances++
        if (wrong.length === 0) proof.sameBalances++
        for (const text of wrong) this.#differs(`account ${formatAccount(of.account)}: ${text}`)
        told.close(record.wallet)
      }
      if (!this.#tries) continue
      const others = await this.#tried.records(some.map(({ account }) => account))
      for (const { wallet } of others.values()) tried.close(wallet)
    }
  }
}

/** What an order cost stands in an element of its own behind that of its points. */
function fenOf(next: JournalBatch, { atMs, entries }: JournalBatch): number | undefined {
  const [kept] = next.kept
  const [entry] = entries
  if (kept?.kind !== 'order' || next.atMs !== atMs || kept.account !== entry?.account)
    return undefined
  const fen = kept.fields.find(([name]) => name === 'fen')?.[1]
  return fen === undefined ? undefined : Number(fen)
}

const salesOf = ({ acts }: Played): number =>
  acts.acts.reduce((sum, { action, units }) => sum + (action === 'purchase' ? units : 0), 0)
