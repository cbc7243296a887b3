/**
 * What clients are shown, as JSON written at once from what the scripts answered. `records.ts` says what it means, with
 * objects; tests hold the two together.
 */

import { ACTIONS, BUCKETS, REASONS } from '../../shared/receipt.ts'
import { capOf } from '../../shared/rulebook/caps.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { ascii, type JsonBytes, must } from '../kernel/index.ts'
import { elsewhereOf, named, ruleName, type Showing, type StoredState } from './records.ts'

const actionOf = named(ACTIONS)
const reasonOf = named(REASONS)

/** UTF-8: rules and epochs may be called anything. */
const quoted = (text: string): Uint8Array => Uint8Array.from(Buffer.from(JSON.stringify(text)))

/** What a receipt says in words, which few receipts do not share. */
interface Phrase {
  /** `,"rule":…,"action":…,"reason":…,"units":` */
  words: Uint8Array
  /** `"cap":…,` or nothing. */
  cap: Uint8Array
}
/** Rules times actions times reasons, of those that happen. */
const PHRASES_MAX = 5000

/** The words of one rulebook. */
class Words {
  readonly #book: Rulebook
  readonly #rules: Uint8Array[] = []
  readonly #phrases = new Map<number, Phrase>()

  constructor(book: Rulebook) {
    this.#book = book
  }

  rule(no: number): Uint8Array {
    this.#rules[no] ??= quoted(ruleName(this.#book, no))
    return this.#rules[no]
  }

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

