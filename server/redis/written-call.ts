/** Calls of many items that write themselves: for the one script whose encoding costs as much as its work. */

import { must, Packer } from '../kernel/index.ts'
import type { Argument, CallBody } from './encoded-command.ts'
import { tagOf } from './slots.ts'

const MEMORY_BYTES = 32_768
const END = '\r\n'
const END_BYTES = Buffer.from(END)
const lengthOf = (bytes: number): string => `$${bytes}${END}`
/** The same as bytes, made once: items are of few sizes. */
const lengths = Array.from({ length: 1024 }, (_, bytes) => Buffer.from(lengthOf(bytes)))
const writtenLength = (bytes: number): Buffer => lengths[bytes] ?? Buffer.from(lengthOf(bytes))

/** The keys of one item, as the wire has them: worth keeping where the same item is called again and again. */
export interface WrittenKeys {
  /** Their common hash tag. */
  tag: string
  bytes: Uint8Array
}

/** How items of a kind are written: their keys, and their part of the argument that all of them write. */
export interface ItemWriter<Item> {
  keys(item: Item): WrittenKeys
  /** How many bytes `write` will write. */
  size(item: Item): number
  write(out: Packer, item: Item): void
}

export interface WrittenCall<Item> {
  keys: readonly string[]
  argv: readonly Argument[]
  keysPerItem: number
  items: readonly Item[]
  writer: ItemWriter<Item>
}

/** Keys are ASCII: ids and numbers. */
const writtenKey = (key: string): string => `${lengthOf(key.length)}${key}${END}`

export const writtenKeys = (keys: readonly string[]): WrittenKeys => ({
  tag: tagOf(must(keys[0], 'a key of an item')),
  bytes: Buffer.from(keys.map(writtenKey).join('')),
})

/** Used again by each call, whose bytes are copied before the next. */
const out = new Packer(MEMORY_BYTES)

function writeArgument(arg: Argument): void {
  const bytes = typeof arg === 'object' ? arg : Buffer.from(String(arg))
  out.raw(writtenLength(bytes.length)).raw(bytes).raw(END_BYTES)
}

/**
 * The body of a call; its bytes are good until the next one is written. Throws where an item's keys have another hash
 * tag than the call's.
 */
export function writeCall<Item>(call: WrittenCall<Item>): CallBody {
  const { keys, argv, keysPerItem, items, writer } = call
  const tag = tagOf(must(keys[0], 'a key'))
  const numberOfKeys = keys.length + keysPerItem * items.length
  out.clear()
  writeArgument(numberOfKeys)
  for (const key of keys) out.ascii(writtenKey(key))
  for (const item of items) {
    const of = writer.keys(item)
    if (of.tag !== tag) throw new Error(`keys span slots: ${of.tag} and ${tag}`)
    out.raw(of.bytes)
  }
  for (const arg of argv) writeArgument(arg)
  let size = 0
  for (const item of items) size += writer.size(item)
  out.raw(writtenLength(size))
  for (const item of items) writer.write(out, item)
  out.raw(END_BYTES)
  const count = 1 + numberOfKeys + argv.length + 1
  return { firstKey: keys[0], count, bytes: out.bytes() }
}
