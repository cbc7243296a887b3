/** Gives points that no action of the viewer earned: at once, or pending until they are due. */

import { CAUSES, type Cause, FLOWS } from '../../shared/ledger.ts'
import { Packer } from '../kernel/index.ts'
import { defineScript, type Store } from '../redis/index.ts'
import { memberOf, OPEN_HOLDS_MAX } from './hold.ts'
import source from './issue.lua'
import { doneKey, holdKey, holdsKey, openKey } from './keys.ts'
import { hashOf, PURSE_ARGS, PURSE_KEYS, type Purse, purseArgs, purseKeys } from './purse.ts'

const script = defineScript({
  name: 'wallet.issue',
  source,
  keys: [...PURSE_KEYS, 'done', 'hold', 'holds', 'open'],
  args: {
    ...PURSE_ARGS,
    id: 'str',
    member: 'str',
    hash: 'str',
    cause: 'int',
    from: 'int',
    lots: 'bin',
    pending_ms: 'int',
    allowance: 'int',
    allowance_until_ms: 'int',
    subject: 'str',
    by: 'str',
    at: 'int',
    open_max: 'int',
  },
  replies: {
    issued: { now_ms: 'int', entry: 'bin' },
    replayed: { now_ms: 'int', entry: 'bin' },
    conflict: {},
    many: {},
    over: {},
    busy: {},
    unreadable: {},
  },
})

export interface IssuedLot {
  issuer: number
  month: number
  points: number
}

export interface Issue {
  id: string
  lots: readonly IssuedLot[]
  cause: Cause
  /** New points, or points that left another account. */
  from: 'issued' | 'transferredIn'
  /** Above 0: promised for so long, and dropped where they do not come due. */
  pendingMs: number
  /** Points that may be issued, and until when, Redis time; any number without it. */
  allowance?: { points: number; untilMs: number }
  subject: string
  by: string
  at: number
}

/** Throws where Redis cannot be reached; repeating it with the same id is safe. */
export function issue(store: Store, purse: Purse, input: Issue) {
  const { slot, account } = purse
  const lots = new Packer()
  for (const { issuer, month, points } of input.lots) lots.u16(issuer).u16(month).u48(points)
  return script.run(store, {
    keys: {
      ...purseKeys(purse),
      done: doneKey(slot, account, input.id),
      hold: holdKey(slot, account, input.id),
      holds: holdsKey(slot),
      open: openKey(slot, account),
    },
    args: {
      ...purseArgs(purse),
      id: input.id,
      member: memberOf(account, input.id),
      // Without the month, which a repeat on another day would not have chosen.
      hash: hashOf(input.cause, input.subject, ...input.lots.flatMap((l) => [l.issuer, l.points])),
      cause: CAUSES[input.cause],
      from: FLOWS[input.from],
      lots: lots.bytes(),
      pending_ms: input.pendingMs,
      allowance: input.allowance?.points ?? Number.MAX_SAFE_INTEGER,
      allowance_until_ms: input.allowance?.untilMs ?? Number.MAX_SAFE_INTEGER,
      subject: input.subject,
      by: input.by,
      at: input.at,
      open_max: OPEN_HOLDS_MAX,
    },
  })
}
