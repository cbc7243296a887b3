/** The one plate bottom left: an announcement, a line of tier-ups, a comment the host picked, a task that ended. */

import type { ComponentChildren } from 'preact'
import type { RungView } from '../../shared/room-state.ts'
import { Icon, type Lang, TierBadge } from '../ui/index.ts'
import type { Effect } from './lane.ts'
import { Names } from './Names.tsx'
import { PlaySaid } from './PlaySaid.tsx'
import { STRINGS } from './strings.ts'

interface EffectPlateProps {
  effect: Exclude<Effect, { kind: 'level' }>
  rungs: RungView[]
  leaving: boolean
  lang: Lang
}

export function EffectPlate({ effect, rungs, leaving, lang }: EffectPlateProps) {
  const t = STRINGS[lang]
  const tierOf = (rung: number) => rungs[rung]?.label[lang] ?? `Lv.${rung}`
  const plate = (kind: string, children: ComponentChildren) => (
    <section class={`p fan ${kind}`} data-leaving={leaving || undefined} role="status">
      {children}
    </section>
  )
  switch (effect.kind) {
    case 'announced':
      return plate(
        'announced',
        <>
          <span class="med" data-tier={effect.rung}>
            <TierBadge rung={effect.rung} />
          </span>
          <div class="txt">
            <Names names={effect.names} others={effect.others} lang={lang} />
            <div class="s2">{t.reached(tierOf(effect.rung))}</div>
            {effect.text && (
              <span class="cta" dir="auto">
                {effect.text}
              </span>
            )}
          </div>
        </>,
      )
    case 'reached':
      return plate(
        'reached',
        <>
          <TierBadge rung={effect.rung} />
          <div class="txt line">
            <Names names={effect.names} others={effect.others} lang={lang} small />
            <span class="s1">{t.reached(tierOf(effect.rung))}</span>
          </div>
        </>,
      )
    case 'spotlight':
      return plate(
        'spot',
        <div class="txt">
          <div class="s1 by">
            <Icon name="spot" />
            <span>{t.spotlight}</span>
          </div>
          <p class="s3 say" dir="auto">
            {effect.comment.text}
          </p>
          <div class="s2 by">
            <TierBadge rung={effect.comment.rung} />
            <bdi class="ff-cut" dir="auto">
              {effect.comment.name}
            </bdi>
          </div>
        </div>,
      )
    case 'broadcast':
    case 'entrance':
    case 'tip':
    case 'drawn':
    case 'voted':
    case 'opened':
      return plate(effect.kind, <PlaySaid effect={effect} lang={lang} />)
    case 'won':
      return plate(
        'won',
        <>
          <Icon name="check" />
          <div class="txt line">
            <span class="s1">{t.wonTitle}</span>
            <span class="s2 ff-n">{t.won(effect.won)}</span>
          </div>
        </>,
      )
  }
}
