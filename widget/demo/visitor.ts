/** Who the visitor of a tab is: a first viewer, and others in tabs of their own; each keeps the own account. */

import { isId } from '../../shared/ids.ts'
import type { Lang } from '../ui/lang.ts'

/** Viewers that one browser may be at the same time. */
export const VISITORS_MAX = 9

const NAMES: Record<Lang, readonly string[]> = {
  zh: ['小美', '阿哲', '柚子茶', '老陈', '一叶', '七七', '清风', '小鱼儿', '林深'],
  en: ['Mei', 'Zhe', 'Pomelo', 'Chen', 'Leaf', 'Qiqi', 'Breeze', 'Yuer', 'Lin'],
}

export interface Visitor {
  /** From 1. */
  number: number
  name: string
}

/** `?as=2` is the second; anything else is the first. */
export function visitorOf(search: string, lang: Lang): Visitor {
  const given = Number(new URLSearchParams(search).get('as') ?? 1)
  const number = Number.isInteger(given) && given >= 1 && given <= VISITORS_MAX ? given : 1
  return { number, name: NAMES[lang][number - 1] ?? '' }
}

/** Address of the next viewer; after the last comes the first. */
export const nextAddress = ({ number }: Visitor): string => `/?as=${(number % VISITORS_MAX) + 1}`

const key = ({ number }: Visitor) => `ff:demo:viewer:${number}`

/** The account of an earlier visit; a storage that is missing or blocked is an empty one. */
export function rememberedId(visitor: Visitor, storage: () => Storage): string | undefined {
  try {
    const found = storage().getItem(key(visitor))
    return found && isId(found) ? found : undefined
  } catch {
    return undefined
  }
}

export function rememberId(visitor: Visitor, id: string, storage: () => Storage): void {
  try {
    storage().setItem(key(visitor), id)
  } catch {
    // The next visit is another account.
  }
}
