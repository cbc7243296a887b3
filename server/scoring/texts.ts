/**
 * What clients are shown, as JSON written at once from what the scripts answered. `records.ts` says what it means, with
 * objects; tests hold the two together.
 */

import { ACTIONS, BUCKETS, REASONS } from '../../shared/receipt.ts'
import { capOf } from '../../shared/rulebook/caps.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { ascii, type JsonBytes, must } from '../kernel/index.ts'
import { OTHER_BYTES, STATE, TASK_BYTES, USED_BYTES } from './answer.ts'
import { named, ruleName, type Showing, TASK_STATES } from './records.ts'

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
const STATES = TASK_STATES.map((state) => ascii(`,"state":"${state}"`))
const RANK = ascii(',"rank":')
const WATCH = ascii(']},"watch":{"nonce":')
const DUE = ascii(',"dueAtMs":')
const ENDS = ascii('}}')

/** The JSON of `toAccountState` for the packed state that begins at `at`. */
export function writeAccount(
  out: JsonBytes,
  { bytes, at }: { bytes: Buffer; at: number },
  of: Showing,
): void {
  const used = at + STATE.used
  const tasks = used + 1 + USED_BYTES * bytes.readUInt8(used)
  const others = tasks + 1 + TASK_BYTES * bytes.readUInt8(tasks)
  const u48 = (place: number): number => bytes.readUIntBE(at + place, 6)
  out.put(EPOCH).put(epochText(of.epoch)).put(VERSION).number(u48(STATE.version))
  out.put(SPENDABLE).number(u48(STATE.spendable)).put(SESSION).number(u48(STATE.session))
  out.put(PENDING).number(u48(STATE.pending)).put(HELD).number(u48(STATE.held))
  out.put(FROZEN).number(u48(STATE.frozen)).put(END_OF_BALANCE)
  const elsewhere = pointsElsewhere({ bytes, at: others }, of.payers)
  if (elsewhere > 0) out.put(ELSEWHERE).number(elsewhere)
  out.put(TIER).number(u48(STATE.growth))
  out.put(RUNG).number(bytes.readUInt8(at + STATE.rung))
  out.put(PROMOTIONS).number(bytes.readUInt16BE(at + STATE.promotions))
  const boost = bytes.readUInt8(at + STATE.boostRungs)
  if (boost > 0) out.put(BOOST).number(boost).put(UNTIL).number(u48(STATE.boostUntilMs)).put(END)
  writeToday(out, { bytes, at: used }, words(of.book))
  out.put(RESETS).number(u48(STATE.dayEndsAtMs)).put(LIVE).number(u48(STATE.livePoints))
  out.put(WATCHED).number(u48(STATE.watchedMs)).put(CONTINUOUS).number(u48(STATE.continuousMs))
  writeTasks(out, { bytes, at: tasks })
  out.put(WATCH).number(bytes.readUInt32BE(at + STATE.nonce))
  out.put(DUE).number(u48(STATE.dueAtMs)).put(ENDS)
}

/** `elsewhereOf`, of packed lots. */
function pointsElsewhere(
  { bytes, at }: { bytes: Buffer; at: number },
  payers: Showing['payers'],
): number {
  const end = at + 1 + OTHER_BYTES * bytes.readUInt8(at)
  let points = 0
  for (let i = at + 1; payers && i < end; i += OTHER_BYTES)
    if (!payers.has(bytes.readUInt16BE(i))) points += bytes.readUIntBE(i + 2, 6)
  return points
}

/** Units used today by rule. */
function writeToday(
  out: JsonBytes,
  { bytes, at }: { bytes: Buffer; at: number },
  book: Words,
): void {
  const end = at + 1 + USED_BYTES * bytes.readUInt8(at)
  let points = 0
  for (let i = at + 1; i < end; i += USED_BYTES)
    if (bytes.readUInt8(i) === 0) points = bytes.readUInt32BE(i + 1)
  out.put(TODAY).number(points).put(USED)
  let isFirst = true
  for (let i = at + 1; i < end; i += USED_BYTES) {
    const no = bytes.readUInt8(i)
    if (no === 0) continue
    if (!isFirst) out.put(COMMA)
    isFirst = false
    out
      .put(book.rule(no))
      .put(COLON)
      .number(bytes.readUInt32BE(i + 1))
  }
}

function writeTasks(out: JsonBytes, { bytes, at }: { bytes: Buffer; at: number }): void {
  out.put(TASKS)
  const end = at + 1 + TASK_BYTES * bytes.readUInt8(at)
  for (let i = at + 1; i < end; i += TASK_BYTES) {
    if (i > at + 1) out.put(COMMA)
    out
      .put(TASK)
      .number(bytes.readUInt32BE(i))
      .put(PROGRESS)
      .number(bytes.readUInt32BE(i + 4))
    out.put(must(STATES[bytes.readUInt8(i + 8)], 'a task state'))
    const rank = bytes.readUInt32BE(i + 9)
    if (rank > 0) out.put(RANK).number(rank)
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
