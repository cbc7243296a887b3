/** Counting what members do, as a partition's journal tells it, each element once. */

import {
  defineScript,
  type Noted,
  type Observed,
  type Reader,
  type SlotTag,
  type Store,
} from '../redis/index.ts'
import { claimsKey, membersKey, todoKey } from './keys.ts'
import source from './note.lua'

const script = defineScript({
  name: 'teams.note',
  source,
  keys: ['journal', 'cursors', 'todo', 'members'],
  args: { reader: 'str', from: 'str', last: 'str' },
  each: { keys: ['record'], args: { account: 'str', seen: 'str' } },
  replies: { written: {}, moved: {}, gone: {} },
})

/** What the journal says that an account did at one moment. */
export interface Doing {
  atMs: number
  watchedSec: number
  comment: number
  like: number
  share: number
}

/** Nothing is written where another worker has got further, or the journal has lost the newest element. */
export async function noteDoings(
  store: Store,
  slot: SlotTag,
  { observed, reader }: { observed: readonly Observed<Doing>[]; reader: Reader },
): Promise<Noted> {
  const { journal, cursors, name, from, last } = reader
  const { tag } = await script.run(store, {
    keys: { journal, cursors, todo: todoKey(slot), members: membersKey(slot) },
    args: { reader: name, from, last },
    each: observed
      .filter(({ seen }) => seen.length > 0)
      .map(({ account, seen }) => ({
        keys: { record: claimsKey(slot, account) },
        args: {
          account: String(account),
          seen: JSON.stringify(
            seen.flatMap((one) => [one.atMs, one.watchedSec, one.comment, one.like, one.share]),
          ),
        },
      })),
  })
  return tag
}
