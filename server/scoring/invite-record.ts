/** The record of who invited an account, in the partition of the invited. */

import { z } from 'zod'
import { formatAccount, parseAccount } from '../../shared/ids.ts'
import { SUSPICIONS, type Suspicion } from '../../shared/invites.ts'
import { INVITE_STEPS, type InviteStep } from '../../shared/rulebook/invite.ts'
import { DAY_MS } from '../../shared/time.ts'
import { must } from '../kernel/index.ts'
import { defineScript, type SlotTag, type Store, scriptNow } from '../redis/index.ts'
import { journalKey } from '../wallet/index.ts'
import claimSource from './claim-invite.lua'
import { invitedKey } from './keys.ts'
import markSource from './mark-invite.lua'

/**
 * `claimed`: the promise is being made. `due`: it is being paid. `held`: people look at it first. `lapsed`: it was
 * dropped before it was due. `refused`: an operator took the friend for none.
 */
const State = z.enum(['claimed', 'promised', 'due', 'held', 'paid', 'lapsed', 'refused'])
export type InviteState = z.infer<typeof State>

/** As promised: a rulebook that changes meanwhile changes nothing of it. */
const Terms = z.object({
  points: z.number(),
  growth: z.number(),
  invitedPoints: z.number(),
  due: z.array(z.enum(INVITE_STEPS)),
  untilMs: z.number(),
  /** Number of the brand that owes the points. */
  issuer: z.number(),
  by: z.string(),
  /** Change counter of the invited when it was invited: what came before it does not count. */
  since: z.number(),
})
export type InviteTerms = z.infer<typeof Terms>

export interface InviteRecord {
  inviter: number
  terms: InviteTerms
  state: InviteState
  done: ReadonlySet<InviteStep>
  /** What a guard found; also of one that was paid after people had looked at it. */
  suspicions: readonly Suspicion[]
}

/** A claim whose promise was not made by then is forgotten. */
export const CLAIM_MS = DAY_MS
/** What was done in time may be read from the journal so much later, and held invites want looking at. */
export const GRACE_MS = DAY_MS
export const REVIEW_MS = 7 * DAY_MS
const DONE = 'done:'
const SUSPICIONS_FIELD = 'suspicions'

const claimScript = defineScript({
  name: 'scoring.claim_invite',
  source: claimSource,
  keys: ['invited', 'journal'],
  args: { now_ms: 'int', account: 'int', inviter: 'str', terms: 'str', claim_ms: 'int' },
  replies: { known: { terms: 'str', state: 'str' }, taken: {} },
})
const markScript = defineScript({
  name: 'scoring.mark_invite',
  source: markSource,
  keys: ['invited', 'journal'],
  args: { now_ms: 'int', account: 'int', was: 'str', field: 'str', value: 'str' },
  replies: { marked: {}, other: {} },
})
/** Where the record of an invited account is. */
export interface InvitedAt {
  slot: SlotTag
  account: number
  /** Tests run scripts with a time of their own. */
  nowMs?: number
}

export async function readInvite(
  store: Store,
  { slot, account }: InvitedAt,
): Promise<InviteRecord | undefined> {
  const kept = await store.hgetall(invitedKey(slot, account))
  if (kept.inviter === undefined) return undefined
  return {
    inviter: must(parseAccount(kept.inviter), 'the inviter of an account'),
    terms: Terms.parse(JSON.parse(kept.terms ?? '')),
    state: State.parse(kept.state),
    done: new Set(INVITE_STEPS.filter((step) => kept[DONE + step] !== undefined)),
    suspicions: SUSPICIONS.filter((one) => kept[SUSPICIONS_FIELD]?.split(' ').includes(one)),
  }
}

/** The terms that stand, this or an earlier time; undefined where another one invited the account. */
export async function claimInvite(
  store: Store,
  { slot, account, nowMs }: InvitedAt,
  { inviter, terms }: { inviter: number; terms: InviteTerms },
): Promise<{ terms: InviteTerms; state: InviteState } | undefined> {
  const reply = await claimScript.run(store, {
    keys: { invited: invitedKey(slot, account), journal: journalKey(slot) },
    args: {
      now_ms: scriptNow(nowMs),
      account,
      inviter: formatAccount(inviter),
      terms: JSON.stringify(terms),
      claim_ms: CLAIM_MS,
    },
  })
  if (reply.tag === 'taken') return undefined
  return { terms: Terms.parse(JSON.parse(reply.terms)), state: State.parse(reply.state) }
}

const mark = (
  store: Store,
  { slot, account, nowMs }: InvitedAt,
  args: { was: InviteState | ''; field: string; value: string },
) =>
  markScript.run(store, {
    keys: { invited: invitedKey(slot, account), journal: journalKey(slot) },
    args: { now_ms: scriptNow(nowMs), account, ...args },
  })

/** Where it is in another state, nothing changes. */
export const moveInvite = (
  store: Store,
  at: InvitedAt,
  { was, now }: { was: InviteState; now: InviteState },
): Promise<unknown> => mark(store, at, { was, field: 'state', value: now })

export const noteStep = (store: Store, at: InvitedAt, step: InviteStep): Promise<unknown> =>
  mark(store, at, { was: '', field: DONE + step, value: '1' })

export const noteSuspicions = (
  store: Store,
  at: InvitedAt,
  found: readonly Suspicion[],
): Promise<unknown> =>
  mark(store, at, { was: 'promised', field: SUSPICIONS_FIELD, value: found.join(' ') })

/** A claim that came to nothing: somebody else may invite the account. */
export const forgetClaim = (store: Store, at: InvitedAt): Promise<unknown> =>
  mark(store, at, { was: 'claimed', field: 'state', value: '' })
