/** Writes records of behaviour, what follows from them, and how far a reader of the journal has got: in one step. */

import { Packer } from '../kernel/index.ts'
import { defineScript, type SlotTag, type Store } from '../redis/index.ts'
import { behaviourKey, reviewKey, sizesKey, todoKey } from './keys.ts'
import { CONSEQUENCES_MAX } from './limits.ts'
import source from './write-behaviour.lua'

const script = defineScript({
  name: 'targeting.write_behaviour',
  source,
  keys: ['journal', 'cursors', 'todo', 'review', 'sizes'],
  args: {
    reader: 'str',
    from: 'str',
    last: 'str',
    sizes: 'bin',
    tasks: 'bin',
    todo_max: 'int',
  },
  each: {
    keys: ['record'],
    args: { account: 'int', rev: 'int', body: 'bin', review: 'int' },
  },
  replies: { written: {}, stale: {}, moved: {}, gone: {}, full: {} },
})

/** Where a reader of a journal was, and how far it will have got; ids of elements. */
export interface Reader {
  journal: string
  cursors: string
  /** Its name among the cursors. */
  name: string
  from: string
  last: string
}

export interface Change {
  account: number
  /** Of the record as it was read; 0 where there was none. */
  rev: number
  body: Buffer
  /** When it is looked at next, Unix ms; -1 never, 0 as it is. */
  reviewMs: number
  /** Name and content of what follows. */
  tasks: readonly (readonly [name: string, content: string])[]
  /** Segments that have one more, or one less. */
  sizes: readonly (readonly [segment: string, by: 1 | -1])[]
}

function pairs(all: readonly (readonly [string, string])[]): Buffer {
  const into = new Packer()
  for (const text of all.flat()) {
    const bytes = Buffer.from(text)
    into.u16(bytes.length).raw(bytes)
  }
  return into.bytes()
}

function sumsOf(changes: readonly Change[]): [string, string][] {
  const sums = new Map<string, number>()
  for (const [segment, by] of changes.flatMap(({ sizes }) => sizes))
    sums.set(segment, (sums.get(segment) ?? 0) + by)
  return [...sums].filter(([, by]) => by !== 0).map(([segment, by]) => [segment, String(by)])
}

/**
 * `stale`: somebody else has changed one of the records; `moved`: another worker has got further; `gone`: the journal
 * holds the newest element no more; `full`: too much that was to follow is not done yet. Nothing is written then.
 */
export async function writeBehaviour(
  store: Store,
  slot: SlotTag,
  { changes, reader }: { changes: readonly Change[]; reader?: Reader },
): Promise<'written' | 'stale' | 'moved' | 'gone' | 'full'> {
  const reply = await script.run(store, {
    keys: {
      // Without a reader neither is looked at; all keys of a call are of one slot.
      journal: reader?.journal ?? todoKey(slot),
      cursors: reader?.cursors ?? todoKey(slot),
      todo: todoKey(slot),
      review: reviewKey(slot),
      sizes: sizesKey(slot),
    },
    args: {
      reader: reader?.name ?? '',
      from: reader?.from ?? '',
      last: reader?.last ?? '',
      sizes: pairs(sumsOf(changes)),
      tasks: pairs(changes.flatMap(({ tasks }) => tasks)),
      todo_max: CONSEQUENCES_MAX,
    },
    each: changes.map(({ account, rev, body, reviewMs }) => ({
      keys: { record: behaviourKey(slot, account) },
      args: { account, rev, body, review: reviewMs },
    })),
  })
  return reply.tag
}
