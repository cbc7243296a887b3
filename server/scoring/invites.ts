/**
 * Invites, from the promise to the inviter until the friend has done what the rulebook asks. What the friend does is
 * read from the journal, so it counts whoever reported it, and a worker that dies goes on where it stopped.
 */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { formatAccount } from '../../shared/ids.ts'
import type { InviteRefusal } from '../../shared/invites.ts'
import type { InvitePolicy, InviteStep } from '../../shared/rulebook/invite.ts'
import { DAY_MS, dayBounds, dayStartMs } from '../../shared/time.ts'
import { brandNumber } from '../rooms/index.ts'
import type { Wallets } from '../wallet/index.ts'
import { countFriend, noteRefused, uncountFriend } from './friends.ts'
import { type HeldInvites, heldInvites } from './held-invites.ts'
import {
  claimInvite,
  forgetClaim,
  GRACE_MS,
  type InvitedAt,
  type InviteRecord,
  type InviteState,
  type InviteTerms,
  moveInvite,
  noteStep,
  REVIEW_MS,
  readInvite,
} from './invite-record.ts'
import { LINK, promiseId, Settlement, type SettlementOptions } from './invite-settlement.ts'

/** In which what the friend does still matters. */
const OPEN: ReadonlySet<InviteState> = new Set(['claimed', 'promised', 'due'])

export interface InvitesOptions extends SettlementOptions {
  wallets: Pick<Wallets, 'issue' | 'capture' | 'void' | 'readRecord' | 'freeze'>
  /** Accounts that have become one with each of these, and since when, Unix ms. */
  formerOf?: (
    accounts: readonly number[],
  ) => Promise<ReadonlyMap<number, readonly { account: number; sinceMs: number }[]>>
}

export interface Invitation {
  inviter: number
  invited: number
  brand: string
  by: string
  /** Names the network of the friend without saying which it is. */
  network?: string
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

export class Invites {
  readonly #options: InvitesOptions
  readonly #settlement: Settlement

  constructor(options: InvitesOptions) {
    this.#options = options
    this.#settlement = new Settlement(options)
  }

  /**
   * Somebody came by the link of another. To be called before the account can do anything, so that who is new is
   * known to be; coming again changes nothing, and finishes what a process that died had begun.
   */
  async arrive(arrival: Omit<Invitation, 'by'>): Promise<void> {
    const { store, wallets, settledIn = async (account: number) => account } = this.#options
    const { invited } = arrival
    const policy = this.#options.rulebook().book.invite
    const inviter = await settledIn(arrival.inviter)
    if (!policy || inviter === invited) return
    const known = await readInvite(store, this.#at(invited))
    if (known && known.state !== 'claimed' && known.inviter === inviter) return
    const refused = await (async (): Promise<InviteRefusal | undefined> => {
      if (known && known.inviter !== inviter) return 'taken'
      // Looked at before anything is written: links are opened by old friends every day.
      if (!known && policy.newOnly && (await wallets.readRecord(invited)).changes > 0)
        return 'known'
      const answer = await this.invite({ ...arrival, inviter, by: LINK })
      if (answer.ok) return undefined
      if (answer.code === 'limit_reached') return answer.field === 'perLife' ? 'perLife' : 'perDay'
      if (answer.code === 'invite_refused') return 'taken'
      throw new Error(`an invite waits: ${answer.code}`)
    })()
    if (refused)
      await noteRefused(store, this.#inviter(inviter), {
        invited,
        atMs: this.#now(),
        why: refused,
      })
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

  /** Those of some inviters that wait for somebody to look at them, oldest first. */
  held(isOwn: Parameters<typeof heldInvites>[1]): Promise<HeldInvites> {
    return heldInvites({ ...this.#options, nowMs: this.#now() }, isOwn)
  }

  /** An operator has looked at a held invite: it is paid, or the friend counts for nothing. */
  judge(invited: number, real: boolean): Promise<{ ok: true } | Refusal> {
    return this.#settlement.judge(this.#at(invited), real)
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
      if (!invite || !OPEN.has(invite.state)) continue
      await this.#count(one, invite, steps)
    }
  }

  async #count(
    { account, by, sinceMs }: Looking,
    { inviter, terms, done, state }: InviteRecord,
    steps: readonly StepDone[],
  ): Promise<void> {
    const policy = this.#options.rulebook().book.invite
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
    if (counting.length === 0) return
    // Whoever was to make the promise has died on the way.
    if (state === 'claimed' && policy)
      await this.#promise({ inviter, invited: account }, terms, policy)
    await this.#settlement.settle(at)
  }

  async #promise(
    { inviter, invited, network }: Omit<Invitation, 'brand' | 'by'>,
    terms: InviteTerms,
    policy: InvitePolicy,
  ): Promise<Refusal | undefined> {
    const { store } = this.#options
    const at = this.#at(invited)
    if (policy.newOnly && terms.since > 0) {
      await forgetClaim(store, at)
      return refuse('invite_refused', { field: 'invited' })
    }
    // Looked at after the own claim is written: of two who invite each other at once, one at least sees the other.
    const mine = await readInvite(store, this.#at(inviter))
    if (mine?.inviter === invited) {
      await forgetClaim(store, at)
      return refuse('invite_refused', { field: 'inviter' })
    }
    const full = await this.#countFriend({ inviter, invited, network }, policy)
    if (full) {
      await forgetClaim(store, at)
      return refuse('limit_reached', { field: full })
    }
    const issued = await this.#issue(
      { inviter, invited, reviewed: policy.guard !== undefined },
      terms,
    )
    if (!issued.ok) {
      // Kept where it passes by itself: the repeat goes on.
      if (issued.code === 'busy' || issued.code === 'internal') return issued
      await uncountFriend(store, this.#inviter(inviter), invited)
      await forgetClaim(store, at)
      return issued
    }
    await moveInvite(store, at, { was: 'claimed', now: 'promised' })
    // The friend may have been faster than the promise.
    await this.#settlement.settle(at)
    return undefined
  }

  #countFriend(
    {
      inviter,
      invited,
      network,
    }: { inviter: number; invited: number; network: string | undefined },
    { perDay, perLife }: InvitePolicy,
  ): Promise<'perDay' | 'perLife' | undefined> {
    const { store, rulebook } = this.#options
    const { timeZone } = rulebook().book
    const atMs = this.#now()
    const dayMs = dayStartMs(dayBounds(atMs, timeZone).day, timeZone)
    return countFriend(store, this.#inviter(inviter), {
      ...{ invited, atMs, dayMs, perDay, perLife },
      ...(network !== undefined && { network }),
    })
  }

  #issue(
    of: { inviter: number; invited: number; reviewed: boolean },
    { points, issuer, by, untilMs }: InviteTerms,
  ) {
    return this.#options.wallets.issue({
      account: of.inviter,
      id: promiseId(of.invited),
      cause: 'invited',
      lots: [{ issuer, points }],
      subject: formatAccount(of.invited),
      by,
      at: issuer,
      pendingMs: Math.max(untilMs - this.#now(), 0) + GRACE_MS + (of.reviewed ? REVIEW_MS : 0),
    })
  }

  #inviter(inviter: number) {
    return { slot: this.#options.partitions.slotOf(inviter), inviter }
  }

  #at(account: number): InvitedAt {
    const { partitions, nowMs } = this.#options
    return { slot: partitions.slotOf(account), account, ...(nowMs && { nowMs: nowMs() }) }
  }

  #now(): number {
    return this.#options.nowMs?.() ?? this.#options.clock.now()
  }
}
