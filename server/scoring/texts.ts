/**
 * What clients are shown, as JSON written at once from what the scripts answered. `records.ts` says what it means, with
 * objects; tests hold the two together.
 */

import { ACTIONS, BUCKETS, REASONS } from '../../shared/receipt.ts'
import { capOf } from '../../shared/rulebook/caps.ts'
import { brownoutFactor } from '../../shared/rulebook/issuance-levels.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { asksPoints, goalOf, isByGrowth } from '../../shared/rulebook/ways.ts'
import {
  type JsonBytes,
  must,
  named,
  type Part,
  part,
  u8At,
  u16At,
  u32At,
  u48At,
} from '../kernel/index.ts'
import { elsewhereOf, type Showing, type StoredState } from './account-view.ts'
import { LEVEL_BITS, ruleName, ruleRef, titleOf } from './receipts.ts'

const actionOf = named(ACTIONS)
const reasonOf = named(REASONS)

/** Rules and epochs may be called anything. */
const quoted = (text: string): Part => part(JSON.stringify(text))

/** What a receipt says in words, which few receipts do not share. */
interface Phrase {
  /** `,"rule":…,"action":…,"reason":…,"units":` */
  words: Part
  /** `"cap":…,` or nothing. */
  cap: Part
}
/** Rules times actions times reasons, of those that happen. */
const PHRASES_MAX = 5000

/** The words of one rulebook. */
class Words {
  readonly #book: Rulebook
  readonly #rules: Part[] = []
  readonly #phrases = new Map<number, Phrase>()

  /** To a rung there is another way than growth: asked for at each answer. */
  readonly hasWays: boolean

  constructor(book: Rulebook) {
    this.#book = book
    this.hasWays = !isByGrowth(book.ladder)
  }

  rule(no: number): Part {
    this.#rules[no] ??= quoted(ruleName(this.#book, no))
    return this.#rules[no]
  }

