/** Ends a hold: capture, void, and the refund of what was captured. */

import { defineScript, type Store } from '../redis/index.ts'
import { memberOf } from './hold.ts'
import { doneKey, endedKey, holdKey, holdsKey, openKey, settlementKey } from './keys.ts'
import { hashOf, PURSE_ARGS, PURSE_KEYS, type Purse, purseArgs, purseKeys } from './purse.ts'
import source from './settle.lua'

const ACTS = { capture: 1, void: 2, refund: 3 } as const
const RUNS = { unknown: 0, yes: 1, no: 2 } as const

const script = defineScript({
  name: 'wallet.settle',
  source,
  keys: [...PURSE_KEYS, 'hold', 'holds', 'open', 'ended', 'done', 'settlement'],
  args: {
    ...PURSE_ARGS,
    id: 'str',
    member: 'str',
    act: 'int',
    points: 'int',
    late: 'int',
    lapsed: 'int',
    op: 'str',
    by: 'str',
    hash: 'str',
    grace_months: 'int',
    runs: 'int',
  },
  replies: {
    settled: { now_ms: 'int', hold: 'bin', entry: 'bin' },
    replayed: { now_ms: 'int', hold: 'bin' },
    more: { most: 'int' },
    missing: {},
    closed: {},
    expired: {},
    /** The deadline has not passed by the partition's clock. */
    early: {},
    conflict: {},
    /** Whether that live still runs decides, and the partition cannot know any more. */
    asks: { live: 'int' },
    busy: {},
    unreadable: {},
  },
})

export interface Settlement {
  id: string
  act: keyof typeof ACTS
  /** 0 is all there is. */
  points: number
  /** Decided elsewhere before the deadline: it does not matter that the deadline has passed. */
  late: boolean
  /** Voided because the deadline passed. */
  lapsed: boolean
  /** Of the operation: a repeat gets the same answer, another one finds the hold closed. */
  op: string
  by: string
  /** Left to what has expired meanwhile, of what was spent; 0: it expires. */
  graceMonths: number
  /** Whether the live of the hold still runs; left out as long as nobody has asked. */
  runs?: boolean
}

/** Throws where Redis cannot be reached; repeating it is safe. */
export function settle(store: Store, purse: Purse, how: Settlement) {
  const { slot, account } = purse
  const { id, act, points, late, lapsed, op, by, graceMonths, runs } = how
  return script.run(store, {
    keys: {
      ...purseKeys(purse),
      hold: holdKey(slot, account, id),
      holds: holdsKey(slot),
      open: openKey(slot, account),
      ended: endedKey(slot),
      done: doneKey(slot, account, act === 'refund' ? op : id),
      settlement: settlementKey(slot),
    },
    args: {
      ...purseArgs(purse),
      id,
      member: memberOf(account, id),
      act: ACTS[act],
      points,
      late: late ? 1 : 0,
      lapsed: lapsed ? 1 : 0,
      op,
      by,
      hash: hashOf(id, points),
      grace_months: graceMonths,
      runs: runs === undefined ? RUNS.unknown : runs ? RUNS.yes : RUNS.no,
    },
  })
}
