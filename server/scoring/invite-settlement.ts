/** What becomes of an invite when the friend has done all: it is paid, or held until somebody has looked at it. */

import type { Behaviour } from '../../shared/behaviour.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { formatAccount } from '../../shared/ids.ts'
import type { Suspicion } from '../../shared/invites.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { DAY_MS } from '../../shared/time.ts'
import type { Clock, Log } from '../kernel/index.ts'
import type { Partitions, Store } from '../redis/index.ts'
import type { Wallets } from '../wallet/index.ts'
import type { GrowthChange } from './change-growth.ts'
import { type Friend, friendsOf } from './friends.ts'
import { type Guarded, IDLE_AFTER_MS, suspicionsOf } from './invite-guard.ts'
import {
  GRACE_MS,
  type InvitedAt,
  type InviteRecord,
  moveInvite,
  noteSuspicions,
  REVIEW_MS,
  readInvite,
} from './invite-record.ts'
import { heldInvitesKey } from './keys.ts'

/** Older friends say nothing of the one who comes now. */
const LOOKED_BACK_MS = 30 * DAY_MS
const LOOKED_AT_MAX = 100
/** No promise lives longer: the longest that a rulebook gives, and the week for people to look. */
const HELD_MS = 365 * DAY_MS + GRACE_MS + REVIEW_MS
const FROZEN_NOTE = '疑似虚假邀请，等待人工核实 / Invites look made up; a person will look at them'

export interface SettlementOptions {
  store: Store
  partitions: Partitions
  wallets: Pick<Wallets, 'issue' | 'capture' | 'void' | 'freeze'>
  /** Once per account and id. Throws where it cannot be done now. */
  changeGrowth: (change: GrowthChange) => Promise<unknown>
  /** Tells rules and quests that an invite by a link has come due; once per account and id, throws as above. */
  creditInvite?: (inviter: number, id: string) => Promise<unknown>
  /** Undefined where nothing was seen of the account. */
  behaviourOf?: (account: number) => Promise<Behaviour | undefined>
  rulebook: () => PublishedRulebook
  clock: Clock
  log: Log
  /** Where the points of an account are by now: another one, where it was merged. */
  settledIn?: (account: number) => Promise<number>
  /** Tests run scripts with a time of their own. */
  nowMs?: () => number
}

/** `by` of invites that came by a link of the service; merchants report others. */
export const LINK = 'link'

export const promiseId = (invited: number): string => `invite-${formatAccount(invited)}`
const bonusId = (inviter: number): string => `invited-by-${formatAccount(inviter)}`

export class Settlement {
  readonly #options: SettlementOptions

  constructor(options: SettlementOptions) {
    this.#options = options
  }

  /** Each step is done once under an id, so it may stop anywhere and be repeated. */
  async settle(at: InvitedAt): Promise<void> {
    const { store } = this.#options
    const invite = await readInvite(store, at)
    if (!invite) return
    if (invite.state === 'promised') {
      if (!invite.terms.due.every((step) => invite.done.has(step))) return
      const found = await this.#suspicions(at.account, invite)
      if (found.length > 0) return this.#hold(at, invite, found)
      // Decided once, whoever else looks at it at the same time and sees another friend more.
      await moveInvite(store, at, { was: 'promised', now: 'due' })
      return this.settle(at)
    }
    if (invite.state === 'due') await this.#finish(at, invite)
  }

  /**
   * An operator has looked at a held invite. Repeating it finishes what was begun; the opposite of what somebody said before
   * is `invite_judged`.
   */
  async judge(at: InvitedAt, real: boolean): Promise<{ ok: true } | Refusal> {
    const { store, wallets } = this.#options
    await moveInvite(store, at, { was: 'held', now: real ? 'due' : 'refused' })
    const invite = await readInvite(store, at)
    if (!invite || invite.suspicions.length === 0) return refuse('not_found')
    const isPaid = invite.state === 'due' || invite.state === 'paid'
    if (real ? invite.state === 'refused' : isPaid) return refuse('invite_judged')
    if (invite.state === 'due') await this.settle(at)
    else if (invite.state === 'refused') {
      const dropped = await wallets.void({
        account: invite.inviter,
        id: promiseId(at.account),
      })
      if (!dropped.ok && dropped.code === 'busy') return dropped
    } else if (invite.state === 'promised') return refuse('not_found')
    await store.zrem(heldInvitesKey(at.slot), formatAccount(at.account))
    return { ok: true }
  }

