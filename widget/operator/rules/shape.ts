/** The form of a rulebook, as the service describes it: a JSON schema. */

import { at, type Path } from './path.ts'

export interface Shape {
  type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean'
  properties?: Record<string, Shape>
  required?: string[]
  items?: Shape
  /** Of a table by name, such as the multipliers of actions. */
  additionalProperties?: Shape | boolean
  propertyNames?: { enum?: string[] }
  enum?: string[]
  const?: string | number
  /** Such as `date`. */
  format?: string
  /** Kinds of it, told apart by `kind`. */
  oneOf?: Shape[]
  anyOf?: Shape[]
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  default?: unknown
}

/** Kinds between which something chooses, or undefined where there is one only. */
export const kindsOf = ({ oneOf, anyOf }: Shape): Shape[] | undefined => oneOf ?? anyOf

/** Names that `kind` may have in one of them. */
export const namesOf = (shape: Shape): string[] => {
  const kind = shape.properties?.kind
  return kind?.enum ?? (kind?.const === undefined ? [] : [String(kind.const)])
}

/** The kind that a value is of, else the first. */
export function chosen(shape: Shape, value: unknown): Shape {
  const kinds = kindsOf(shape)
  if (!kinds) return shape
  const kind = String(at(value, ['kind']))
  return kinds.find((one) => namesOf(one).includes(kind)) ?? kinds[0] ?? shape
}

/** What describes that place in this book; undefined where the book has no such place. */
export function shapeAt(root: Shape, path: Path, book: unknown): Shape | undefined {
  let shape: Shape | undefined = root
  for (const [i, step] of path.entries()) {
    if (!shape) return undefined
    const here: Shape = chosen(shape, at(book, path.slice(0, i)))
    shape = typeof step === 'number' ? here.items : here.properties?.[step]
    if (!shape && typeof step === 'string' && typeof here.additionalProperties === 'object')
      shape = here.additionalProperties
  }
  return shape
}

/** May be left out: nothing stands in for it. */
export function isOptional(root: Shape, path: Path, book: unknown): boolean {
  const last = path.at(-1)
  const parent = shapeAt(root, path.slice(0, -1), book)
  if (!parent || typeof last !== 'string') return false
  const here = chosen(parent, at(book, path.slice(0, -1)))
  if (here.propertyNames) return true
  return !here.required?.includes(last) && here.properties?.[last]?.default === undefined
}

/** A value to begin with: what the schema says, else the least that fits, else empty. */
export function blank(shape: Shape): unknown {
  if (shape.default !== undefined) {
    const filled = shape.type === 'object' ? blankObject(shape) : {}
    return typeof shape.default === 'object' && !Array.isArray(shape.default)
      ? { ...filled, ...shape.default }
      : shape.default
  }
  const [first] = kindsOf(shape) ?? []
  if (first) return blank(first)
  if (shape.const !== undefined) return shape.const
  if (shape.enum) return shape.enum[0]
  switch (shape.type) {
    case 'object':
      return blankObject(shape)
    case 'array':
      return Array.from({ length: shape.minItems ?? 0 }, () =>
        shape.items ? blank(shape.items) : '',
      )
    case 'boolean':
      return false
    case 'number':
    case 'integer':
      return Math.max(shape.minimum ?? 0, 0)
    default:
      return ''
  }
}

function blankObject({ properties = {}, required = [] }: Shape): object {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, shape]) =>
      required.includes(name) || shape.default !== undefined ? [[name, blank(shape)]] : [],
    ),
  )
}
