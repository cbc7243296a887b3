/**
 * A variant of a rulebook: the book with named fields changed, for some of the accounts or some of the rooms. Only what
 * is safe there may be named: two viewers of one room share its heat, ladder, board, tasks and budget.
 */

import type { Action } from '../receipt.ts'
import { Rulebook } from './schema.ts'

/** By what an experiment tells its arms apart. */
export const UNITS = ['account', 'room'] as const
export type Unit = (typeof UNITS)[number]

/** One field and what it becomes; `null` takes a cap away. */
export interface VariantChange {
  field: string
  value: number | boolean | string | null
}

/** Of an earn rule, as they stand in the book; caps and the minutes of a goal by their own names. */
const EARN = ['enabled', 'points', 'growth', 'per', 'capPerAward', 'capStage'] as const
const CAPS = ['perMinute', 'perLive', 'perDay', 'ever'] as const
const OF_ROOM = ['halfLifeSec', 'perViewer', 'minActors', 'minDwellSec', 'hysteresis'] as const

/** Where a field stands: the object it is a member of, and its name there. */
interface Place {
  in: Record<string, unknown>
  name: string
}

const isOneOf = (names: readonly string[], name: string): boolean => names.includes(name)

function ofEarn(book: Rulebook, id: string, name: string): Place | undefined {
  const rule = book.earn.find((one) => one.id === id)
  if (!rule) return undefined
  if (isOneOf(EARN, name)) return { in: rule, name }
  if (isOneOf(CAPS, name)) return { in: rule.caps, name }
  return name === 'minutes' && rule.goal ? { in: rule.goal, name } : undefined
}

function ofHeat({ heat }: Rulebook, [name = '', action]: readonly string[]): Place | undefined {
  if (action === undefined) return isOneOf(OF_ROOM, name) ? { in: heat, name } : undefined
  return name === 'weights' ? { in: heat.weights, name: action } : undefined
}

function ofProfile(book: Rulebook, id: string, action: string): Place | undefined {
  const profile = book.profiles.find((one) => one.id === id)
  return profile && { in: profile.factors satisfies Partial<Record<Action, number>>, name: action }
}

/** What a viewer's own points follow from, and nobody else's. */
function placeOf(book: Rulebook, field: string, unit: Unit): Place | undefined {
  const [part = '', first = '', second = '', ...more] = field.split('.')
  if (more.length > 0) return undefined
  const isOfRoom = unit === 'room'
  switch (part) {
    case 'earn':
      return ofEarn(book, first, second)
    case 'stacking':
    case 'ceiling':
      return first === '' ? { in: book, name: part } : undefined
    case 'redemption':
      return first === 'factor' && second === '' && !isOfRoom
        ? { in: book.redemption, name: first }
        : undefined
    case 'heat':
      return isOfRoom ? ofHeat(book, second === '' ? [first] : [first, second]) : undefined
    case 'profiles':
      return isOfRoom ? ofProfile(book, first, second) : undefined
    default:
      return undefined
  }
}

/** The book with the changes; else the first field that may not differ there, or whose value does not fit. */
export function variantOf(
  base: Rulebook,
  { changes, unit, note }: { changes: readonly VariantChange[]; unit: Unit; note: string },
): { ok: true; book: Rulebook } | { ok: false; field: string } {
  let book = structuredClone(base)
  for (const { field, value } of changes) {
    const place = placeOf(book, field, unit)
    if (!place) return { ok: false, field }
    if (value === null) delete place.in[place.name]
    else place.in[place.name] = value
    const parsed = Rulebook.safeParse(book)
    if (!parsed.success) return { ok: false, field }
    book = parsed.data
  }
  return { ok: true, book: { ...book, note } }
}
