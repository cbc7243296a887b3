/** A list whose first page is read again and again, and whose older pages are put behind it when somebody asks. */

import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { Answer } from './api.ts'

export interface ListPage<T> {
  items: readonly T[]
  /** `before` of the next page. */
  next?: string
  /** On the last page: the oldest are not listed. */
  cut?: true
}

export interface Older<T> {
  all: readonly T[]
  /** Reads the next page; absent where there is none. */
  more?: () => Promise<void>
  /** All pages are read, and the oldest are not among them. */
  cut: boolean
  /** Shows an item as it is since something was done to it. */
  put(item: T): void
}

interface Options<T> {
  /** The first page, once it was read. */
  first: ListPage<T> | undefined
  read(before: string): Promise<Answer<ListPage<T>>>
  idOf(item: T): string
  /** Says what is listed: another name begins anew. */
  name: string
}

export function useOlder<T>({ first, read, idOf, name }: Options<T>): Older<T> {
  const pages = useSignal<readonly ListPage<T>[]>([])
  useMemo(() => {
    pages.value = []
  }, [name, pages])
  const newest = first?.items ?? []
  const known = new Set(newest.map(idOf))
  const behind = pages.value.flatMap(({ items }) => items).filter((item) => !known.has(idOf(item)))
  const last = pages.value.at(-1) ?? first
  const before = last?.next
  const more = async () => {
    if (last === undefined || before === undefined) return
    const answer = await read(before)
    // With the first page as it was: what newer lines push off it stands between it and the next.
    const so = pages.value.length > 0 ? pages.value : [last]
    if (answer.ok) pages.value = [...so, answer]
  }
  return {
    all: [...newest, ...behind],
    ...(before !== undefined && { more }),
    cut: last?.cut === true,
    put(item) {
      const asIs = (old: T) => (idOf(old) === idOf(item) ? item : old)
      pages.value = pages.value.map((page) => ({ ...page, items: page.items.map(asIs) }))
    },
  }
}
