/** Places in a book: reading, changing and comparing what stands there. Books are values; nothing is changed in place. */

export type Path = readonly (string | number)[]

/** As problems name them: `earn.3.points`. */
export const nameOf = (path: Path): string => path.join('.')

/** Without positions, for labels: `earn.*.points`. */
export const kindOf = (path: Path): string =>
  path.map((step) => (typeof step === 'number' ? '*' : step)).join('.')

const isTree = (node: unknown): node is Record<string, unknown> =>
  typeof node === 'object' && node !== null

/** What stands there; undefined where nothing does. */
export const at = (book: unknown, path: Path): unknown =>
  path.reduce<unknown>((node, step) => (isTree(node) ? node[String(step)] : undefined), book)

/** The book with another value there; undefined takes it away, from lists too. */
export function put<T>(book: T, path: Path, value: unknown): T {
  const [step, ...rest] = path
  if (step === undefined) return value as T
  if (Array.isArray(book)) {
    const list: unknown[] = [...book]
    const next = put(list[Number(step)], rest, value)
    if (next === undefined) list.splice(Number(step), 1)
    else list[Number(step)] = next
    return list as T
  }
  const tree: Record<string, unknown> = isTree(book) ? book : {}
  const { [String(step)]: old, ...others } = tree
  const next = put(old, rest, value)
  if (next === undefined) return others as T
  // The place among its neighbours stays.
  return { ...tree, [String(step)]: next } as T
}

/** The same value, whatever the order of its fields. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (!isTree(a) || !isTree(b) || Array.isArray(a) !== Array.isArray(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => name in b && same(a[name], b[name]))
  )
}

type Named = Record<string, unknown> & { id: string }
const isNamed = (list: unknown): list is Named[] =>
  Array.isArray(list) && list.every((one) => isTree(one) && typeof one.id === 'string')

/**
 * What was changed from `old` to `mine`, done to `theirs`. Where both changed the same thing, mine holds: who looks
 * at the difference sees it.
 */
export function carryOver(old: unknown, theirs: unknown, mine: unknown): unknown {
  if (same(mine, old)) return theirs
  if (same(theirs, old) || !isTree(mine) || !isTree(theirs) || !isTree(old)) return mine
  if (isNamed(mine) && isNamed(theirs) && isNamed(old)) return carryList(old, theirs, mine)
  if (Array.isArray(mine) || Array.isArray(theirs)) return mine
  const names = new Set([...Object.keys(theirs), ...Object.keys(mine)])
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const next = carryOver(old[name], theirs[name], mine[name])
      return next === undefined ? [] : [[name, next]]
    }),
  )
}

/** Lists of things with ids: each for itself, in their order, what is new to me last. */
function carryList(old: Named[], theirs: Named[], mine: Named[]): Named[] {
  const of = (list: Named[], id: string) => list.find((one) => one.id === id)
  const ids = new Set([...theirs, ...mine].map(({ id }) => id))
  return [...ids].flatMap((id) => {
    const next = carryOver(of(old, id), of(theirs, id), of(mine, id))
    return next === undefined ? [] : [next as Named]
  })
}
