/** Weekly boards: how they stand, closing them when the week is over, paying who leads, and the badges. */

import {
  type BoardPlace,
  type OwnPlace,
  ownPlace,
  type RoomRedemptions,
  type WeekBoard,
} from '../../shared/boards.ts'
import { formatAccount } from '../../shared/ids.ts'
import type { Board } from '../../shared/rulebook/boards.ts'
import type { Label } from '../../shared/rulebook/parts.ts'
import { maskName } from '../../shared/text.ts'
import type { SlotTag } from '../redis/index.ts'
import { Badges } from './badges.ts'
import {
  type ClosedBoard,
  closeBoard,
  closedBoard,
  isCounted,
  readClosed,
  type Star,
} from './close.ts'
import { countBoards, type WeekCount } from './count.ts'
import { type BoardsDeps, nowOf } from './deps.ts'
import { closedWeekKey, nowKey } from './keys.ts'
import { CLOSE_AFTER_MS, MADE_PER_PASS, SHOWN_MAX, SHOWN_MS, WEEKS_CLOSED } from './limits.ts'
import { Prizes } from './prizes.ts'
import { listRedeemed } from './redeemed.ts'
import {
  aheadOf,
  boardName,
  boardsOf,
  ownScore,
  type Place,
  peopleOn,
  readBoardName,
  standingOf,
} from './standing.ts'
import { pointsOf, weekAt, weekBounds, weekName } from './week.ts'

/** How a board of the running week stood when it was last looked at. */
interface Now {
  week: number
  atMs: number
  people: number
  places: Pick<Place, 'account' | 'points'>[]
}

export class Boards {
  readonly #deps: BoardsDeps
  /** Boards as they were last shown, by name. */
  readonly #shown = new Map<string, { untilMs: number; view: Promise<WeekBoard> }>()

  readonly #badges: Badges
  readonly #prizes: Prizes

  constructor(deps: BoardsDeps) {
    this.#deps = deps
    this.#badges = new Badges(deps)
    this.#prizes = new Prizes(deps)
  }

  get policies(): readonly Board[] {
    return this.#deps.rulebook().book.boards
  }

