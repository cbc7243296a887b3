/** The typed contract of a Lua script: declared keys, arguments and replies on both sides of the call. */

import type { Cluster, Redis } from 'ioredis'
import { assert, must } from '../kernel/index.ts'
import { type Argument, type CallBody, EncodedCommand, encodeCall } from './encoded-command.ts'
import { assertOpen } from './fence.ts'
import { bringBack } from './functions.ts'
import { type Library, libraryOf } from './library.ts'
import { slotOf, tagOf } from './slots.ts'
import { Strings } from './strings.ts'
import { type ItemWriter, type WrittenKeys, writeCall, writtenKeys } from './written-call.ts'

export type Store = Redis | Cluster

/** `int` is a whole number, `str` text, `bin` bytes; replies know others too. */
export type Kind = 'int' | 'str' | 'bin'
interface Kinds {
  int: number
  str: string
  bin: Buffer | string
}
/** What replies hold; `list` and `strings` only as the last of one. */
interface ReplyKinds {
  int: number
  str: string
  bin: Buffer
  list: (Buffer | number | null)[]
  strings: Strings
}
type Fields = Record<string, Kind>
type ReplyKind = keyof ReplyKinds
type Replies = Record<string, Record<string, ReplyKind>>
type Values<F extends Fields> = { [P in keyof F]: Kinds[F[P]] }
type Reply<R extends Replies> = {
  [T in keyof R]: { tag: T } & { [F in keyof R[T]]: ReplyKinds[R[T][F]] }
}[keyof R]

interface Each {
  keys: readonly string[]
  args: Fields
}

export interface ScriptSpec<
  K extends string,
  A extends Fields,
  E extends Each | undefined,
  R extends Replies,
> {
  /** `module.verb`. */
  name: string
  source: string
  keys: readonly K[]
  args: A
  /** For a batch: keys and arguments that repeat per item, reached in Lua as `E.name(i)`, counted by `E.n`. */
  each?: E
  replies: R
  readonly?: boolean
}

type Items<E extends Each | undefined> = E extends Each
  ? { keys: Record<E['keys'][number], string>; args: Values<E['args']> }
  : never

export interface Script<
  K extends string,
  A extends Fields,
  E extends Each | undefined,
  R extends Replies,
> {
  spec: ScriptSpec<K, A, E, R>
  library: Library
  /**
   * One call on the master that owns the keys. Throws where Redis cannot be reached or the script fails;
   * a refusal of the script is a reply.
   */
  run(
    store: Store,
    call: { keys: Record<K, string>; args: Values<A>; each?: readonly Items<E>[] },
  ): Promise<Reply<R>>
  /** The keys of one item, for `runWritten`. */
  itemKeys(keys: E extends Each ? Record<E['keys'][number], string> : never): WrittenKeys
  /**
   * The same call with items that are written as the wire has them. They have keys of their own and one argument together,
   * `written`, which is the last one: what they write, one behind the other.
   */
  runWritten<Item, W extends keyof A & string>(
    store: Store,
    call: {
      keys: Record<K, string>
      args: Omit<Values<A>, W>
      written: W
      items: readonly Item[]
      writer: ItemWriter<Item>
    },
  ): Promise<Reply<R>>
}

/** The declaration of a script, whatever it declares. */
export type AnySpec = ScriptSpec<string, Fields, Each | undefined, Replies>

const all: { name: string; library: Library; spec: AnySpec }[] = []

/** Every script of the program, for preloading, the static check and the catalogue. */
export const scripts = (): readonly (typeof all)[number][] => all

export function defineScript<
  const K extends string,
  const A extends Fields,
  const R extends Replies,
  const E extends Each | undefined = undefined,
