/** Histories and statements as far back as they go: the newest lines from Redis, older ones from the archive. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { Balances, HistoryPage, Reach, Statement } from '../../shared/ledger.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { Clock } from '../kernel/index.ts'
import type { Partitions, SlotTag, Store } from '../redis/index.ts'
import { nameIssuers } from '../rooms/index.ts'
import { changesOf, type HistoryLine, isOlder, readLines } from './history.ts'
import { entriesOf } from './past-view.ts'
import { BEGINNING, type Recent, readRecent, readRecord } from './recent.ts'

/** Lines of one page of the history. */
const HISTORY_PAGE = 30
/** Lines of one page of a statement. */
const STATEMENT_PAGE = 500

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
    const { account } = of
    const recent = await readRecent(this.#options.store, { slot: this.#slotOf(account), account })
    if (!recent) return refuse('busy')
    // This process's clock may be behind that of what has happened.
    const nowMs = Math.max(this.#options.clock.now(), (recent.lines[0]?.atMs ?? 0) + 1)
    const toMs = of.toMs ?? nowMs
    const [to, from] = [
      await this.#cut(account, recent, toMs),
      await this.#cut(account, recent, of.fromMs),
    ]
    if (typeof to === 'string') return unavailable(to)
    if (typeof from === 'string') return unavailable(from)
    const start = of.before !== undefined && isOlder(of.before, to.before) ? of.before : to.before
    const page = await this.#between(account, recent, { start, downTo: from.before })
    if (typeof page === 'string') return unavailable(page)
    const { entries, issuers, next } = await this.#shown(account, page.lines, page)
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
    const { wallet } = await readRecord(this.#options.store, this.#slotOf(account), account)
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
    const of = { slot: this.#slotOf(account), account }
    return {
      ok: true,
      ...(await entriesOf(this.#options, of, lines)),
      ...(next !== undefined && { next }),
      ...(elsewhere && { elsewhere }),
    }
  }
}