  /** Counts elements of one week and moves the cursor behind them, in one step. Throws where Redis fails. */
  count(slot: SlotTag, of: { after: string; last: string }, what: WeekCount) {
    return countBoards(this.#deps.store, { slot, ...this.#deps.besideOf(slot), ...of }, what)
  }

  /** Whose boards the points of these issuers count for. */
  brandsOf(issuers: readonly number[]): Promise<ReadonlyMap<number, number>> {
    return this.#deps.brandsOf(issuers)
  }

  /** For the worker: makes the boards of the running week, closes those of weeks that are over, and pays. */
  async pass(): Promise<void> {
    await this.#prizes.pay()
    if (this.policies.length === 0) return
    await this.#closeWeeks()
    await this.#make()
  }

  /** A board of the running week; undefined where the rulebook has none of that id. */
  async running(id: string, brandNo: number): Promise<WeekBoard | undefined> {
    const policy = this.policies.find((one) => one.id === id)
    if (!policy) return undefined
    const board = this.#nameOf(policy, brandNo)
    const atMs = nowOf(this.#deps)
    const known = this.#shown.get(board)
    if (known && known.untilMs > atMs && known.untilMs <= atMs + SHOWN_MS) return known.view
    if (this.#shown.size >= SHOWN_MAX) this.#shown.clear()
    const view = this.#running(policy, board)
    this.#shown.set(board, { untilMs: atMs + SHOWN_MS, view })
    view.catch(() => this.#shown.delete(board))
    return view
  }

  /** All boards of the running week, for a brand. */
  async allRunning(brandNo: number): Promise<WeekBoard[]> {
    const all = await Promise.all(this.policies.map(({ id }) => this.running(id, brandNo)))
    return all.flatMap((one) => one ?? [])
  }

  /** Where an account stands on a board of the running week. Beyond the places shown whoever earned more is counted. */
  async own(view: WeekBoard, brandNo: number, account: number): Promise<OwnPlace> {
    const policy = this.policies.find((one) => one.id === view.id)
    const shown = view.places.find(({ handle }) => handle === formatAccount(account))
    if (!policy) return { points: 0 }
    const week = this.#week(nowOf(this.#deps))
    const where = { week: week.week, board: this.#nameOf(policy, brandNo) }
    const score = await ownScore(this.#deps, { ...where, account })
    const points = Math.max(0, score === undefined ? 0 : pointsOf(score))
    if (shown) return ownPlace(view, Math.max(points, shown.points), shown.rank)
    if (score === undefined || points < policy.least) return ownPlace(view, points)
    const standing = await this.#deps.standingOf([account])
    if (standing.get(account)?.frozen) return { points }
    const ahead = await aheadOf(this.#deps, { ...where, score })
    return ownPlace(view, points, Math.max(ahead, view.places.length) + 1)
  }

  /** Boards of a week that is over, as they were closed; those of the platform for every brand. */
  async closed(week: number, brandNo: number): Promise<WeekBoard[]> {
    const boards = this.policies.map((policy) => this.#nameOf(policy, brandNo))
    const found = await readClosed(this.#deps.store, week, boards)
    return Promise.all([...found.values()].map((one) => this.#closedView(one)))
  }

  /** What was redeemed in a room, a page at a time; who was erased has no name. */
  async redeemed(room: string, before?: string): Promise<RoomRedemptions> {
    const { listed, next } = await listRedeemed(this.#deps, { room, before })
    const [names, found] = await Promise.all([
      this.#deps.namesOf([...new Set(listed.map(({ account }) => account))]),
      this.#deps.redemptionsOf(listed),
    ])
    return {
      ok: true,
      redemptions: listed.flatMap(({ atMs, account }, i) => {
        const redemption = found[i]
        const name = maskName(names.get(account) ?? '')
        return redemption ? [{ atMs, name, ...redemption }] : []
      }),
      ...(next !== undefined && { next }),
    }
  }

  /** Number of the week around now. */
  thisWeek(): number {
    return this.#week(nowOf(this.#deps)).week
  }

  /** Who wears a badge, and which. */
  stars(): Promise<Map<number, Star>> {
    return this.#badges.all()
  }

  /** Title of the badge that an account wears, as it was some seconds ago; the first question of a process has none. */
  wears(account: number): Label | undefined {
    return this.#badges.wornBy(account)
  }

  #week(atMs: number) {
    const { timeZone } = this.#deps.rulebook().book
    return weekBounds(weekAt(atMs, timeZone), timeZone)
  }

  #nameOf({ no, scope }: Board, brandNo: number): string {
    return boardName(no, scope === 'platform' ? 0 : brandNo)
  }

  async #running(policy: Board, board: string): Promise<WeekBoard> {
    const { week, startsAtMs, endsAtMs } = this.#week(nowOf(this.#deps))
    const text = await this.#deps.store.hget(nowKey, board)
    const stood = text === null ? undefined : (JSON.parse(text) as Now)
    const now = stood?.week === week ? stood : { people: 0, places: [] }
    const { id, title, least, prizes, star } = policy
    return {
      ...{ id, title, least, prizes, startsAtMs, endsAtMs, people: now.people },
      week: weekName(week),
      ...(star && { star }),
      places: await this.#shownPlaces(now.places, { prizes, starred: star?.places ?? 0 }),
    }
  }

  async #closedView(closed: ClosedBoard): Promise<WeekBoard> {
    const { timeZone } = this.#deps.rulebook().book
    const { week, id, title, least, prizes, star, people, places } = closed
    const { startsAtMs, endsAtMs } = weekBounds(week, timeZone)
    return {
      ...{ id, title, least, prizes, people, startsAtMs, endsAtMs, closed: true },
      week: weekName(week),
      ...(star && { star: { title: star.title, places: star.places, days: star.days } }),
      places: await this.#shownPlaces(places, { prizes, starred: star?.places ?? 0 }),
    }
  }

  async #shownPlaces(
    places: Now['places'],
    { prizes, starred }: { prizes: readonly number[]; starred: number },
  ): Promise<BoardPlace[]> {
    const accounts = places.map(({ account }) => account)
    const names = await this.#deps.namesOf(accounts)
    const standing = await this.#deps.standingOf(accounts)
    return places.map(({ account, points }, i) => {
      const prize = prizes[i] ?? 0
      return {
        ...{ rank: i + 1, handle: formatAccount(account), points },
        name: names.get(account) ?? '',
        rung: standing.get(account)?.rung ?? 0,
        ...(prize > 0 && { prize }),
        ...(i < starred && { star: true as const }),
      }
    })
  }

  /** The policy of a counted board, and the brand; undefined where the rulebook has it no more. */
  #policyOf(board: string): { policy: Board; brandNo: number } | undefined {
    const { no, brandNo } = readBoardName(board)
    const policy = this.policies.find((one) => one.no === no)
    return policy && { policy, brandNo }
  }

  /** Those that were not looked at for longest come first. */
  async #make(): Promise<void> {
    const { store } = this.#deps
    const atMs = nowOf(this.#deps)
    const { week } = this.#week(atMs)
    const made = await store.hgetall(nowKey)
    const atOf = (board: string): number => {
      const text = made[board]
      return text === undefined ? 0 : (JSON.parse(text) as Now).atMs
    }
    const boards = (await boardsOf(this.#deps, week)).sort((a, b) => atOf(a) - atOf(b))
    for (const board of boards.slice(0, MADE_PER_PASS)) {
      const found = this.#policyOf(board)
      if (!found) continue
      const places = await standingOf(this.#deps, { week, ...found })
      const people = await peopleOn(this.#deps, { week, board })
      const now: Now = {
        ...{ week, atMs, people },
        places: places.map(({ account, points }) => ({ account, points })),
      }
      await store.hset(nowKey, board, JSON.stringify(now))
    }
  }

  async #closeWeeks(): Promise<void> {
    const { store } = this.#deps
    const over = this.#week(nowOf(this.#deps) - CLOSE_AFTER_MS).week - 1
    const newest = Number((await store.get(closedWeekKey)) ?? over - 1)
    for (let week = Math.max(newest + 1, over - WEEKS_CLOSED + 1); week <= over; week++) {
      if (!(await this.#closeWeek(week))) return
      await store.set(closedWeekKey, week)
    }
  }

  /** False where a partition has not counted all of it. */
  async #closeWeek(week: number): Promise<boolean> {
    const { store, partitions, besideOf, log, rulebook } = this.#deps
    const { endsAtMs } = weekBounds(week, rulebook().book.timeZone)
    for (const slot of partitions.slots)
      if (!(await isCounted(store, { slot, ...besideOf(slot) }, endsAtMs))) return false
    for (const board of await boardsOf(this.#deps, week)) {
      const found = this.#policyOf(board)
      if (!found) continue
      const places = await standingOf(this.#deps, { week, ...found })
      const people = await peopleOn(this.#deps, { week, board })
      const closed = closedBoard(found.policy, { week, board, endsAtMs, people, places })
      if (await closeBoard(store, closed))
        log.info({ week: weekName(week), board }, 'a board was closed')
    }
    return true
  }
}