>(spec: ScriptSpec<K, A, E, R>): Script<K, A, E, R> {
  const library = libraryOf(spec as AnySpec)
  all.push({ name: spec.name, library, spec: spec as AnySpec })
  const argNames = Object.keys(spec.args)
  const eachKeys = spec.each?.keys ?? []
  const eachArgs = Object.keys(spec.each?.args ?? {})
  const keysOf = (keys: Record<K, string>): string[] => spec.keys.map((name) => keys[name])
  const decode = decoder(spec)

  return {
    spec,
    library,
    async run(store, { keys, args, each = NO_ITEMS }) {
      if (!spec.readonly) assertOpen(store)
      const list: Argument[] = []
      append(list, keys, spec.keys)
      for (const item of each) append(list, item.keys, eachKeys)
      assertOneSlot(spec.name, list)
      const keyCount = list.length
      append(list, args, argNames)
      for (const item of each) append(list, item.args, eachArgs)
      const raw = await answer(store, library, encodeCall(keyCount, list))
      return decode(raw) as Reply<R>
    },

    itemKeys(keys: Record<string, string>) {
      const list = eachKeys.map((name) => must(keys[name], `key ${name} of an item`))
      assertOneSlot(spec.name, list)
      return writtenKeys(list)
    },

    async runWritten(store, { keys, args, written, items, writer }) {
      if (!spec.readonly) assertOpen(store)
      const keyList = keysOf(keys)
      assertOneSlot(spec.name, keyList)
      assert(argNames.at(-1) === written, 'what items write is the last argument')
      const given: Partial<Values<A>> = args as Partial<Values<A>>
      const argv = argNames.slice(0, -1).map((name) => must(given[name], `argument ${name}`))
      const body = writeCall({ keys: keyList, argv, keysPerItem: eachKeys.length, items, writer })
      return decode(await answer(store, library, body)) as Reply<R>
    },
  }
}

const NO_ITEMS: readonly never[] = []

/** What is declared, in the order of its declaration. Every script passes here, so it is plain. */
function append(list: Argument[], of: Record<string, Argument>, names: readonly string[]): void {
  for (const name of names) list.push(must(of[name], name))
}

/** `keys` are texts. */
function assertOneSlot(name: string, keys: readonly Argument[]): void {
  const first = String(keys[0] ?? '')
  const tag = tagOf(first)
  for (const one of keys) {
    const key = String(one)
    // Nearly always the same tag; the slot is only worked out where the text differs.
    if (!key.startsWith(tag) && slotOf(key) !== slotOf(first))
      throw new Error(`${name}: keys span slots: ${first} and ${key}`)
  }
}

async function answer(store: Store, library: Library, body: CallBody): Promise<unknown> {
  const command = new EncodedCommand(library.name, body)
  try {
    return await store.sendCommand(command)
  } catch (error) {
    // Loaded on every master at start; a new one, or one that another release has tidied, lacks it once.
    if (!(error instanceof Error && error.message.includes('Function not found'))) throw error
    await bringBack(store, library)
    return store.sendCommand(new EncodedCommand(library.name, command.call))
  }
}

/** Reads what a script answers; throws where that is none of its declared replies. */
function decoder(spec: AnySpec) {
  const replies = new Map(
    Object.entries(spec.replies).map(([tag, fields]) => [tag, Object.entries(fields)]),
  )
  const fieldsOf = (tag: string): [string, ReplyKind][] => {
    const fields = replies.get(tag)
    if (!fields) throw new Error(`${spec.name}: undeclared reply ${tag}`)
    return fields
  }
  return (raw: unknown): Record<string, unknown> => {
    if (!Array.isArray(raw)) throw new Error(`${spec.name}: reply is not an array`)
    const values = raw as (Buffer | number | Buffer[] | null)[]
    const tag = String(values[0])
    const reply: Record<string, unknown> = { tag }
    let at = 0
    for (const [field, kind] of fieldsOf(tag)) {
      const value = values[++at]
      if (value === undefined || value === null)
        throw new Error(`${spec.name}: ${tag}.${field} is missing`)
      reply[field] = typed(kind, value)
    }
    return reply
  }
}

function typed(kind: ReplyKind, value: Buffer | number | Buffer[]): unknown {
  if (kind === 'int') return Number(value)
  if (kind === 'str') return String(value)
  return kind === 'strings' ? new Strings(value as Buffer[]) : value
}
