/** What the host says: a cue from the server turned into a sentence for the cue card. */

import { ONE } from '../../shared/points.ts'
import type { Cue } from '../../shared/protocol/events.ts'
import type { RungView } from '../../shared/room-state.ts'
import { formatFactor, formatPoints, type Lang } from '../ui/index.ts'
import { NAMES_SAID_MAX } from './limits.ts'
import { type Phrase, phrase } from './phrase.ts'

export interface CueCard {
  /** Who, for the head of the card: 小美 and 37 others. */
  who: Phrase
  /** The rung in the viewer's words. */
  tier: string
  /** The whole sentence to say. */
  say: Phrase
  /** The part of it that calls to action; goes on stage under the names. Empty where the rung gives nothing. */
  call: string
}

const LIST = { zh: '、', en: ', ' } as const

/** Names said aloud, and how many people are left over. */
function split(cue: Pick<Cue, 'names' | 'others'>): { said: Phrase; rest: number } {
  const names = cue.names.slice(0, NAMES_SAID_MAX)
  const rest = cue.others + cue.names.length - names.length
  return { said: names.map((text) => ({ text, kind: 'name' as const })), rest }
}

const joined = (names: Phrase, lang: Lang): Phrase =>
  names.flatMap((name, i) => (i ? [{ text: LIST[lang] }, name] : [name]))

/** What the rung gives, as one short sentence; benefits first, the multiplier where there are none. */
export function callOf(rung: RungView | undefined, lang: Lang): string {
  if (!rung) return ''
  const benefits = rung.benefits.slice(0, 2).map((benefit) => benefit[lang])
  if (benefits.length) {
    const list = benefits.join(lang === 'zh' ? '、' : ' and ')
    return lang === 'zh' ? `现在起享${list}` : `${list}, from now on`
  }
  const times = formatFactor(rung.factor * ONE)
  if (rung.factor > 1) return lang === 'zh' ? `现在起积分 ${times}` : `Points ${times} from now on`
  return ''
}

/** The people of a cue, as the head of the card and as the sentence name them. */
function peopleOf(cue: Cue, lang: Lang): { who: Phrase; people: Phrase } {
  const { said, rest } = split(cue)
  const count = formatPoints(rest)
  const names = joined(said, lang)
  if (lang === 'zh') {
    if (names.length === 0) return same([{ text: `${count} 位朋友` }])
    if (rest === 0) return same(names)
    return {
      who: [...names, { text: ` 和另外 ${count} 人` }],
      people: [...names, { text: `和另外 ${count} 位朋友` }],
    }
  }
  if (names.length === 0) return same([{ text: rest === 1 ? '1 viewer' : `${count} viewers` }])
  if (rest === 0) return same(names)
  return same([...names, { text: rest === 1 ? ' and 1 other' : ` and ${count} others` }])
}

const same = (people: Phrase) => ({ who: people, people })

/** The card of a cue. A rung that the ladder does not have is named by its number, never left out. */
export function cueCard(cue: Cue, rungs: RungView[], lang: Lang): CueCard {
  const rung = rungs[cue.rung]
  const tier = rung?.label[lang] ?? `Lv.${cue.rung}`
  const call = cue.greets ? '' : callOf(rung, lang)
  const { who, people } = peopleOf(cue, lang)
  if (cue.greets) {
    const say =
      lang === 'zh' ? phrase`欢迎${tier}${people}！` : phrase`Say hello to ${people}, ${tier}!`
    return { who, tier, say, call }
  }
  const last = lang === 'zh' ? call && `${call}。` : call && ` ${call}.`
  const say =
    lang === 'zh'
      ? phrase`恭喜${people}升级为${tier}！${[{ text: last }]}`
      : phrase`${people} just reached ${tier}!${[{ text: last }]}`
  return { who, tier, say, call }
}
