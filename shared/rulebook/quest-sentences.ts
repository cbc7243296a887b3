/** What a rulebook says about a quest, in one sentence. */

import { ACTION_LABELS, growthOf, type Lang, listed, plain, pointsOf, unitsOf } from './labels.ts'
import type { Quest, QuestStep, Rulebook } from './schema.ts'

const WITHIN = {
  day: { zh: '每天', en: 'a day' },
  week: { zh: '每周', en: 'a week' },
  once: { zh: '', en: '' },
} as const

const CYCLES = {
  again: { zh: '之后从第 1 天重新开始', en: 'then the streak begins again' },
  stay: { zh: '之后每天相同', en: 'then every day pays the same' },
  end: { zh: '只得一次', en: 'once only' },
} as const

/** `每日签到：连续第 1 天得 1 积分、第 2 天得 2 积分，之后每天相同；断一天从第 1 天重来`. */
export function questSentence(quest: Quest, book: Rulebook, lang: Lang): string {
  const { period, cycle } = quest
  const steps = quest.steps.map((step) => stepText(quest, step, lang))
  const zh = lang === 'zh'
  const within = period === 'streak' ? '' : WITHIN[period][lang]
  const parts = [
    zh ? `${within}${steps.join('、')}` : `${steps.join(', ')}${within && ` ${within}`}`,
    ...(period === 'streak' ? [CYCLES[cycle][lang], broken(lang)] : []),
    ...conditions(quest, book, lang),
  ]
  return `${quest.title[lang]}${zh ? '：' : ': '}${parts.join(zh ? '，' : ', ')}`
}

const broken = (lang: Lang): string =>
  lang === 'zh' ? '断一天就从第 1 天重来' : 'a day missed begins it anew'

function stepText(quest: Quest, step: QuestStep, lang: Lang): string {
  const what = goalText(quest, step.goal, lang)
  const gains = [
    ...(step.points > 0 ? [pointsOf(step.points, lang)] : []),
    ...(step.growth > 0 ? [growthOf(step.growth, lang)] : []),
    ...(step.rungs > 0 ? [lang === 'zh' ? '升一级' : 'a tier up'] : []),
  ]
  if (lang === 'zh') return `${what}得 ${gains.join('和 ') || '0 积分'}`
  return `${what} for ${listed(gains, lang) || 'nothing'}`
}

function goalText({ period, action }: Quest, goal: number, lang: Lang): string {
  const { zh, en } = ACTION_LABELS[action]
  if (period === 'streak')
    return lang === 'zh' ? `连续${zh}第 ${goal} 天` : `${en} on day ${goal} in a row`
  if (action === 'watch')
    return lang === 'zh' ? `看满 ${plain(goal)} 分钟` : `${plain(goal)} minutes of watching`
  return lang === 'zh' ? `${zh}满 ${unitsOf(action, goal, lang)}` : unitsOf(action, goal, lang)
}

function conditions(quest: Quest, book: Rulebook, lang: Lang): string[] {
  const { inRoom, category, newDays, minRung, needs, season } = quest
  const say = (zh: string, en: string) => (lang === 'zh' ? zh : en)
  const rung = book.ladder.rungs[minRung]?.label[lang] ?? String(minRung)
  const first = book.quests.find(({ id }) => id === needs)?.title[lang] ?? needs
  return [
    ...(inRoom ? [say('要在直播间里', 'in a live')] : []),
    ...(category === undefined ? [] : [say(`限 ${category} 类`, `only of ${category}`)]),
    ...(newDays === undefined
      ? []
      : [say(`限新人前 ${newDays} 天`, `in the first ${newDays} days of an account`)]),
    ...(minRung > 0 ? [say(`${rung}起`, `from ${rung} on`)] : []),
    ...(needs === undefined ? [] : [say(`先完成「${first}」`, `after “${first}”`)]),
    ...(season
      ? [
          say(
            `${season.from} 到 ${season.until} 积分为 ${season.percent}%`,
            `${season.percent}% of its points from ${season.from} to ${season.until}`,
          ),
        ]
      : []),
  ]
}
