/**
 * Invites, from the promise to the inviter until the friend has done what the rulebook asks. What the friend does is
 * read from the journal, so it counts whoever reported it, and a worker that dies goes on where it stopped.
 */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { formatAccount } from '../../shared/ids.ts'
import type { InvitePolicy, InviteStep } from '../../shared/rulebook/invite.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { DAY_MS, dayBounds } from '../../shared/time.ts'
import type { Clock, Log } from '../kernel/index.ts'
import type { Partitions, Store } from '../redis/index.ts'
import { brandNumber } from '../rooms/index.ts'
import type { Wallets } from '../wallet/index.ts'
import type { GrowthChange } from './change-growth.ts'
import {
  claimInvite,
  countInvite,
  forgetClaim,
  type InvitedAt,
  type InviteRecord,
  type InviteState,
  type InviteTerms,
  moveInvite,
  noteStep,
  readInvite,
  uncountInvite,
} from './invite-record.ts'

/** What was done in time may be read from the journal so much later. */
const GRACE_MS = DAY_MS

export interface InvitesOptions {
  store: Store
  partitions: Partitions
  wallets: Pick<Wallets, 'issue' | 'capture' | 'void' | 'readRecord'>
  /** Once per account and id. Throws where it cannot be done now. */
  changeGrowth: (change: GrowthChange) => Promise<unknown>
  rulebook: () => PublishedRulebook
  clock: Clock
  log: Log
  /** Where the points of an account are by now: another one, where it was merged. */
  settledIn?: (account: number) => Promise<number>
  /** Accounts that have become one with each of these, and since when, Unix ms. */
  formerOf?: (
    accounts: readonly number[],
  ) => Promise<ReadonlyMap<number, readonly { account: number; sinceMs: number }[]>>
  nowMs?: () => number
}

export interface Invitation {
  inviter: number
  invited: number
  brand: string
  by: string
}

export interface Promised {
  ok: true
  dup?: true
  points: number
  invitedPoints: number
  due: InviteStep[]
  untilMs: number
}

/** Something that an account did, as its journal has it. */
export interface StepDone {
  account: number
  step: InviteStep
  /** Change counter of the account after it. */
  version: number
  atMs: number
}

/** An invited account, and whose steps count for it: its own, or from a time on those of what it became. */
interface Looking {
  account: number
  by: number
  sinceMs?: number
}

const promiseId = (invited: number): string => `invite-${formatAccount(invited)}`
const bonusId = (inviter: number): string => `invited-by-${formatAccount(inviter)}`

export class Invites {
  readonly #options: InvitesOptions

  constructor(options: InvitesOptions) {
    this.#options = options
  }

  /**
   * Promises the inviter what the rulebook pays. An account is invited once, by one who was not invited by it; a
   * repeat is answered with what was promised, and finishes what a process that died had begun.
   */
  async invite(invitation: Invitation): Promise<Promised | Refusal> {
    const { inviter, invited, brand, by } = invitation
    const { store, wallets, rulebook } = this.#options
    const policy = rulebook().book.invite
    if (!policy) return refuse('invites_off')
    if (inviter === invited) return refuse('invite_refused', { field: 'invited' })
    const at = this.#at(invited)
    const { points, growth, invitedPoints, due, withinDays } = policy
    const claim = await claimInvite(store, at, {
      inviter,
      terms: {
        points,
        growth,
        invitedPoints,
        due,
        untilMs: this.#now() + withinDays * DAY_MS,
        issuer: await brandNumber(store, brand),
        by,
        since: (await wallets.readRecord(invited)).changes,
      },
    })
    if (!claim) return refuse('invite_refused', { field: 'invited' })
    const { terms } = claim
    if (claim.state === 'claimed') {
      const refused = await this.#promise(invitation, terms, policy)
      if (refused) return refused
    }
    const dup = claim.state !== 'claimed' && { dup: true as const }
    const { untilMs } = terms
    return {
      ok: true,
      ...dup,
      points: terms.points,
      invitedPoints: terms.invitedPoints,
      due: terms.due,
      untilMs,
    }
  }

