/** What viewers bought, in words: a broadcast large, all others a line or two. */

import { formatPoints, type Lang, TierBadge } from '../ui/index.ts'
import type { Effect } from './lane.ts'
import { Names } from './Names.tsx'
import { STRINGS } from './strings.ts'

type Bought = Extract<
  Effect,
  { kind: 'broadcast' | 'entrance' | 'tip' | 'drawn' | 'voted' | 'opened' }
>
const WINNERS_MAX = 3

export function PlaySaid({ effect, lang }: { effect: Bought; lang: Lang }) {
  const t = STRINGS[lang]
  switch (effect.kind) {
    case 'broadcast':
      return (
        <div class="txt">
          <p class="s4 say" dir="auto">
            {effect.text}
          </p>
          <div class="s2 by">
            <TierBadge rung={effect.rung} />
            <bdi class="ff-cut" dir="auto">
              {effect.name || t.people(1)}
            </bdi>
          </div>
        </div>
      )
    case 'entrance':
    case 'tip':
      return (
        <div class="txt line">
          <Names names={effect.names} others={effect.others} lang={lang} small />
          <span class="s1">{effect.kind === 'tip' ? t.tipped(effect.points) : t.came}</span>
        </div>
      )
    case 'drawn':
      return (
        <div class="txt">
          <div class="s1">
            <bdi>{effect.title[lang]}</bdi> · {t.winners}
          </div>
          {effect.winners.slice(0, WINNERS_MAX).map(({ handle, name, prize }) => (
            <div class="s2" key={handle}>
              <bdi>{name || t.people(1)}</bdi>{' '}
              <span class="acc">
                {prize.title?.[lang] ?? (prize.points > 0 ? t.points(prize.points) : prize.voucher)}
              </span>
            </div>
          ))}
          {effect.winners.length === 0 && <div class="s2">{t.nobody}</div>}
          {effect.winners.length + effect.others > WINNERS_MAX && (
            <div class="s1">{t.others(effect.winners.length + effect.others - WINNERS_MAX)}</div>
          )}
        </div>
      )
    case 'voted':
      return (
        <div class="txt">
          <div class="s1">
            <bdi>{effect.title[lang]}</bdi> · {t.most}
          </div>
          <div class="s3">
            <bdi>{effect.best[lang]}</bdi>{' '}
            <small class="acc ff-n">{t.votes(formatPoints(effect.votes))}</small>
          </div>
        </div>
      )
    case 'opened':
      return (
        <div class="txt line">
          <span class="s1">{t.opened[effect.what]}</span>
          <bdi class="s2">{effect.title[lang]}</bdi>
        </div>
      )
  }
}
