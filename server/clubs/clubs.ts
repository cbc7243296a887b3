/** Fan clubs: who is in the club of a host, how far, what its tasks ask and pay. */

import type { ClubDeskRead, ClubRead, ClubTaskView } from '../../shared/clubs.ts'
import type { Refusal } from '../../shared/errors.ts'
import type { Label } from '../../shared/rulebook/parts.ts'
import { Newcomers, type Noted, type Observed, type Reader, type SlotTag } from '../redis/index.ts'
import type { Seen } from './advance.ts'
import { Counting } from './counting.ts'
import { type ClubPlace, type ClubRoom, type ClubsDeps, nowOf } from './deps.ts'
import { join, leave, settleJoin } from './joining.ts'
import { membersKey } from './keys.ts'
import { type ClubRecords, memberOf, readClubs } from './members.ts'
import { openRecords } from './records.ts'
import { endTask, type NewTask, startTask } from './tasks.ts'
import { deskOf, viewClub } from './views.ts'

export class Clubs {
  readonly #deps: ClubsDeps & { records: ClubRecords }
  readonly #counting: Counting
  readonly #members: Newcomers

  constructor(deps: ClubsDeps) {
    const records = openRecords(deps)
    this.#deps = { ...deps, records }
    this.#counting = new Counting(deps, records)
    this.#members = new Newcomers(deps.store, membersKey)
  }

  /** Whether the rulebook has clubs at all. */
  get isOn(): boolean {
    return this.#deps.rulebook().book.fanClub !== undefined
  }

  /** Accounts of the partition that have ever been in a club, with those that joined until now. */
  members(slot: SlotTag): Promise<ReadonlySet<number>> {
    return this.#members.all(slot)
  }

  /** Counts what was seen of members and moves the reader's cursor behind it, in one step. */
  note(slot: SlotTag, observed: readonly Observed<Seen>[], reader: Reader): Promise<Noted> {
    return this.#counting.note(slot, observed, reader)
  }

  forgetKnown(slot: SlotTag): void {
    this.#members.forget(slot)
  }

  /** For the worker: goes on with what was cut off. */
  pass(slot: SlotTag): Promise<number> {
    return this.#deps.records.pass(slot)
  }

  /** The club of the room's host. */
  at(room: ClubRoom): Promise<ClubPlace> {
    return this.#deps.placeOf(room)
  }

  /** The club of the room's host as that account sees it. */
  async read(place: Pick<ClubPlace, 'club'>, account: number): Promise<ClubRead> {
    const club = await viewClub(this.#deps, { club: place.club, account })
    return { ok: true, atMs: nowOf(this.#deps), ...(club && { club }) }
  }

  /** Answers the club as it is for a member. */
  async join(
    place: ClubPlace,
    of: { account: number; requestId: string },
  ): Promise<ClubRead | Refusal> {
    const joined = await join(this.#deps, place, of)
    return joined.ok ? this.read(place, of.account) : joined
  }

  async leave(place: Pick<ClubPlace, 'club'>, account: number): Promise<ClubRead> {
    await leave(this.#deps.records, { club: place.club, account })
    return this.read(place, account)
  }

  /** Rung of the account in that club, from 0; undefined where it is no member. */
  async rungOf(club: number, account: number): Promise<number | undefined> {
    const membership = await readClubs(this.#deps.records, account)
    const member = memberOf(membership, club)
    return member?.state === 'in' ? member.rung : undefined
  }

  /** Title of that rung, as members wear it. */
  async titleOf({ club }: Pick<ClubPlace, 'club'>, account: number): Promise<Label | undefined> {
    const rung = await this.rungOf(club, account)
    return rung === undefined ? undefined : this.#deps.rulebook().book.fanClub?.rungs[rung]?.label
  }

  async desk({ club }: Pick<ClubPlace, 'club'>): Promise<ClubDeskRead> {
    const desk = await deskOf(this.#deps, club)
    return { ok: true, atMs: nowOf(this.#deps), ...(desk && { club: desk }) }
  }

  startTask(place: ClubPlace, task: NewTask): Promise<{ ok: true; task: ClubTaskView } | Refusal> {
    return startTask(this.#deps, place, task)
  }

  endTask({ club }: Pick<ClubPlace, 'club'>, task: number): Promise<{ ok: true } | Refusal> {
    return endTask(this.#deps, { club, task })
  }

  /** Decides an overdue hold for joining. */
  settleHold(hold: { account: number; id: string }): Promise<'capture' | 'void'> {
    return settleJoin(this.#deps.records, hold)
  }

  /** Of who is erased nothing of this is kept. Repeating it is harmless. */
  forget(account: number): Promise<void> {
    return this.#deps.records.forget(account)
  }
}