  /** Steps of accounts, of which most were invited by nobody. May come again, and in any order. */
  async done(steps: readonly StepDone[]): Promise<void> {
    const accounts = [...new Set(steps.map(({ account }) => account))]
    if (accounts.length === 0) return
    const former = await this.#options.formerOf?.(accounts)
    // What a person does counts for every number the person had when invited.
    const looking = accounts.flatMap((by): Looking[] => [
      { account: by, by },
      ...(former?.get(by) ?? []).map((one) => ({ ...one, by })),
    ])
    // Asked for together: in a crowd many reach a goal at the same beat.
    const invites = await Promise.all(
      looking.map(({ account }) => readInvite(this.#options.store, this.#at(account))),
    )
    for (const [i, one] of looking.entries()) {
      const invite = invites[i]
      if (!invite || invite.state === 'paid' || invite.state === 'lapsed') continue
      await this.#count(one, invite, steps)
    }
  }

  async #count(
    { account, by, sinceMs }: Looking,
    { terms, done }: InviteRecord,
    steps: readonly StepDone[],
  ): Promise<void> {
    const { since, untilMs, due } = terms
    // Change counters of two accounts cannot be compared: of another number only what came after the merge counts.
    const isLater = (one: StepDone) =>
      sinceMs === undefined ? one.version > since : one.atMs >= sinceMs
    const counting = steps.filter(
      (one) => one.account === by && isLater(one) && one.atMs <= untilMs && due.includes(one.step),
    )
    const at = this.#at(account)
    for (const step of new Set(counting.map((one) => one.step)))
      if (!done.has(step)) await noteStep(this.#options.store, at, step)
    if (counting.length > 0) await this.#settle(at)
  }

  async #promise(
    { inviter, invited }: Invitation,
    terms: InviteTerms,
    { perDay, newOnly }: InvitePolicy,
  ): Promise<Refusal | undefined> {
    const { store, wallets, partitions, rulebook } = this.#options
    const at = this.#at(invited)
    if (newOnly && terms.since > 0) {
      await forgetClaim(store, at)
      return refuse('invite_refused', { field: 'invited' })
    }
    // Looked at after the own claim is written: of two who invite each other at once, one at least sees the other.
    const mine = await readInvite(store, this.#at(inviter))
    if (mine?.inviter === invited) {
      await forgetClaim(store, at)
      return refuse('invite_refused', { field: 'inviter' })
    }
    const { day } = dayBounds(this.#now(), rulebook().book.timeZone)
    const ofDay = { slot: partitions.slotOf(inviter), inviter, day, invited }
    if (!(await countInvite(store, ofDay, perDay))) {
      await forgetClaim(store, at)
      return refuse('limit_reached', { field: 'perDay' })
    }
    const issued = await wallets.issue({
      account: inviter,
      id: promiseId(invited),
      cause: 'invited',
      lots: [{ issuer: terms.issuer, points: terms.points }],
      subject: formatAccount(invited),
      by: terms.by,
      at: terms.issuer,
      pendingMs: Math.max(terms.untilMs - this.#now(), 0) + GRACE_MS,
    })
    if (!issued.ok) {
      // Kept where it passes by itself: the repeat goes on.
      if (issued.code === 'busy' || issued.code === 'internal') return issued
      await uncountInvite(store, ofDay)
      await forgetClaim(store, at)
      return issued
    }
    await moveInvite(store, at, { was: 'claimed', now: 'promised' })
    // The friend may have been faster than the promise.
    await this.#settle(at)
    return undefined
  }

  /** Pays where all is done. Each step is done once under an id, so it may stop anywhere and be repeated. */
  async #settle(at: InvitedAt): Promise<void> {
    const { store, log } = this.#options
    const invite = await readInvite(store, at)
    if (invite?.state !== 'promised') return
    if (!invite.terms.due.every((step) => invite.done.has(step))) return
    const paid = await this.#pay(at.account, invite)
    if (typeof paid !== 'string') {
      if (paid.code === 'busy') throw new Error('an invite waits: the journal is full')
      log.error({ invited: at.account, code: paid.code }, 'an invite could not be paid')
      return
    }
    await moveInvite(store, at, { was: 'promised', now: paid })
  }

  async #pay(
    invited: number,
    { inviter, terms }: InviteRecord,
  ): Promise<Extract<InviteState, 'paid' | 'lapsed'> | Refusal> {
    const { wallets, changeGrowth, settledIn = async (account: number) => account } = this.#options
    const promise = { account: inviter, id: promiseId(invited) }
    // They turned out to be one person since.
    const self = (await settledIn(inviter)) === (await settledIn(invited))
    const ended = self
      ? await wallets.void(promise)
      : await wallets.capture({ ...promise, late: true })
    if (!ended.ok)
      return ended.code === 'hold_closed' || ended.code === 'hold_not_found' ? 'lapsed' : ended
    if (self) return 'lapsed'
    const { growth, invitedPoints, issuer, by } = terms
    const subject = formatAccount(invited)
    if (growth > 0)
      await changeGrowth({ account: inviter, id: promise.id, growth, cause: 'invited', subject })
    if (invitedPoints > 0) {
      const bonus = await wallets.issue({
        account: invited,
        id: bonusId(inviter),
        cause: 'invited',
        lots: [{ issuer, points: invitedPoints }],
        subject: formatAccount(inviter),
        by,
        at: issuer,
      })
      if (!bonus.ok) return bonus
    }
    return 'paid'
  }

  #at(account: number): InvitedAt {
    const { partitions, nowMs } = this.#options
    return { slot: partitions.slotOf(account), account, ...(nowMs && { nowMs: nowMs() }) }
  }

  #now(): number {
    return this.#options.nowMs?.() ?? this.#options.clock.now()
  }
}
