/** The record of who invited an account, in the partition of the invited. */

import { z } from 'zod'
import { formatAccount, parseAccount } from '../../shared/ids.ts'
import { INVITE_STEPS, type InviteStep } from '../../shared/rulebook/invite.ts'
import { DAY_MS } from '../../shared/time.ts'
import { must } from '../kernel/index.ts'
import { defineScript, type SlotTag, type Store, scriptNow } from '../redis/index.ts'
import { journalKey } from '../wallet/index.ts'
import claimSource from './claim-invite.lua'
import countSource from './count-invite.lua'
import { invitedKey, invitingKey } from './keys.ts'
import markSource from './mark-invite.lua'

/** `claimed`: the promise is being made. `lapsed`: it was dropped before it was due. */
const State = z.enum(['claimed', 'promised', 'paid', 'lapsed'])
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
}

/** A claim whose promise was not made by then is forgotten. */
export const CLAIM_MS = DAY_MS
/** Longer than a day of any time zone and a process's clock. */
const COUNTED_MS = 2 * DAY_MS
const DONE = 'done:'

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
const countScript = defineScript({
  name: 'scoring.count_invite',
  source: countSource,
  keys: ['inviting'],
  args: { invited: 'str', most: 'int', kept_ms: 'int' },
  replies: { counted: {}, full: {} },
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

/** A claim that came to nothing: somebody else may invite the account. */
export const forgetClaim = (store: Store, at: InvitedAt): Promise<unknown> =>
  mark(store, at, { was: 'claimed', field: 'state', value: '' })

interface OfDay {
  slot: SlotTag
  inviter: number
  day: number
  invited: number
}

/** False where the day is full. Counting the same friend again changes nothing. */
export async function countInvite(
  store: Store,
  { slot, inviter, day, invited }: OfDay,
  most: number,
): Promise<boolean> {
  const { tag } = await countScript.run(store, {
    keys: { inviting: invitingKey(slot, inviter, day) },
    args: { invited: formatAccount(invited), most, kept_ms: COUNTED_MS },
  })
  return tag === 'counted'
}

export const uncountInvite = (
  store: Store,
  { slot, inviter, day, invited }: OfDay,
): Promise<unknown> => store.srem(invitingKey(slot, inviter, day), formatAccount(invited))
