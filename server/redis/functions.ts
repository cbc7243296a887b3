/** Brings scripts to the masters, as functions of Redis. */

import type { Redis } from 'ioredis'
import { LIBRARY_PREFIX, type Library, stem } from './library.ts'
import type { Store } from './script.ts'
import { masters } from './topology.ts'

/**
 * Loads on every master what it lacks, and takes away other versions of the same scripts: who still runs one brings it back
 * when it is next called. Throws where a master cannot be reached.
 */
export async function provideLibraries(store: Store, libraries: readonly Library[]): Promise<void> {
  for (const master of await masters(store)) {
    const there = await namesOn(master)
    const known = new Set(libraries.map(({ name }) => name))
    const stems = new Set([...known].map(stem))
    await Promise.all(
      libraries.filter(({ name }) => !there.includes(name)).map((one) => load(master, one)),
    )
    const left = there.filter((name) => stems.has(stem(name)) && !known.has(name))
    await Promise.all(left.map((name) => remove(master, name)))
  }
}

const loading = new WeakMap<Store, Map<string, Promise<void>>>()

/**
 * Loads one on every master that answers, for all who miss it at once; other versions stay. A master that is away must not
 * keep it from the one that was asked.
 */
export function bringBack(store: Store, library: Library): Promise<void> {
  const under = loading.get(store) ?? new Map<string, Promise<void>>()
  loading.set(store, under)
  const known = under.get(library.name)
  if (known) return known
  const all = masters(store)
    .then((nodes) => Promise.allSettled(nodes.map((master) => load(master, library))))
    .then(() => undefined)
    .finally(() => under.delete(library.name))
  under.set(library.name, all)
  return all
}

type Listed = (readonly unknown[])[]

async function namesOn(master: Redis): Promise<string[]> {
  const listed = (await master.call(
    'FUNCTION',
    'LIST',
    'LIBRARYNAME',
    `${LIBRARY_PREFIX}*`,
  )) as Listed
  return listed.map((library) => String(library[library.indexOf('library_name') + 1]))
}

/** Another process may have done it a moment before. */
const unless = (text: string) => (error: unknown) => {
  if (!(error instanceof Error && error.message.includes(text))) throw error
}

const load = (master: Redis, { text }: Library): Promise<unknown> =>
  master.call('FUNCTION', 'LOAD', text).catch(unless('already exists'))

const remove = (master: Redis, name: string): Promise<unknown> =>
  master.call('FUNCTION', 'DELETE', name).catch(unless('not found'))
