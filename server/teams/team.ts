/** A team in its slot: who is in it, what each has contributed, when the target was reached and who was paid. */

import { defineScript, scriptNow, teamSlot } from '../redis/index.ts'
import type { Claim } from './claims.ts'
import type { TeamsDeps } from './deps.ts'
import enterSource from './enter.lua'
import { budgetKey, teamKey } from './keys.ts'
import { ENTRIES_MAX, KEPT_MS, TEAMS_MAX } from './limits.ts'
import paidSource from './paid.lua'
import putSource from './put-aside.lua'
import quitSource from './quit.lua'
import tellSource from './tell.lua'
import type { Terms } from './terms.ts'

const putScript = defineScript({
  name: 'teams.put_aside',
  source: putSource,
  keys: ['put'],
  args: {
    now_ms: 'int',
    code: 'str',
    points: 'int',
    budget: 'int',
    until_ms: 'int',
    teams_max: 'int',
  },
  replies: { ok: {}, over: {} },
})
const enterScript = defineScript({
  name: 'teams.enter',
  source: enterSource,
  keys: ['team'],
  args: {
    now_ms: 'int',
    account: 'str',
    since_ms: 'int',
    network: 'str',
    terms: 'str',
    kept_ms: 'int',
    entries_max: 'int',
  },
  replies: { entered: {}, closed: {}, size: {}, network: {} },
})
const tellScript = defineScript({
  name: 'teams.tell',
  source: tellSource,
  keys: ['team'],
  args: { now_ms: 'int', account: 'str', since_ms: 'int', done: 'int' },
  replies: { ok: { reached: 'int' }, gone: {} },
})
const quitScript = defineScript({
  name: 'teams.quit',
  source: quitSource,
  keys: ['team'],
  args: { account: 'str', since_ms: 'int' },
  replies: { left: {}, closed: {}, reached: {} },
})
const paidScript = defineScript({
  name: 'teams.paid',
  source: paidSource,
  keys: ['team'],
  args: { account: 'str', points: 'int' },
  replies: { ok: {}, gone: {} },
})

export interface TeamMember {
  account: number
  sinceMs: number
  done: number
  /** Points; undefined where nothing was decided yet. */
  paid?: number
}

export interface Team {
  code: string
  terms: Terms
  reachedAtMs?: number
  closed: boolean
  /** Those who are in it, in the order in which they came. */
  members: TeamMember[]
}

type At = Pick<TeamsDeps, 'store' | 'nowMs'>

interface StoredMember {
  sinceMs: number
  state: 'in' | 'left'
  done: number
  /** -1 where nothing was decided yet. */
  paid: number
  no: number
}

const MEMBER = 'm:'

/** Undefined where there is none of that code, or not any more. */
export async function readTeam({ store }: At, code: string): Promise<Team | undefined> {
  const { terms, reached, closed, ...rest } = await store.hgetall(teamKey(code))
  if (!terms) return undefined
  const members = Object.entries(rest)
    .filter(([name]) => name.startsWith(MEMBER))
    .map(([name, json]) => ({
      account: Number(name.slice(MEMBER.length)),
      ...(JSON.parse(json) as StoredMember),
    }))
    .filter(({ state }) => state === 'in')
    .sort((a, b) => a.no - b.no)
    .map(({ account, sinceMs, done, paid }) => ({
      ...{ account, sinceMs, done },
      ...(paid >= 0 && { paid }),
    }))
  return {
    ...{ code, terms: JSON.parse(terms) as Terms, closed: closed !== undefined, members },
    ...(reached !== undefined && { reachedAtMs: Number(reached) }),
  }
}

export const sumOf = ({ members }: Pick<Team, 'members'>): number =>
  members.reduce((sum, { done }) => sum + done, 0)

/** `terms` where it is to be opened. */
export async function enterTeam(
  { store, nowMs }: At,
  { code, sinceMs, network }: Pick<Claim, 'code' | 'sinceMs' | 'network'>,
  { account, terms }: { account: number; terms?: Terms },
): Promise<'entered' | 'closed' | 'size' | 'network'> {
  const { tag } = await enterScript.run(store, {
    keys: { team: teamKey(code) },
    args: {
      now_ms: scriptNow(nowMs?.()),
      account: String(account),
      since_ms: sinceMs,
      network,
      terms: terms ? JSON.stringify(terms) : '',
      kept_ms: KEPT_MS,
      entries_max: ENTRIES_MAX,
    },
  })
  return tag
}

/** What a member has contributed in all; `gone` where the account is no member under that claim. */
export async function tellTeam(
  { store, nowMs }: At,
  { code, sinceMs, done }: Pick<Claim, 'code' | 'sinceMs' | 'done'>,
  account: number,
): Promise<'ok' | 'gone'> {
  const { tag } = await tellScript.run(store, {
    keys: { team: teamKey(code) },
    args: { now_ms: scriptNow(nowMs?.()), account: String(account), since_ms: sinceMs, done },
  })
  return tag
}

/** `closed`: nobody is left in it. `reached`: it has reached its target, and is not left. */
export async function quitTeam(
  { store }: At,
  { code, sinceMs }: Pick<Claim, 'code' | 'sinceMs'>,
  account: number,
): Promise<'left' | 'closed' | 'reached'> {
  const { tag } = await quitScript.run(store, {
    keys: { team: teamKey(code) },
    args: { account: String(account), since_ms: sinceMs },
  })
  return tag
}

export async function notePaid(
  { store }: At,
  code: string,
  { account, points }: { account: number; points: number },
): Promise<void> {
  await paidScript.run(store, {
    keys: { team: teamKey(code) },
    args: { account: String(account), points },
  })
}

export const budgetSlot = ({ task }: Terms) => teamSlot(task)
/** What a team may cost at most. */
export const costOf = ({ points, max }: Pick<Terms, 'points' | 'max'>): number => points * max

/** Puts aside what a team may cost, or gives it back; false where the budget has not so much. Repeating it is harmless. */
export async function putAside(
  { store, nowMs }: At,
  { code, terms, points }: { code: string; terms: Terms; points: number },
): Promise<boolean> {
  const { tag } = await putScript.run(store, {
    keys: { put: budgetKey(terms.task, terms.no) },
    args: {
      now_ms: scriptNow(nowMs?.()),
      code,
      points,
      budget: terms.budget,
      until_ms: terms.endsAtMs + KEPT_MS,
      teams_max: TEAMS_MAX,
    },
  })
  return tag === 'ok'
}

/** Points that are put aside for teams of that task and period. */
export const readPut = async (
  { store }: At,
  { task, no }: Pick<Terms, 'task' | 'no'>,
): Promise<number> => Number((await store.hget(budgetKey(task, no), '#')) ?? 0)
