/** What every part of the rule pages reads: the draft, its form, and what it is compared with. */

import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import type { Lang } from '../../ui/lang.ts'
import type { Problem } from './draft.ts'
import { at, type Path, same } from './path.ts'
import type { Shape } from './shape.ts'
import { type RuleWords, WORDS } from './words.ts'

export interface Editing {
  lang: Lang
  w: RuleWords
  form: Shape
  book: Rulebook
  /** In force. */
  base: Rulebook
  /** Where a place of the book stands in the one in force: rules may have moved. */
  inBase(path: Path): Path
  problems: readonly Problem[]
  edit(path: Path, value: unknown): void
}

/** In the address: `#/rules/history/43/42` compares two versions. */
export const HISTORY = 'history'

const Context = createContext<Editing | undefined>(undefined)

export const WithEditing = Context.Provider

export function useEditing(): Editing {
  const found = useContext(Context)
  if (!found) throw new Error('useEditing outside of the rule pages')
  return found
}

export const isChanged = ({ book, base, inBase }: Editing, path: Path): boolean =>
  !same(at(book, path), at(base, inBase(path)))

/** Rules and tiers are the same by their id, wherever they stand. */
export function placeIn(base: Rulebook, book: Rulebook): Editing['inBase'] {
  return (path) => {
    const moved = (list: { id: string }[], mine: { id: string }[], depth: number): Path => {
      const id = mine[Number(path[depth])]?.id
      return [
        ...path.slice(0, depth),
        list.findIndex((one) => one.id === id),
        ...path.slice(depth + 1),
      ]
    }
    if (path[0] === 'earn' && path.length > 1) return moved(base.earn, book.earn, 1)
    if (path[0] === 'ladder' && path[1] === 'rungs' && path.length > 2)
      return moved(base.ladder.rungs, book.ladder.rungs, 2)
    return path
  }
}

export const wordsOf = (lang: Lang): RuleWords => WORDS[lang]
