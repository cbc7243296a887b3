/** Histories and statements as far back as they go: the newest lines from Redis, older ones from the archive. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { Balances, HistoryEntry, HistoryPage, Reach, Statement } from '../../shared/ledger.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { Clock } from '../kernel/index.ts'
import type { Partitions, SlotTag, Store } from '../redis/index.ts'
import { nameIssuers } from '../rooms/index.ts'
import {
  accountKey,
  EMPTY_RECORD,
  journalKey,
  readAccountRecord,
  readNotes,
  sumsOfAccount,
} from '../wallet/index.ts'
import {
  changesOf,
  type HistoryLine,
  isOlder,
  linesByAccount,
  readLines,
  refusalOf,
} from './history.ts'
import { skimJournal, toReceipt } from './records.ts'

/** Lines of one page of the history. */
const HISTORY_PAGE = 30
/** Lines of one page of a statement. */
const STATEMENT_PAGE = 500
/** Elements of the journal that one statement reads; more are there only while no worker keeps histories. */
const JOURNAL_ELEMENTS_MAX = 2000
const JOURNAL_PAGE = 200
/** How often a statement of an account that is in use begins again. */
const ATTEMPTS = 5
/** Older than any line. */
const BEGINNING = '0-0-0'

/** Why older lines cannot be had: the archive is not here, or too many ask for it. */
export type Unavailable = 'elsewhere' | 'busy'

/** Lines that newer ones have pushed out of the list. Ids name lines as in the list. */
export interface Archived {
  /** Newest first; of a page that is cut short by what one request may read, `next` is where to go on. */
  lines(of: {
    account: number
    before: string
    limit: number
    /** None older than this are wanted. */
    downTo?: string
  }): Promise<{ lines: HistoryLine[]; next?: string } | Unavailable>
  /** What the lines before `before` down to `sinceMs` changed, and before which line older ones are. */
  sum(of: {
    account: number
    before: string
    sinceMs: number
  }): Promise<{ changed: Balances; before: string } | Unavailable>
}

export interface PastOptions {
  store: Store
  partitions: Partitions
  rulebook: () => PublishedRulebook
  clock: Clock
  archived: Archived
}

/** The newest lines and the balances behind them, as they were together at one moment. */
interface Recent {
  balances: Balances
  lines: HistoryLine[]
  full: boolean
}

/** Lines before this id are older than the element of the line. */
const behind = ({ id }: HistoryLine): string => {
  const [ms, seq] = id.split('-').map(Number)
  return `${ms}-${(seq ?? 0) + 1}-0`
}

const less = (balances: Balances, changes: Balances): Balances => ({
  spendable: balances.spendable - changes.spendable,
  session: balances.session - changes.session,
  pending: balances.pending - changes.pending,
  held: balances.held - changes.held,
  frozen: balances.frozen - changes.frozen,
})

const unavailable = (why: Unavailable): Refusal =>
  refuse(why === 'busy' ? 'busy' : 'archive_elsewhere')

export class Past {
  readonly #options: PastOptions

  constructor(options: PastOptions) {
    this.#options = options
  }

  /**
   * A page of lines, newest first. With `payers`, whose points are good where it is asked, the first page says where
   * the others are.
   */
  async history(of: {
    account: number
    before?: string
    payers?: ReadonlySet<number>
  }): Promise<HistoryPage | Refusal> {
    const { account, before, payers } = of
    const page = await this.#page(account, before)
    if (!page.ok || before !== undefined || !payers) return page
    const reach = await this.#reach(account, payers)
    return { ...page, ...(reach && { reach }) }
  }

