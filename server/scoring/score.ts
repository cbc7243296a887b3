/** The hot path's one call: the actions of up to 100 viewers of a partition, credited exactly once. */

import { ACTIONS, type Action } from '../../shared/receipt.ts'
import { must, Packer } from '../kernel/index.ts'
import {
  defineScript,
  type ItemWriter,
  type SlotTag,
  type Store,
  scriptNow,
  type WrittenKeys,
} from '../redis/index.ts'
import {
  accountKey,
  accountsKey,
  endedKey,
  holdersKey,
  journalKey,
  totalsKey,
} from '../wallet/index.ts'
import { allowanceArgs, type CapReason } from './allowance.ts'
import { PackedAnswers, readAnswer, type ViewerAnswer } from './answer.ts'
import { issuerOf } from './compile.ts'
import { daysAround } from './days.ts'
import { visitKey } from './keys.ts'
import source from './score.lua'
import type { Reading } from './stored-state.ts'

const script = defineScript({
  name: 'scoring.score',
  source,
  keys: ['journal', 'totals', 'ended', 'accounts'],
  args: {
    now_ms: 'int',
    gateway: 'int',
    day: 'int',
    day_ends_ms: 'int',
    next_day_ends_ms: 'int',
    daily_points: 'int',
    allowance: 'int',
    allowance_until_ms: 'int',
    whole: 'int',
    budget_reason: 'int',
    journal_max: 'int',
    contexts: 'bin',
    works: 'bin',
  },
  each: { keys: ['account', 'visit', 'holders'], args: {} },
  replies: { scored: { now_ms: 'int', allowance_left: 'int', answers: 'strings' }, busy: {} },
})

/** As many as wait, up to here: more would gain little and keep Redis from others (100 viewers take some 2 ms). */
export const VIEWERS_PER_CALL = 100
/** Of one viewer in one call; the client keeps at most 32 unapplied. */
export const ACTIONS_PER_VIEWER = 32

/** One command, as scoring sees it. */
export interface ScoredAction {
  seq: number
  action: Action
  /** Likes, or 1; for a heartbeat 1 is visible and 0 hidden. */
  units: number
  /** Comment: hash of the text. Heartbeat: nonce it carries. */
  p1: number
  /** Heartbeat: nonce to hand out next. */
  p2: number
  /** Number of the reason why the gateway's gate refused it; 0 where it did not. */
  refused: number
}

export interface Work {
  account: number
  live: number
  /** Index into the call's contexts. */
  context: number
  session: { startMs: number; nonce: number }
  /** Personal multiplier, thousandths. */
  personal: number
  actions: readonly ScoredAction[]
  /** From `scoreKeys`; whoever acts again and again keeps them. */
  keys?: WrittenKeys
}

export interface ScoreCall {
  slot: SlotTag
  gateway: number
  /** From compileContext; `live` of each is named by the work that uses it. */
  contexts: readonly Buffer[]
  viewers: readonly Work[]
  timeZone: string
  /** Most points an account earns by behaviour a day; 0 is no cap. */
  dailyPoints: number
  /** Points this call may issue; -1 is no budget. */
  allowance: number
  /** Redis time after which it may issue none, and is answered `busy`. */
  untilMs?: number
  /** An award that would pass the allowance is paid whole or not at all; else what is left is paid. */
  whole?: boolean
  /** What such an award's receipt says. */
  reason?: CapReason
  journalMax: number
  /** Given only under the test clock; otherwise Redis time. */
  nowMs?: number
  /** For the day's bounds, which have a day's slack: the process clock is good enough. */
  aroundMs: number
}

interface Scored<Answers> {
  tag: 'scored'
  /** Redis time. */
  atMs: number
  allowanceLeft: number
  /** In the order of the viewers. */
  answers: Answers
}
export type ScoreReply = Scored<ViewerAnswer[]> | { tag: 'busy' }
/** The same with answers as they came, for AnswerReader. */
export type PackedReply = Scored<PackedAnswers> | { tag: 'busy' }

/** The keys of one viewer in a call. */
export const scoreKeys = (slot: SlotTag, account: number, live: number): WrittenKeys =>
  script.itemKeys({
    account: accountKey(slot, account),
    visit: visitKey(slot, account, live),
    holders: holdersKey(slot, live),
  })

const WORK_HEAD_BYTES = 20
const ACTION_BYTES = 18

function writeWork(out: Packer, work: Work): void {
  out
    .u48(work.account)
    .u8(work.context + 1)
    .u48(work.session.startMs)
    .u32(work.session.nonce)
    .u16(work.personal)
    .u8(work.actions.length)
  for (const act of work.actions)
    out.u32(act.seq).u8(ACTIONS[act.action]).u32(act.units).u32(act.p1).u32(act.p2).u8(act.refused)
}

const writerFor = (slot: SlotTag): ItemWriter<Work> => ({
  keys: ({ keys, account, live }) => keys ?? scoreKeys(slot, account, live),
  size: ({ actions }) => WORK_HEAD_BYTES + ACTION_BYTES * actions.length,
  write: writeWork,
})

/** Throws where Redis cannot be reached; the call may then have happened, and repeating it is safe. */
export async function scorePacked(store: Store, call: ScoreCall): Promise<PackedReply> {
  const { slot } = call
  const contexts = new Packer(1024).u8(call.contexts.length)
  for (const context of call.contexts) contexts.u16(context.length).raw(context)
  const day = daysAround(call.nowMs ?? call.aroundMs, call.timeZone)
  const reply = await script.runWritten(store, {
    keys: {
      journal: journalKey(slot),
      totals: totalsKey(slot),
      ended: endedKey(slot),
      accounts: accountsKey(slot),
    },
    args: {
      now_ms: scriptNow(call.nowMs),
      gateway: call.gateway,
      day: day.day,
      day_ends_ms: day.endsAtMs,
      next_day_ends_ms: day.nextEndsAtMs,
      daily_points: call.dailyPoints,
      ...allowanceArgs(call),
      journal_max: call.journalMax,
      contexts: contexts.bytes(),
    },
    written: 'works',
    items: call.viewers,
    writer: writerFor(slot),
  })
  if (reply.tag === 'busy') return reply
  const { now_ms: atMs, allowance_left: allowanceLeft, answers } = reply
  const homes = call.contexts.map(issuerOf)
  // The same object for all: each is read before the next.
  const reading: Reading = { atMs, day, gateway: call.gateway, home: 0 }
  const readings = (i: number): Reading => {
    const { session, context } = must(call.viewers[i], 'a viewer')
    reading.session = session
    reading.home = must(homes[context], 'a context')
    return reading
  }
  const packed = new PackedAnswers(answers, call.viewers.length, readings)
  return { tag: 'scored', atMs, allowanceLeft, answers: packed }
}

/** The same with its answers as objects. */
export async function score(store: Store, call: ScoreCall): Promise<ScoreReply> {
  const reply = await scorePacked(store, call)
  return reply.tag === 'busy' ? reply : { ...reply, answers: reply.answers.all().map(readAnswer) }
}