  /** `rule` as `ruleRef` says. */
  phrase(rule: number, action: number, reason: number): Phrase {
    const key = (rule << 16) | (action << 8) | reason
    let phrase = this.#phrases.get(key)
    if (!phrase) {
      if (this.#phrases.size >= PHRASES_MAX) this.#phrases.clear()
      phrase = this.#makePhrase(rule, action, reason)
      this.#phrases.set(key, phrase)
    }
    return phrase
  }

  #makePhrase(ref: number, action: number, reason: number): Phrase {
    const rule = ruleName(this.#book, ref)
    const title = titleOf(this.#book, ref)
    const names = { rule, ...(title && { title }) }
    const words = { ...names, action: actionOf(action), reason: reasonOf(reason) }
    const cap = capOf(this.#book, rule, words.reason)
    return {
      words: part(`,${JSON.stringify(words).slice(1, -1)},"units":`),
      cap: part(cap === undefined ? '' : `"cap":${cap},`),
    }
  }
}

const wordsOf = new WeakMap<Rulebook, Words>()
/** Nearly always the one that is asked for again. */
let last: { book: Rulebook; words: Words } | undefined

function words(book: Rulebook): Words {
  if (last?.book === book) return last.words
  const found = wordsOf.get(book) ?? new Words(book)
  wordsOf.set(book, found)
  last = { book, words: found }
  return found
}

const epochs = new Map<string, Part>()
/** As many as shards, and again at each failover. */
const EPOCHS_MAX = 1000

function epochText(epoch: string): Part {
  let text = epochs.get(epoch)
  if (!text) {
    if (epochs.size >= EPOCHS_MAX) epochs.clear()
    text = quoted(epoch)
    epochs.set(epoch, text)
  }
  return text
}

const EPOCH = part('{"epoch":')
const VERSION = part(',"version":')
const SPENDABLE = part(',"balance":{"spendable":')
const SESSION = part(',"session":')
const PENDING = part(',"pending":')
const HELD = part(',"held":')
const FROZEN = part(',"frozen":')
const END_OF_BALANCE = part('}')
const ELSEWHERE = part(',"elsewhere":')
const TIER = part(',"tier":{"growth":')
const RUNG = part(',"rung":')
const PROMOTIONS = part(',"promotions":')
const EARNED = part(',"earned":')
const GOAL = part(',"goal":{"left":')
const OF_GOAL = part(',"progress":')
const BOOST = part(',"boost":{"rungs":')
const UNTIL = part(',"untilMs":')
const KEEP = part(',"keep":{"growth":')
const WARNED = part(',"warned":true}')
const END = part('}')
const TODAY = part('},"today":{"points":')
const USED = part(',"used":{')
const COMMA = part(',')
const COLON = part(':')
const RESETS = part('},"resetsAtMs":')
const LIVE = part('},"live":{"points":')
const WATCHED = part(',"watchedMs":')
const CONTINUOUS = part(',"continuousMs":')
const TASKS = part(',"tasks":[')
const TASK = part('{"task":')
const PROGRESS = part(',"progress":')
const STATES = {
  open: part(',"state":"open"'),
  claiming: part(',"state":"claiming"'),
  won: part(',"state":"won"'),
  full: part(',"state":"full"'),
}
const RANK = part(',"rank":')
const WATCH = part(']},"watch":{"nonce":')
const DUE = part(',"dueAtMs":')
const ENDS = part('}}')

/** How far the next rung is where growth is not the only way. */
function writeWay(out: JsonBytes, { tier, earned }: StoredState, { ladder }: Rulebook): void {
  if (isByGrowth(ladder)) return
  if (asksPoints(ladder)) out.put(EARNED).number(earned)
  const goal = goalOf(ladder, { growth: tier.growth, rung: tier.rung, earned })
  if (goal) out.put(GOAL).number(goal.left).put(OF_GOAL).number(goal.progress).put(END)
}

/** The JSON of `toAccountState`; answers `out`. */
export function writeAccount(out: JsonBytes, state: StoredState, of: Showing): JsonBytes {
  const { balance, tier, live, watch } = state
  const book = words(of.book)
  out.put(EPOCH).put(epochText(of.epoch)).put(VERSION).number(state.version)
  out.put(SPENDABLE).number(balance.spendable).put(SESSION).number(balance.session)
  out.put(PENDING).number(balance.pending).put(HELD).number(balance.held)
  out.put(FROZEN).number(balance.frozen).put(END_OF_BALANCE)
  const elsewhere = elsewhereOf(state, of.payers)
  if (elsewhere > 0) out.put(ELSEWHERE).number(elsewhere)
  out.put(TIER).number(tier.growth).put(RUNG).number(tier.rung)
  out.put(PROMOTIONS).number(tier.promotions)
  if (book.hasWays) writeWay(out, state, of.book)
  if (tier.boost)
    out.put(BOOST).number(tier.boost.rungs).put(UNTIL).number(tier.boost.untilMs).put(END)
  if (tier.keep?.warned)
    out.put(KEEP).number(tier.keep.growth).put(UNTIL).number(tier.keep.untilMs).put(WARNED)
  writeToday(out, state.used, book)
  out.put(RESETS).number(state.dayEndsAtMs).put(LIVE).number(live.points)
  out.put(WATCHED).number(live.watchedMs).put(CONTINUOUS).number(live.continuousMs)
  writeTasks(out, state.tasks)
  return out.put(WATCH).number(watch.nonce).put(DUE).number(watch.dueAtMs).put(ENDS)
}

/** Units used today by rule. */
function writeToday(out: JsonBytes, used: StoredState['used'], book: Words): void {
  out.put(TODAY).number(used.get(0) ?? 0)
  out.put(USED)
  let isFirst = true
  for (const [no, units] of used) {
    if (no === 0) continue
    if (!isFirst) out.put(COMMA)
    isFirst = false
    out.put(book.rule(no)).put(COLON).number(units)
  }
}

function writeTasks(out: JsonBytes, tasks: StoredState['tasks']): void {
  out.put(TASKS)
  for (let i = 0; i < tasks.length; i++) {
    const task = must(tasks[i], 'a task')
    if (i > 0) out.put(COMMA)
    out.put(TASK).number(task.task).put(PROGRESS).number(task.progress).put(STATES[task.state])
    if (task.rank !== undefined) out.put(RANK).number(task.rank)
    out.put(END)
  }
}

const SEQ = part('{"seq":')
const COUNTED = part(',"counted":')
const BASE = part(',"baseMilli":')
const HEAT = part(',"multipliers":{"heat":')
const CAMPAIGN = part(',"campaign":')
const BY_TIER = part(',"tier":')
const PERSONAL = part(',"personal":')
const MULTIPLIER = part('},"multiplier":')
const CARRY = part(',"carry":')
const POINTS = part(',"points":')
const BUCKET: Part[] = []
for (const [name, no] of Object.entries(BUCKETS)) BUCKET[no] = part(`,"bucket":"${name}","growth":`)
const RESETS_AT = part('"resetsAtMs":')
const STALE = part('"stale":true,')
const FIRST = part('"first":true,')
const BROWNOUT = part('"brownout":{"level":')
const FACTOR = part(',"factor":')
const BROWNOUT_END = part('},')
const RULEBOOK = part('"rulebook":')
const AT = part(',"atMs":')
const STALE_FLAG = 1
const FIRST_FLAG = 2

/** The JSON of `toReceipt` for the packed receipt that begins at `at`. */
export function writeReceipt(
  out: JsonBytes,
  { bytes, at }: { bytes: Buffer; at: number },
  of: { book: Rulebook; rulebook: number; atMs: number },
): void {
  const u16 = (place: number): number => u16At(bytes, at + place)
  const u32 = (place: number): number => u32At(bytes, at + place)
  const [rule, action, reason] = [u8At(bytes, at), u8At(bytes, at + 1), u8At(bytes, at + 2)]
  const phrase = words(of.book).phrase(ruleRef(rule, u32(48)), action, reason)
  out.put(SEQ).number(u32(4)).put(phrase.words).number(u32(8))
  out.put(COUNTED).number(u32(12)).put(BASE).number(u32(16))
  out.put(HEAT).number(u16(20)).put(CAMPAIGN).number(u16(22))
  out.put(BY_TIER).number(u16(24)).put(PERSONAL).number(u16(26))
  out.put(MULTIPLIER).number(u16(28)).put(CARRY).number(u16(30))
  out.put(POINTS).number(u48At(bytes, at + 32))
  out
    .put(must(BUCKET[u8At(bytes, at + 3)], 'a bucket'))
    .number(u32(38))
    .put(COMMA)
    .put(phrase.cap)
  const resetsAtMs = u48At(bytes, at + 42)
  if (resetsAtMs > 0) out.put(RESETS_AT).number(resetsAtMs).put(COMMA)
  const flags = u8At(bytes, at + 52)
  if (flags & STALE_FLAG) out.put(STALE)
  if (flags & FIRST_FLAG) out.put(FIRST)
  const level = Math.floor(flags / LEVEL_BITS)
  if (level > 0)
    out
      .put(BROWNOUT)
      .number(level)
      .put(FACTOR)
      .number(brownoutFactor(of.book.issuance, level))
      .put(BROWNOUT_END)
  out.put(RULEBOOK).number(of.rulebook).put(AT).number(of.atMs).put(END)
}
