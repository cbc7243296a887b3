/** A Redis that must not be written to: its scripts are not run, as if it were away. */

import type { Store } from './script.ts'

const fenced = new Map<Store, string>()

/** Thrown in place of running a script. */
export class Fenced extends Error {
  override name = 'Fenced'
}

/** Keeps scripts from a Redis, except those that only read; `undefined` lets them through again. */
export function fence(store: Store, why: string | undefined): void {
  if (why === undefined) fenced.delete(store)
  else fenced.set(store, why)
}

export function assertOpen(store: Store): void {
  // Nearly always there is none, and every script passes here.
  if (fenced.size === 0) return
  const why = fenced.get(store)
  if (why !== undefined) throw new Fenced(why)
}
