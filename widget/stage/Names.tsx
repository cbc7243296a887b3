/** Names and how many others. */

import type { Lang } from '../ui/index.ts'
import { NAMES_SHOWN_MAX } from './limits.ts'
import { STRINGS } from './strings.ts'

interface NamesProps {
  names: string[]
  others: number
  lang: Lang
  small?: boolean
}

/** 小美 and 37 others: names are a viewer's own text, isolated and inert. */
export function Names({ names, others, lang, small }: NamesProps) {
  const t = STRINGS[lang]
  const shown = names.slice(0, NAMES_SHOWN_MAX)
  const rest = others + names.length - shown.length
  return (
    <div class={`${small ? 's2' : 's3'} names`} data-many={shown.length > 1 || undefined}>
      {shown.map((name, i) => (
        <>
          {i > 0 && (lang === 'zh' ? '、' : ', ')}
          <bdi class="ff-cut" dir="auto" key={name}>
            {name}
          </bdi>
        </>
      ))}
      {shown.length > 0 && rest > 0 && ' '}
      {shown.length === 0 ? t.people(rest) : rest > 0 && <small>{t.others(rest)}</small>}
    </div>
  )
}
