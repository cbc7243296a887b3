/** What a rulebook says about its team tasks. */

import type { TeamAction } from '../teams.ts'
import { type Lang, plain, pointsOf } from './labels.ts'
import type { TeamTask } from './team-tasks.ts'

/** "30 comments", "30 条评论". */
export const TEAM_UNITS: Record<TeamAction, Record<Lang, (n: string) => string>> = {
  watch: { zh: (n) => `看直播 ${n} 分钟`, en: (n) => `${n} minutes watched` },
  comment: { zh: (n) => `评论 ${n} 条`, en: (n) => `${n} comments` },
  like: { zh: (n) => `点赞 ${n} 次`, en: (n) => `${n} likes` },
  share: { zh: (n) => `分享 ${n} 次`, en: (n) => `${n} shares` },
}

function whenText({ period, from, until }: TeamTask, lang: Lang): string {
  const every = {
    day: { zh: '每天', en: 'every day' },
    week: { zh: '每周', en: 'every week' },
    window: { zh: '', en: '' },
  }[period][lang]
  if (!from && !until) return every
  const span =
    lang === 'zh'
      ? `${from ?? ''} 至 ${until ?? ''}`.trim()
      : `${from ? `from ${from}` : ''}${until ? ` until ${until}` : ''}`.trim()
  return [every, span].filter(Boolean).join(lang === 'zh' ? '，' : ', ')
}

/** What a team reaches, by how many, what each gets, and what no member may do alone. */
export function teamTaskSentence(task: TeamTask, lang: Lang): string {
  const { title, action, target, most, least, min, max, points, budget, sameNetwork } = task
  const all = TEAM_UNITS[action][lang](plain(target))
  const when = whenText(task, lang)
  if (lang === 'zh')
    return [
      `${title.zh}：${when ? `${when}，` : ''}${min}–${max} 人组队合力${all}`,
      `每人最多算 ${plain(most)}，满 ${plain(least)} 的成员各得 ${pointsOf(points, lang)}`,
      `每期一人一队，同一网络最多 ${sameNetwork} 人，退队带走自己的贡献`,
      `每期最多发 ${pointsOf(budget, lang)}，开队即为全队预留`,
    ].join('；')
  return [
    `${title.en}: ${when ? `${when}, ` : ''}teams of ${min} to ${max} reach ${all} together`,
    `one member counts for at most ${plain(most)}, and who did at least ${plain(least)} gets ${pointsOf(points, lang)}`,
    `one team each at a time, at most ${sameNetwork} from one network, and who leaves takes the own part along`,
    `at most ${pointsOf(budget, lang)} in all, put aside for a team when it is opened`,
  ].join('; ')
}
