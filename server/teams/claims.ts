/** An account's places in teams, one for each task and period, in the partition of the account. */

import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import claimSource from './claim.lua'
import type { TeamsDeps } from './deps.ts'
import { claimsKey, membersKey, todoKey } from './keys.ts'
import { CLAIMS_MAX, KEPT_MS, MEMBERS_MAX, TAKE_OVER_MS } from './limits.ts'
import moveSource from './move.lua'
import type { Terms } from './terms.ts'
import toldSource from './told.lua'

const claimScript = defineScript({
  name: 'teams.claim',
  source: claimSource,
  keys: ['record', 'members', 'todo'],
  args: {
    now_ms: 'int',
    account: 'str',
    field: 'str',
    claim: 'str',
    kept_ms: 'int',
    wait_ms: 'int',
    claims_max: 'int',
    members_max: 'int',
  },
  replies: { claimed: { json: 'str' }, known: { json: 'str' }, full: {} },
})
const moveScript = defineScript({
  name: 'teams.move',
  source: moveSource,
  keys: ['record', 'todo'],
  args: {
    now_ms: 'int',
    account: 'str',
    field: 'str',
    code: 'str',
    since_ms: 'int',
    was: 'str',
    to: 'str',
    wait_ms: 'int',
  },
  replies: { moved: {}, other: {}, gone: {} },
})
const toldScript = defineScript({
  name: 'teams.told',
  source: toldSource,
  keys: ['record', 'todo'],
  args: { account: 'str', field: 'str', done: 'int' },
  replies: { told: {}, more: {} },
})

/** `opening` and `joining`: the team has not said yet that the account is in it; `leaving`: nor that it is out. */
export type ClaimState = 'opening' | 'joining' | 'in' | 'leaving'

export interface Claim {
  /** What was done before does not count. */
  sinceMs: number
  code: string
  state: ClaimState
  /** Contributed since, in seconds of watching or times; never more than `terms.most`. */
  done: number
  network: string
  terms: Terms
}

/** One place of one account. */
export interface Place {
  account: number
  /** Task and period. */
  field: string
}

type At = Pick<TeamsDeps, 'store' | 'partitions' | 'nowMs'>

export const fieldOf = ({ task, no }: Pick<Terms, 'task' | 'no'>): string => `${task}.${no}`

function keysOf({ partitions }: Pick<TeamsDeps, 'partitions'>, account: number) {
  const slot = partitions.slotOf(account)
  return { record: claimsKey(slot, account), todo: todoKey(slot), members: membersKey(slot) }
}

/** The claim that stands, this one or an earlier one; undefined where there is no room for another. */
export async function claim(
  deps: At,
  account: number,
  of: Omit<Claim, 'sinceMs' | 'done'>,
): Promise<Claim | undefined> {
  const { code, state, network, terms } = of
  const reply = await claimScript.run(deps.store, {
    keys: keysOf(deps, account),
    args: {
      now_ms: scriptNow(deps.nowMs?.()),
      account: String(account),
      field: fieldOf(terms),
      claim: JSON.stringify({ code, state, done: 0, network, terms }),
      kept_ms: KEPT_MS,
      wait_ms: TAKE_OVER_MS,
      claims_max: CLAIMS_MAX,
      members_max: MEMBERS_MAX,
    },
  })
  return reply.tag === 'full' ? undefined : (JSON.parse(reply.json) as Claim)
}

export async function readClaim(deps: At, { account, field }: Place): Promise<Claim | undefined> {
  const json = await deps.store.hget(keysOf(deps, account).record, field)
  return json ? (JSON.parse(json) as Claim) : undefined
}

export async function readClaims(deps: At, account: number): Promise<Map<string, Claim>> {
  const all = await deps.store.hgetall(keysOf(deps, account).record)
  return new Map(Object.entries(all).map(([field, json]) => [field, JSON.parse(json) as Claim]))
}

/** False where it is another claim by now, or none. Where `to` is empty it goes. */
export async function moveClaim(
  deps: At,
  { account, field }: Place,
  { claim: { code, sinceMs, state: was }, to }: { claim: Claim; to: ClaimState | '' },
): Promise<boolean> {
  const { record, todo } = keysOf(deps, account)
  const { tag } = await moveScript.run(deps.store, {
    keys: { record, todo },
    args: {
      now_ms: scriptNow(deps.nowMs?.()),
      account: String(account),
      field,
      code,
      since_ms: sinceMs,
      was,
      to,
      wait_ms: TAKE_OVER_MS,
    },
  })
  return tag === 'moved'
}

/** Nothing is left to be told to the team, unless more was done meanwhile. */
export async function markTold(deps: At, { account, field }: Place, done: number): Promise<void> {
  const { record, todo } = keysOf(deps, account)
  await toldScript.run(deps.store, {
    keys: { record, todo },
    args: { account: String(account), field, done },
  })
}

/** What is to be told by then, the longest waiting first. */
export async function readTodo(
  store: Store,
  key: string,
  { nowMs, most }: { nowMs: number; most: number },
): Promise<Place[]> {
  const names = await store.zrangebyscore(key, 0, nowMs, 'LIMIT', 0, most)
  return names.map((name) => {
    const [account = '', field = ''] = name.split(' ')
    return { account: Number(account), field }
  })
}