  async #page(account: number, before: string | undefined): Promise<HistoryPage | Refusal> {
    const { store, archived } = this.#options
    const slot = this.#slotOf(account)
    const { lines: stored, full } = await readLines(store, { slot, account })
    const lines = stored.filter(({ id }) => before === undefined || isOlder(id, before))
    const page = lines.slice(0, HISTORY_PAGE)
    const last = page.at(-1)
    if (lines.length > page.length && last) return this.#shown(account, page, { next: last.id })
    if (!full) return this.#shown(account, page)
    const older = await archived.lines({
      account,
      before: last?.id ?? before ?? BEGINNING,
      limit: HISTORY_PAGE - page.length,
    })
    if (older === 'busy') return refuse('busy')
    if (older === 'elsewhere') return this.#shown(account, page, { elsewhere: true })
    const { lines: more, ...rest } = older
    return this.#shown(account, [...page, ...more], rest)
  }

  /**
   * The balances at both ends of a period, by the account's record and not by the clock, and a page of its lines.
   * A period that begins and ends at one instant says what there was.
   */
  async statement(of: {
    account: number
    fromMs: number
    /** Now where left out. */
    toMs?: number
    before?: string
  }): Promise<Statement | Refusal> {
    const recent = await this.#recent(of.account)
    if (!recent) return refuse('busy')
    // This process's clock may be behind that of what has happened.
    const nowMs = Math.max(this.#options.clock.now(), (recent.lines[0]?.atMs ?? 0) + 1)
    const toMs = of.toMs ?? nowMs
    const [to, from] = [
      await this.#cut(of.account, recent, toMs),
      await this.#cut(of.account, recent, of.fromMs),
    ]
    if (typeof to === 'string') return unavailable(to)
    if (typeof from === 'string') return unavailable(from)
    const start = of.before !== undefined && isOlder(of.before, to.before) ? of.before : to.before
    const page = await this.#between(of.account, recent, { start, downTo: from.before })
    if (typeof page === 'string') return unavailable(page)
    const { entries, issuers, next } = await this.#shown(of.account, page.lines, page)
    return {
      ok: true,
      fromMs: of.fromMs,
      toMs,
      opening: from.balances,
      closing: to.balances,
      entries,
      issuers,
      ...(next !== undefined && { next }),
    }
  }

  /** Where the spendable points are good, most first; undefined where all are good here. */
  async #reach(account: number, payers: ReadonlySet<number>): Promise<Reach[] | undefined> {
    const { wallet } = await this.#record(this.#slotOf(account), account)
    const points = new Map<number, number>()
    for (const lot of wallet.lots)
      if (lot.bucket === 'spendable')
        points.set(lot.issuer, (points.get(lot.issuer) ?? 0) + lot.points)
    if ([...points.keys()].every((issuer) => payers.has(issuer))) return undefined
    const names = await nameIssuers(this.#options.store, points.keys())
    return [...points]
      .flatMap(([issuer, sum]) => {
        const name = names[issuer]
        return name ? [{ ...name, points: sum, here: payers.has(issuer) }] : []
      })
      .sort((a, b) => b.points - a.points)
  }

  #slotOf(account: number): SlotTag {
    return this.#options.partitions.slotOf(account)
  }

  /** Undefined where the account never rests, or where the journal has more than may be read. */
  async #recent(account: number): Promise<Recent | undefined> {
    const { store } = this.#options
    const slot = this.#slotOf(account)
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = await this.#record(slot, account)
      // First the journal: what leaves it meanwhile is in the list by then.
      const fresh = await this.#journalled(slot, account)
      if (!fresh) return undefined
      const { lines: listed, full } = await readLines(store, { slot, account })
      const after = await this.#record(slot, account)
      if (before.changes !== after.changes) continue
      const newest = listed[0]?.id ?? BEGINNING
      const lines = [...fresh.filter(({ id }) => isOlder(newest, id)), ...listed]
      const { spendable, session, pending, held, frozen } = sumsOfAccount(after)
      return { balances: { spendable, session, pending, held, frozen }, lines, full }
    }
    return undefined
  }

  async #record(slot: SlotTag, account: number) {
    const bytes = await this.#options.store.getBuffer(accountKey(slot, account))
    return bytes ? readAccountRecord(bytes) : EMPTY_RECORD
  }

  /** What the journal says of the account, newest first. */
  async #journalled(slot: SlotTag, account: number): Promise<HistoryLine[] | undefined> {
    const lines: HistoryLine[] = []
    for (let after = '-', read = 0; ; ) {
      const found = await this.#options.store.xrangeBuffer(
        journalKey(slot),
        after,
        '+',
        'COUNT',
        JOURNAL_PAGE,
      )
      for (const [key, [, bytes]] of found) {
        const id = String(key)
        const [ms = 0, seq = 0] = id.split('-').map(Number)
        after = `(${id}`
        if (!bytes) continue
        const batch = skimJournal(bytes)
        const told = linesByAccount({ id: { ms, seq }, ...batch }, account).get(account)
        if (told) lines.push(...told)
      }
      if (found.length < JOURNAL_PAGE) return lines.reverse()
      read += found.length
      if (read >= JOURNAL_ELEMENTS_MAX) return undefined
    }
  }

  /** The balances at an instant: those of now less what came since; and before which line older ones are. */
  async #cut(
    account: number,
    { balances, lines, full }: Recent,
    atMs: number,
  ): Promise<{ balances: Balances; before: string } | Unavailable> {
    let left = balances
    for (const line of lines) {
      if (line.atMs < atMs) return { balances: left, before: behind(line) }
      left = less(left, changesOf(line))
    }
    const oldest = lines.at(-1)
    if (!full || !oldest) return { balances: left, before: BEGINNING }
    const sum = await this.#options.archived.sum({ account, before: oldest.id, sinceMs: atMs })
    if (typeof sum === 'string') return sum
    return { balances: less(left, sum.changed), before: sum.before }
  }

  /** Lines older than `start` and not older than `downTo`. */
  async #between(
    account: number,
    { lines, full }: Recent,
    { start, downTo }: { start: string; downTo: string },
  ): Promise<{ lines: HistoryLine[]; next?: string } | Unavailable> {
    const wanted = lines.filter(({ id }) => isOlder(id, start) && !isOlder(id, downTo))
    const page = wanted.slice(0, STATEMENT_PAGE)
    const last = page.at(-1)
    if (wanted.length > page.length && last) return { lines: page, next: last.id }
    const oldest = lines.at(-1)
    if (!full || !oldest || isOlder(oldest.id, downTo)) return { lines: page }
    const older = await this.#options.archived.lines({
      account,
      before: isOlder(start, oldest.id) ? start : oldest.id,
      limit: STATEMENT_PAGE - page.length,
      downTo,
    })
    return typeof older === 'string' ? older : { ...older, lines: [...page, ...older.lines] }
  }

  async #shown(
    account: number,
    lines: readonly HistoryLine[],
    { next, elsewhere }: { next?: string; elsewhere?: true } = {},
  ): Promise<HistoryPage> {
    const { store, rulebook } = this.#options
    const moved = lines.flatMap((line) => (line.kind === 'moved' ? [line.entry] : []))
    const slot = this.#slotOf(account)
    const notes = await readNotes(store, { slot, account }, moved)
    const { book } = rulebook()
    const entries = collapsed(lines).map((line): HistoryEntry => {
      if (line.kind === 'receipt')
        return {
          kind: 'receipt',
          ...toReceipt(line.receipt, { book, ...line }),
          ...(line.issuer > 0 && { issuer: line.issuer }),
        }
      const { account: _, ...entry } = line.entry
      const note = notes.get(entry.ref)
      return { kind: 'moved', ...entry, ...(note !== undefined && { note }) }
    })
    return {
      ok: true,
      entries,
      issuers: await nameIssuers(store, lines.flatMap(issuersOf)),
      ...(next !== undefined && { next }),
      ...(elsewhere && { elsewhere }),
    }
  }
}

const issuersOf = (line: HistoryLine): number[] =>
  line.kind === 'receipt' ? [line.issuer] : line.entry.moves.map(({ issuer }) => issuer)

/** Of refusals that follow each other the newest. */
const collapsed = (lines: readonly HistoryLine[]): HistoryLine[] =>
  lines.filter((line, i) => {
    const newer = lines[i - 1]
    const name = refusalOf(line)
    return name === undefined || !newer || refusalOf(newer) !== name
  })
