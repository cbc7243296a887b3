/** What accounts have beside points, as the archive tells it: invites, orders, day passes, what is owned, reasons. */

import { formatAccount } from '../../../shared/ids.ts'
import { ownedKey } from '../../effects/index.ts'
import type { SlotTag, Store } from '../../redis/index.ts'
import {
  CLAIM_MS,
  heldInvitesKey,
  invitedKey,
  ORDER_KEPT_MS,
  orderKey,
  orderOfKey,
} from '../../scoring/index.ts'
import { type KeptEntry, type KeptKind, notesKey, openNote } from '../../wallet/index.ts'
import type { PartitionPlace } from '../consumer.ts'

/** One hash, with the fields that it has by now. */
export interface Kept {
  account: number
  kind: KeptKind
  key: string
  fields: Map<string, Buffer>
  /** When it was first there, and when it last changed. */
  sinceMs: number
  atMs: number
}

/** A hash as it has to be in Redis. */
interface Wanted {
  name: string
  key: string
  fields: Map<string, string>
  /** When it is forgotten, Unix ms; 0 is never. */
  endsMs: number
}

export interface DayPass {
  rungs: number
  untilMs: number
}

/** Reasons whose key is gone: their persons were erased, or the identities are not back. */
export interface Unsealed {
  wanted: Wanted[]
  sealed: number
}

export class KeptReplay {
  readonly #all = new Map<string, Kept>()

  take({ account, kind, key, fields }: KeptEntry, atMs: number): void {
    const name = `${kind}:${account}:${key}`
    const kept = this.#all.get(name) ?? {
      ...{ account, kind, key, fields: new Map() },
      ...{ sinceMs: atMs, atMs },
    }
    this.#all.delete(name)
    if (fields.length === 0) return
    for (const [field, value] of fields) kept.fields.set(field, Buffer.from(value))
    // Last again, so that those in front are the oldest.
    this.#all.set(name, { ...kept, atMs })
  }

  /** Drops what can no longer be refunded. */
  forget(nowMs: number): void {
    for (const [name, { kind, atMs }] of this.#all) {
      if (atMs + ORDER_KEPT_MS >= nowMs) return
      if (kind === 'order' || kind === 'club_todo') this.#all.delete(name)
    }
  }

  of(kind: KeptKind): Kept[] {
    return [...this.#all.values()].filter((one) => one.kind === kind)
  }

  passOf(account: number): DayPass | undefined {
    const kept = this.#all.get(`pass:${account}:`)
    const [rungs, until] = ['rungs', 'until'].map((field) => Number(kept?.fields.get(field) ?? 0))
    return rungs && until ? { rungs, untilMs: until } : undefined
  }

  /** The hashes of a partition as they are at an instant, reasons opened with the keys that Redis has. */
  async wanted(store: Store, slot: SlotTag, nowMs: number): Promise<Unsealed> {
    const found: Unsealed = { wanted: [], sealed: 0 }
    for (const kept of this.#all.values()) {
      const of =
        kept.kind === 'note' ? await openNotes(store, slot, kept) : plainOf(slot, kept, nowMs)
      if (!of) continue
      found.sealed += kept.kind === 'note' ? kept.fields.size - of.fields.size : 0
      if (of.fields.size > 0) found.wanted.push(of)
    }
    return found
  }
}

const nameOf = (what: string, { account }: Kept) => `${what} of account ${formatAccount(account)}`
const textsOf = ({ fields }: Kept) =>
  new Map([...fields].map(([field, value]) => [field, value.toString()]))

/** Undefined where it is over by then. */
function plainOf(slot: SlotTag, kept: Kept, nowMs: number): Wanted | undefined {
  const { account, kind, key, atMs } = kept
  const fields = textsOf(kept)
  switch (kind) {
    case 'invite': {
      const endsMs = fields.get('state') === 'claimed' ? atMs + CLAIM_MS : 0
      if (endsMs > 0 && endsMs <= nowMs) return undefined
      return { name: nameOf('invite', kept), key: invitedKey(slot, account), fields, endsMs }
    }
    case 'order': {
      const endsMs = atMs + ORDER_KEPT_MS
      if (endsMs <= nowMs) return undefined
      return { name: nameOf('order', kept), key: orderKey(slot, account, key), fields, endsMs }
    }
    case 'owned': {
      const lasting = [...fields].filter(([, until]) => Number(until) > nowMs)
      if (lasting.length === 0) return undefined
      const endsMs = Math.max(...lasting.map(([, until]) => Number(until)))
      const owned = new Map(lasting)
      return { name: nameOf('effects', kept), key: ownedKey(slot, account), fields: owned, endsMs }
    }
    default:
      return undefined
  }
}

async function openNotes(store: Store, slot: SlotTag, kept: Kept): Promise<Wanted> {
  const { account } = kept
  const fields = new Map<string, string>()
  for (const [ref, sealed] of kept.fields) {
    const note = await openNote(store, { slot, account }, sealed)
    if (note !== undefined) fields.set(ref, note)
  }
  return { name: nameOf('reasons', kept), key: notesKey(slot, account), fields, endsMs: 0 }
}

/** Puts the hashes back. Answers how many reasons stay sealed. */
export async function rebuildKept(
  store: Store,
  { slot }: PartitionPlace,
  { kept, nowMs }: { kept: KeptReplay; nowMs: number },
): Promise<number> {
  const { wanted, sealed } = await kept.wanted(store, slot, nowMs)
  for (const { key, fields, endsMs } of wanted) {
    await store.hset(key, Object.fromEntries(fields))
    if (endsMs > 0) await store.pexpire(key, endsMs - nowMs)
  }
  // Whose an order is stands in another slot.
  for (const { account, key, atMs } of kept.of('order'))
    if (atMs + ORDER_KEPT_MS > nowMs)
      await store.set(orderOfKey(key), account, 'PX', 2 * ORDER_KEPT_MS, 'NX')
  // So that a person finds them.
  for (const { account, fields, atMs } of kept.of('invite'))
    if (String(fields.get('state')) === 'held')
      await store.zadd(heldInvitesKey(slot), atMs, formatAccount(account))
  return sealed
}

/** Sentences, archive first. What has an end may be over in Redis a moment earlier or later. */
export async function compareKept(
  store: Store,
  slot: SlotTag,
  { kept, nowMs }: { kept: KeptReplay; nowMs: number },
): Promise<string[]> {
  const problems: string[] = []
  const { wanted } = await kept.wanted(store, slot, nowMs)
  for (const { name, key, fields } of wanted) {
    const found = await store.hgetall(key)
    for (const [field, value] of fields)
      if (found[field] !== value)
        problems.push(
          `${name}: ${field}: the archive says ${value}, Redis ${found[field] ?? 'nothing'}`,
        )
  }
  return problems
}
