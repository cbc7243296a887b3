/** Fan clubs: who is in the club of a host, how far, what its tasks ask and pay. */

import type { ClubDeskRead, ClubRead, ClubTaskView } from '../../shared/clubs.ts'
import type { Refusal } from '../../shared/errors.ts'
import type { SlotTag } from '../redis/index.ts'
import { defineScript } from '../redis/index.ts'
import { Counting, type Observed } from './counting.ts'
import { type ClubPlace, type ClubRoom, type ClubsDeps, nowOf } from './deps.ts'
import forgetSource from './forget.lua'
import { join, leave, settleJoin } from './joining.ts'
import { clubsKey, membersKey, sizesKey } from './keys.ts'
import { ATTEMPTS } from './limits.ts'
import { memberOf, readClubs } from './members.ts'
import { endTask, type NewTask, startTask } from './tasks.ts'
import { deskOf, viewClub } from './views.ts'
import { type Reader, sizeName, type Written } from './write.ts'

const forgetScript = defineScript({
  name: 'clubs.forget',
  source: forgetSource,
  keys: ['record', 'members', 'sizes'],
  args: { account: 'int', rev: 'int', sizes: 'str' },
  replies: { forgotten: {}, stale: {} },
})

export class Clubs {
  readonly #deps: ClubsDeps
  readonly #counting: Counting

  constructor(deps: ClubsDeps) {
    this.#deps = deps
    this.#counting = new Counting(deps)
  }

  /** Whether the rulebook has clubs at all. */
  get isOn(): boolean {
    return this.#deps.rulebook().book.fanClub !== undefined
  }

  /** Accounts of the partition that have ever been in a club. */
  members(slot: SlotTag): Promise<ReadonlySet<number>> {
    return this.#counting.members(slot)
  }

  /** Counts what was seen of members and moves the reader's cursor behind it, in one step. */
  note(slot: SlotTag, observed: readonly Observed[], reader: Reader): Promise<Written> {
    return this.#counting.note(slot, observed, reader)
  }

  forgetKnown(slot: SlotTag): void {
    this.#counting.forgetKnown(slot)
  }

  /** For the worker: goes on with what was cut off. */
  pass(slot: SlotTag): Promise<number> {
    return this.#counting.pass(slot)
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
    await leave(this.#deps, { club: place.club, account })
    return this.read(place, account)
  }

  /** Rung of the account in that club, from 0; undefined where it is no member. */
  async rungOf(club: number, account: number): Promise<number | undefined> {
    const { membership } = await readClubs(this.#deps, account)
    const member = memberOf(membership, club)
    return member?.state === 'in' ? member.rung : undefined
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
    return settleJoin(this.#deps, hold)
  }

  /** Of who is erased nothing of this is kept. Repeating it is harmless. */
  async forget(account: number): Promise<void> {
    const { store, partitions } = this.#deps
    const slot = partitions.slotOf(account)
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { rev, membership } = await readClubs(this.#deps, account)
      if (rev === 0) return
      const inside = membership.clubs.filter(({ state }) => state === 'in')
      const sizes = inside.map(({ club, rung }) => sizeName(club, rung))
      const reply = await forgetScript.run(store, {
        keys: {
          record: clubsKey(slot, account),
          members: membersKey(slot),
          sizes: sizesKey(slot),
        },
        args: { account, rev, sizes: JSON.stringify(sizes) },
      })
      if (reply.tag === 'forgotten') return
    }
    throw new Error('the clubs of an account change all the time')
  }
}
