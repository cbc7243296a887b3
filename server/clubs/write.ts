/** Writes the clubs of accounts, what follows from them, and how far a reader of the journal has got: in one step. */

import { defineScript, type SlotTag, type Store } from '../redis/index.ts'
import type { Consequence } from './advance.ts'
import { clubsKey, membersKey, sizesKey, todoKey } from './keys.ts'
import { CONSEQUENCES_MAX, MEMBERS_MAX } from './limits.ts'
import { type Membership, packMembership, type Stored } from './record.ts'
import source from './write.lua'

const script = defineScript({
  name: 'clubs.write',
  source,
  keys: ['journal', 'cursors', 'todo', 'members', 'sizes'],
  args: {
    reader: 'str',
    from: 'str',
    last: 'str',
    sizes: 'str',
    tasks: 'str',
    todo_max: 'int',
    members_max: 'int',
  },
  each: { keys: ['record'], args: { account: 'int', rev: 'int', body: 'bin' } },
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

/** As it waits in Redis. `id` names it among those of the account. */
export interface Todo {
  account: number
  id: string
  atMs: number
  consequence: Consequence
}

export interface Change {
  account: number
  before: Stored
  after: Membership
  todo: readonly Todo[]
}

export const nameOf = ({ account, id }: Pick<Todo, 'account' | 'id'>): string => `${account} ${id}`
export const sizeName = (club: number, rung: number): string => `${club}.${rung}`

const placesOf = ({ clubs }: Membership): string[] =>
  clubs.filter(({ state }) => state === 'in').map(({ club, rung }) => sizeName(club, rung))

/** Members that a club has more or less on a rung. */
function sizesOf(changes: readonly Change[]): (string | number)[] {
  const sums = new Map<string, number>()
  const add = (name: string, by: number) => sums.set(name, (sums.get(name) ?? 0) + by)
  for (const { before, after } of changes) {
    for (const name of placesOf(after)) add(name, 1)
    for (const name of placesOf(before.membership)) add(name, -1)
  }
  return [...sums].filter(([, by]) => by !== 0).flat()
}

export type Written = 'written' | 'stale' | 'moved' | 'gone' | 'full'

/**
 * `stale`: somebody else has changed one of the records; `moved`: another worker has got further; `gone`: the journal
 * holds the newest element no more; `full`: too much waits, or too many are members. Nothing is written then.
 */
export async function write(
  store: Store,
  slot: SlotTag,
  { changes, reader }: { changes: readonly Change[]; reader?: Reader },
): Promise<Written> {
  const todo = changes.flatMap((change) => change.todo)
  const reply = await script.run(store, {
    keys: {
      // Without a reader neither is looked at; all keys of a call are of one slot.
      journal: reader?.journal ?? todoKey(slot),
      cursors: reader?.cursors ?? todoKey(slot),
      todo: todoKey(slot),
      members: membersKey(slot),
      sizes: sizesKey(slot),
    },
    args: {
      reader: reader?.name ?? '',
      from: reader?.from ?? '',
      last: reader?.last ?? '',
      sizes: JSON.stringify(sizesOf(changes)),
      tasks: JSON.stringify(todo.flatMap((one) => [nameOf(one), JSON.stringify(one)])),
      todo_max: CONSEQUENCES_MAX,
      members_max: MEMBERS_MAX,
    },
    each: changes.map(({ account, before, after }) => ({
      keys: { record: clubsKey(slot, account) },
      args: { account, rev: before.rev, body: packMembership(after, before.rev + 1) },
    })),
  })
  return reply.tag
}
