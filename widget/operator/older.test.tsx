import { type Signal, signal } from '@preact/signals'
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ListPage, type Older, useOlder } from './older.ts'

const items = (...ids: number[]) => ids.map((id) => ({ id, state: 'issued' }))
type Item = ReturnType<typeof items>[number]

let root: HTMLElement
let shown: Older<Item>
beforeEach(() => {
  root = document.createElement('div')
})
afterEach(() => render(null, root))

function List({ first, pages }: { first: Signal<ListPage<Item>>; pages: ListPage<Item>[] }) {
  shown = useOlder({
    first: first.value,
    read: async () => ({ ok: true, ...(pages.shift() ?? { items: [] }) }),
    idOf: ({ id }) => String(id),
    name: 'list',
  })
  return null
}

const ids = () => shown.all.map(({ id }) => id)
const more = () => act(async () => shown.more?.())

test('[OC14] older pages come behind the first; what new lines push off it is not lost between them', async () => {
  const first = signal<ListPage<Item>>({ items: items(4, 3), next: '3' })
  const pages: ListPage<Item>[] = [
    { items: items(2, 1), next: '1' },
    { items: items(0), cut: true },
  ]
  await act(() => render(<List first={first} pages={pages} />, root))
  expect(ids()).toEqual([4, 3])
  await more()
  expect(ids()).toEqual([4, 3, 2, 1])
  await act(() => {
    first.value = { items: items(5, 4), next: '4' }
  })
  expect(ids()).toEqual([5, 4, 3, 2, 1])
  expect(shown.cut).toBe(false)
  await more()
  expect(ids()).toEqual([5, 4, 3, 2, 1, 0])
  expect(shown.more).toBeUndefined()
  expect(shown.cut).toBe(true)
})

test('[OC14] what was done to a line of an older page is seen there', async () => {
  const first = signal<ListPage<Item>>({ items: items(2), next: '2' })
  await act(() => render(<List first={first} pages={[{ items: items(1) }]} />, root))
  await more()
  await act(() => shown.put({ id: 1, state: 'given back' }))
  expect(shown.all.map(({ state }) => state)).toEqual(['issued', 'given back'])
})
