/** For a page whose ticket came with its address, once: the resume token, where a reload of the page finds it. */

import type { Storage } from './store.ts'

export interface KeptToken {
  read(): string | undefined
  write(token: string | undefined): void
}

/** Enough of a ticket to know it again: the end of its signature, with which nobody can make one. */
const MARK_CHARS = 16

/**
 * `ticket`: of the page's address, where one is left there. A token that grew from another ticket is forgotten: somebody
 * else may be meant. A storage that is missing, full or holds something else keeps nothing.
 */
export function keepToken(
  key: string,
  ticket: string | undefined,
  storage: Storage | undefined,
): KeptToken {
  const found = /^(\S*) (\S+)$/.exec(peek(key, storage))
  const mark = ticket?.slice(-MARK_CHARS) ?? found?.[1] ?? ''
  let kept = found?.[1] === mark ? found[2] : undefined
  const write = (token: string | undefined) => {
    kept = token
    try {
      storage?.setItem(key, token ? `${mark} ${token}` : '')
    } catch {
      // A reload then needs a new address.
    }
  }
  write(kept)
  return { read: () => kept, write }
}

function peek(key: string, storage: Storage | undefined): string {
  try {
    return storage?.getItem(key) ?? ''
  } catch {
    return ''
  }
}
