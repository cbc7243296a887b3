/** Fields of a rulebook that an arm may change, as the form offers them. What else may differ is said by the API. */

import { ACTION_LABELS } from '../../../shared/rulebook/labels.ts'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import type { Unit } from '../../../shared/rulebook/variant.ts'
import type { Lang } from '../../ui/lang.ts'
import { WORDS } from './words.ts'

export type FieldKind = 'points' | 'growth' | 'perDay' | 'factor' | 'ceiling' | 'halfLife'

export interface Field {
  field: string
  label: string
  /** As it stands in the current rules; absent where there is no cap. */
  now: number | undefined
}

export function fieldsOf(book: Rulebook, unit: Unit, lang: Lang): Field[] {
  const { kinds } = WORDS[lang]
  const ofRules = book.earn.flatMap(({ id, action, points, growth, caps }): Field[] => {
    const name = `${ACTION_LABELS[action][lang]} (${id})`
    return [
      { field: `earn.${id}.points`, label: `${name} · ${kinds.points}`, now: points },
      { field: `earn.${id}.growth`, label: `${name} · ${kinds.growth}`, now: growth },
      { field: `earn.${id}.perDay`, label: `${name} · ${kinds.perDay}`, now: caps.perDay },
    ]
  })
  const whole: Field =
    unit === 'account'
      ? { field: 'redemption.factor', label: kinds.factor, now: book.redemption.factor }
      : { field: 'heat.halfLifeSec', label: kinds.halfLife, now: book.heat.halfLifeSec }
  return [whole, ...ofRules, { field: 'ceiling', label: kinds.ceiling, now: book.ceiling }]
}

/** A field by its name; what the form does not offer by its path. */
export const fieldLabel = (fields: readonly Field[], field: string): string =>
  fields.find((one) => one.field === field)?.label ?? field