  #makePhrase(ruleNo: number, action: number, reason: number): Phrase {
    const rule = ruleName(this.#book, ruleNo)
    const words = { rule, action: actionOf(action), reason: reasonOf(reason) }
    const cap = capOf(this.#book, rule, words.reason)
    return {
      words: Uint8Array.from(Buffer.from(`,${JSON.stringify(words).slice(1, -1)},"units":`)),
      cap: ascii(cap === undefined ? '' : `"cap":${cap},`),
    }
  }
}

const wordsOf = new WeakMap<Rulebook, Words>()

function words(book: Rulebook): Words {
  let found = wordsOf.get(book)
  if (!found) {
    found = new Words(book)
    wordsOf.set(book, found)
  }
  return found
}

const epochs = new Map<string, Uint8Array>()
/** As many as shards, and again at each failover. */
const EPOCHS_MAX = 1000

function epochText(epoch: string): Uint8Array {
  let text = epochs.get(epoch)
  if (!text) {
    if (epochs.size >= EPOCHS_MAX) epochs.clear()
    text = quoted(epoch)
    epochs.set(epoch, text)
  }
  return text
}

const EPOCH = ascii('{"epoch":')
const VERSION = ascii(',"version":')
const SPENDABLE = ascii(',"balance":{"spendable":')
const SESSION = ascii(',"session":')
const PENDING = ascii(',"pending":')
const HELD = ascii(',"held":')
const FROZEN = ascii(',"frozen":')
const END_OF_BALANCE = ascii('}')
const ELSEWHERE = ascii(',"elsewhere":')
const TIER = ascii(',"tier":{"growth":')
const RUNG = ascii(',"rung":')
const PROMOTIONS = ascii(',"promotions":')
const BOOST = ascii(',"boost":{"rungs":')
const UNTIL = ascii(',"untilMs":')
const END = ascii('}')
const TODAY = ascii('},"today":{"points":')
const USED = ascii(',"used":{')
const COMMA = ascii(',')
const COLON = ascii(':')
const RESETS = ascii('},"resetsAtMs":')
const LIVE = ascii('},"live":{"points":')
const WATCHED = ascii(',"watchedMs":')
const CONTINUOUS = ascii(',"continuousMs":')
const TASKS = ascii(',"tasks":[')
const TASK = ascii('{"task":')
const PROGRESS = ascii(',"progress":')
const STATES = {
  open: ascii(',"state":"open"'),
  claiming: ascii(',"state":"claiming"'),
  won: ascii(',"state":"won"'),
  full: ascii(',"state":"full"'),
}
const RANK = ascii(',"rank":')
const WATCH = ascii(']},"watch":{"nonce":')
const DUE = ascii(',"dueAtMs":')
const ENDS = ascii('}}')

/** The JSON of `toAccountState`. */
export function writeAccount(out: JsonBytes, state: StoredState, of: Showing): void {
  const { balance, tier, live, watch } = state
  out.put(EPOCH).put(epochText(of.epoch)).put(VERSION).number(state.version)
  out.put(SPENDABLE).number(balance.spendable).put(SESSION).number(balance.session)
  out.put(PENDING).number(balance.pending).put(HELD).number(balance.held)
  out.put(FROZEN).number(balance.frozen).put(END_OF_BALANCE)
  const elsewhere = elsewhereOf(state, of.payers)
  if (elsewhere > 0) out.put(ELSEWHERE).number(elsewhere)
  out.put(TIER).number(tier.growth).put(RUNG).number(tier.rung)
  out.put(PROMOTIONS).number(tier.promotions)
  if (tier.boost)
    out.put(BOOST).number(tier.boost.rungs).put(UNTIL).number(tier.boost.untilMs).put(END)
  writeToday(out, state.used, words(of.book))
  out.put(RESETS).number(state.dayEndsAtMs).put(LIVE).number(live.points)
  out.put(WATCHED).number(live.watchedMs).put(CONTINUOUS).number(live.continuousMs)
  writeTasks(out, state.tasks)
  out.put(WATCH).number(watch.nonce).put(DUE).number(watch.dueAtMs).put(ENDS)
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

const SEQ = ascii('{"seq":')
const COUNTED = ascii(',"counted":')
const BASE = ascii(',"baseMilli":')
const HEAT = ascii(',"multipliers":{"heat":')
const CAMPAIGN = ascii(',"campaign":')
const BY_TIER = ascii(',"tier":')
const PERSONAL = ascii(',"personal":')
const MULTIPLIER = ascii('},"multiplier":')
const CARRY = ascii(',"carry":')
const POINTS = ascii(',"points":')
const BUCKET: Uint8Array[] = []
for (const [name, no] of Object.entries(BUCKETS))
  BUCKET[no] = ascii(`,"bucket":"${name}","growth":`)
const RESETS_AT = ascii('"resetsAtMs":')
const STALE = ascii('"stale":true,')
const FIRST = ascii('"first":true,')
const RULEBOOK = ascii('"rulebook":')
const AT = ascii(',"atMs":')
const STALE_FLAG = 1
const FIRST_FLAG = 2

/** The JSON of `toReceipt` for the packed receipt that begins at `at`. */
export function writeReceipt(
  out: JsonBytes,
  { bytes, at }: { bytes: Buffer; at: number },
  of: { book: Rulebook; rulebook: number; atMs: number },
): void {
  const u16 = (place: number): number => bytes.readUInt16BE(at + place)
  const u32 = (place: number): number => bytes.readUInt32BE(at + place)
  const [rule, action, reason] = [
    bytes.readUInt8(at),
    bytes.readUInt8(at + 1),
    bytes.readUInt8(at + 2),
  ]
  const phrase = words(of.book).phrase(rule, action, reason)
  out.put(SEQ).number(u32(4)).put(phrase.words).number(u32(8))
  out.put(COUNTED).number(u32(12)).put(BASE).number(u32(16))
  out.put(HEAT).number(u16(20)).put(CAMPAIGN).number(u16(22))
  out.put(BY_TIER).number(u16(24)).put(PERSONAL).number(u16(26))
  out.put(MULTIPLIER).number(u16(28)).put(CARRY).number(u16(30))
  out.put(POINTS).number(bytes.readUIntBE(at + 32, 6))
  out
    .put(must(BUCKET[bytes.readUInt8(at + 3)], 'a bucket'))
    .number(u32(38))
    .put(COMMA)
    .put(phrase.cap)
  const resetsAtMs = bytes.readUIntBE(at + 42, 6)
  if (resetsAtMs > 0) out.put(RESETS_AT).number(resetsAtMs).put(COMMA)
  const flags = bytes.readUInt8(at + 52)
  if (flags & STALE_FLAG) out.put(STALE)
  if (flags & FIRST_FLAG) out.put(FIRST)
  out.put(RULEBOOK).number(of.rulebook).put(AT).number(of.atMs).put(END)
}
