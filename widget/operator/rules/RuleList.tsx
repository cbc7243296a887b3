/** All rules of the book by group, each with what it says in short. */

import { useSignal } from '@preact/signals'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import { useDesk } from '../desk.ts'
import { bears, WordField } from '../Sift.tsx'
import { Quiet } from '../Strip.tsx'
import { spoken } from './compare.ts'
import { isChanged, useEditing } from './context.ts'
import { GROUPS, type Group, type Item, itemAt, saysIt } from './items.ts'
import { NewRule } from './NewRule.tsx'
import type { Path } from './path.ts'
import type { Rules } from './store.ts'

interface RuleListProps {
  items: Item[]
  shown: Item | undefined
  rules: Rules
  go: (id: string) => void
}

export function RuleList({ items, shown, rules, go }: RuleListProps) {
  const editing = useEditing()
  const { book, lang, w, problems } = editing
  const { t } = useDesk()
  const adding = useSignal(false)
  const said = spoken(book, lang)
  const wrong = new Set(problems.map(({ field }) => itemAt(items, field)?.id))
  const word = useSignal('')
  const textOf = (item: Item): string =>
    said
      .filter(({ key }) => saysIt(item, key))
      .map(({ text }) => text)
      .join(lang === 'zh' ? '；' : '; ')
  const found = items
    .map((item) => ({ item, text: textOf(item) }))
    .filter(({ item, text }) => bears(word.value, item.id, item.name[lang], text))
  const groups = (Object.keys(GROUPS) as Group[]).map((group) => ({
    group,
    all: found.filter(({ item }) => item.group === group),
  }))
  const isWhole = !word.value.trim()
  return (
    <nav class="ff-card rules" aria-label={w.list}>
      <WordField label={w.find} word={word} />
      {found.length === 0 && <Quiet>{t.noneSuch}</Quiet>}
      {isWhole && <Groups />}
      {groups.map(({ group, all }) => (
        <div key={group}>
          {(isWhole || all.length > 0) && (
            <h2 id={headOf(group)} tabIndex={-1}>
              {GROUPS[group][lang]}
            </h2>
          )}
          {all.map(({ item, text }) => (
            <button
              key={item.id}
              type="button"
              aria-current={item === shown ? 'true' : undefined}
              data-rule={item.id}
              onClick={() => go(item.id)}
            >
              <b>
                <span class="ff-cut">{item.name[lang]}</span>
                {wrong.has(item.id) ? (
                  <span class="ff-chip bad">{w.wrong}</span>
                ) : item.paths.some((path) => isChanged(editing, path)) ? (
                  <span class="ff-chip on">{w.changed}</span>
                ) : (
                  item.off && <span class="ff-chip">{item.optional ? w.absent : w.off}</span>
                )}
              </b>
              <small>{text}</small>
            </button>
          ))}
          {isWhole && group === 'earn' && (
            <button
              type="button"
              class="plus"
              onClick={() => {
                adding.value = true
              }}
            >
              + {w.addRule}
            </button>
          )}
          {isWhole && group === 'tiers' && book.ladder.rungs.length < RUNGS_MAX && (
            <button
              type="button"
              class="plus"
              onClick={() => go(`tier.${addTier(book, rules.edit)}`)}
            >
              + {w.addTier}
            </button>
          )}
        </div>
      ))}
      {adding.value && (
        <NewRule
          rules={rules}
          close={() => {
            adding.value = false
          }}
          made={(id) => go(`earn.${id}`)}
        />
      )}
    </nav>
  )
}

const headOf = (group: Group): string => `rules-of-${group}`

/** The way to each group where the list is longer than the screen. */
function Groups() {
  const { lang } = useDesk()
  return (
    <div class="groups">
      {(Object.keys(GROUPS) as Group[]).map((group) => (
        <button
          key={group}
          type="button"
          class="ff-chip"
          onClick={() => {
            const head = document.getElementById(headOf(group))
            head?.scrollIntoView()
            head?.focus({ preventScroll: true })
          }}
        >
          {GROUPS[group][lang]}
        </button>
      ))}
    </div>
  )
}

const RUNGS_MAX = 10

/** The next rung up, twice as far as the one below; answers its id. */
function addTier(
  { ladder: { rungs } }: Rulebook,
  edit: (path: Path, value: unknown) => void,
): string {
  const top = rungs.at(-1)
  let n = rungs.length + 1
  while (rungs.some(({ id }) => id === `tier_${n}`)) n += 1
  const id = `tier_${n}`
  edit(['ladder', 'rungs', rungs.length], {
    id,
    label: { zh: `第 ${rungs.length + 1} 级`, en: `Tier ${rungs.length + 1}` },
    growth: Math.max((top?.growth ?? 0) * 2, 1),
    factor: top?.factor ?? 1,
    benefits: [],
    privileges: [],
  })
  return id
}
