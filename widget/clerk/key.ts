/** The clerk's key: from the fragment of the address, which no log sees; kept on the phone for the next time. */

import { asLang, type Lang } from '../ui/lang.ts'

const KEPT = 'ff:clerk:key'
const KEY = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

export interface ClerkSettings {
  key: string | undefined
  lang: Lang | undefined
}

/** `#<key>` or `#k=<key>&lang=en`. A key that is no key counts as none. */
export function readSettings(
  hash: string,
  storage: () => Pick<Storage, 'getItem' | 'setItem'>,
): ClerkSettings {
  const text = hash.replace(/^#/, '')
  const given = new URLSearchParams(text.includes('=') ? text : `k=${text}`)
  const lang = asLang(given.get('lang'))
  const named = given.get('k') ?? ''
  try {
    if (KEY.test(named)) storage().setItem(KEPT, named)
    const kept = storage().getItem(KEPT) ?? ''
    return { key: KEY.test(named) ? named : kept || undefined, lang }
  } catch {
    return { key: KEY.test(named) ? named : undefined, lang }
  }
}

/** Tells keys apart without saying them: point and id, not the secret. */
export const scopeOf = (key: string): string => key.split('.').slice(0, 2).join('.')