  /** What the guard of the rulebook finds; nothing without one. */
  async #suspicions(invited: number, { inviter }: InviteRecord): Promise<Suspicion[]> {
    const guard = this.#options.rulebook().book.invite?.guard
    if (!guard) return []
    const friends = await this.#friends(inviter)
    const own = friends.find((one) => one.invited === invited)
    const others = await Promise.all(
      friends.filter((one) => one !== own).map((one) => this.#guarded(one)),
    )
    return suspicionsOf(own ?? { atMs: this.#now() }, others, guard)
  }

  /** Who was looked at and found to be a friend says nothing against another. */
  async #friends(inviter: number): Promise<(Friend & { record: InviteRecord | undefined })[]> {
    const { store, partitions } = this.#options
    const since = this.#now() - LOOKED_BACK_MS
    const friends = (await friendsOf(store, { slot: partitions.slotOf(inviter), inviter }))
      .filter(({ refused, atMs }) => refused === undefined && atMs > since)
      .slice(0, LOOKED_AT_MAX)
    const records = await Promise.all(
      friends.map(({ invited }) => readInvite(store, this.#at(invited))),
    )
    return friends
      .map((friend, i) => ({ ...friend, record: records[i] }))
      .filter(({ record }) => !(record?.state === 'paid' && record.suspicions.length > 0))
  }

  async #guarded({ invited, atMs, network }: Friend): Promise<Guarded> {
    const isJudged = this.#now() - atMs >= IDLE_AFTER_MS
    const behaviour = isJudged ? await this.#options.behaviourOf?.(invited) : undefined
    return { atMs, ...(network !== undefined && { network }), ...(behaviour && { behaviour }) }
  }

  async #hold(at: InvitedAt, invite: InviteRecord, found: readonly Suspicion[]): Promise<void> {
    const { store } = this.#options
    // Before it is held: whoever finds it promised after a crash does this again.
    if (found.length > 1) await this.#freeze(at.account, invite)
    await noteSuspicions(store, at, found)
    const index = heldInvitesKey(at.slot)
    await store.zadd(index, this.#now(), formatAccount(at.account))
    await store.zremrangebyscore(index, 0, this.#now() - HELD_MS)
    await moveInvite(store, at, { was: 'promised', now: 'held' })
  }

  /** Where this is one friend too many for whom two reasons hold. */
  async #freeze(invited: number, { inviter }: InviteRecord): Promise<void> {
    const { wallets, rulebook, settledIn = async (account: number) => account } = this.#options
    const freezeAt = rulebook().book.invite?.guard?.freezeAt
    if (freezeAt === undefined) return
    const made = (await this.#friends(inviter)).filter(
      ({ record }) => record?.state === 'held' && record.suspicions.length > 1,
    )
    if (made.length + 1 < freezeAt) return
    const frozen = await wallets.freeze({
      account: await settledIn(inviter),
      id: `invites-${formatAccount(invited)}`,
      freeze: true,
      by: 'invites',
      note: FROZEN_NOTE,
    })
    if (!frozen.ok) throw new Error(`an account could not be frozen: ${frozen.code}`)
  }

  async #finish(at: InvitedAt, invite: InviteRecord): Promise<void> {
    const { store, log } = this.#options
    const paid = await this.#pay(at.account, invite)
    if (typeof paid !== 'string') {
      if (paid.code === 'busy') throw new Error('an invite waits: the journal is full')
      log.error({ invited: at.account, code: paid.code }, 'an invite could not be paid')
      return
    }
    await moveInvite(store, at, { was: 'due', now: paid })
  }

  async #pay(
    invited: number,
    { inviter, terms }: InviteRecord,
  ): Promise<'paid' | 'lapsed' | Refusal> {
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
    if (by === LINK) await this.#options.creditInvite?.(inviter, promise.id)
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
