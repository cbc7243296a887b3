/** Countdown tasks and campaigns a host starts with two taps: what they say, what they cost at most. */

import type { SentOf } from '../../shared/protocol/index.ts'
import type { Label } from '../../shared/rulebook/schema.ts'
import type { Lang } from '../ui/index.ts'
import { type Phrase, phrase } from './phrase.ts'

export type TaskAction = SentOf<'task.start'>['action']
export type CampaignAction = NonNullable<SentOf<'campaign.start'>['action']>

export interface TaskDraft {
  kind: 'task'
  action: TaskAction
  goal: number
  points: number
  seconds: number
  /** Places; absent where everybody who reaches the goal is paid. */
  quota?: number
}

export interface CampaignDraft {
  kind: 'campaign'
  action: CampaignAction
  factor: number
  seconds: number
  /** Not one action: talking and sharing weigh the factor, silent watching less than usual. */
  keyMoment?: true
}

export type Draft = TaskDraft | CampaignDraft
export type TemplateIcon = 'share' | 'bolt' | 'star' | 'chat' | 'like' | 'eye' | 'bag'

export interface Template {
  id: string
  icon: TemplateIcon
  name: Label
  draft: Draft
}

export const TEMPLATES: readonly Template[] = [
  {
    id: 'share',
    icon: 'share',
    name: { zh: '10 分钟分享 +100', en: 'Share +100, 10 min' },
    draft: { kind: 'task', action: 'share', goal: 1, points: 100, seconds: 600, quota: 50 },
  },
  {
    id: 'double-share',
    icon: 'bolt',
    name: { zh: '分享双倍', en: 'Double shares' },
    draft: { kind: 'campaign', action: 'share', factor: 2, seconds: 600 },
  },
  {
    id: 'key-moment',
    icon: 'star',
    name: { zh: '关键时刻 ×2', en: 'Key moment ×2' },
    draft: { kind: 'campaign', action: 'all', factor: 2, seconds: 180, keyMoment: true },
  },
  {
    id: 'first-comments',
    icon: 'chat',
    name: { zh: '前 50 条评论 +20', en: 'First 50 comments +20' },
    draft: { kind: 'task', action: 'comment', goal: 1, points: 20, seconds: 300, quota: 50 },
  },
  {
    id: 'like-rush',
    icon: 'like',
    name: { zh: '点赞冲刺 +10', en: 'Like rush +10' },
    draft: { kind: 'task', action: 'like', goal: 50, points: 10, seconds: 180, quota: 200 },
  },
  {
    id: 'stay',
    icon: 'eye',
    name: { zh: '再看 5 分钟 +30', en: 'Stay 5 min +30' },
    draft: { kind: 'task', action: 'watch', goal: 300, points: 30, seconds: 600, quota: 200 },
  },
  {
    id: 'double-comments',
    icon: 'chat',
    name: { zh: '评论双倍', en: 'Double comments' },
    draft: { kind: 'campaign', action: 'comment', factor: 2, seconds: 300 },
  },
  {
    id: 'double-orders',
    icon: 'bag',
    name: { zh: '下单双倍', en: 'Double orders' },
    draft: { kind: 'campaign', action: 'purchase', factor: 2, seconds: 600 },
  },
]

export interface Facts {
  audience: number
  /** Points issued in the last minute; undefined until two samples are known. */
  perMinute: number | undefined
}

export interface Cost {
  /** Points at most; undefined where nothing bounds it yet. */
  most: number | undefined
  /** True where places bound it, whatever the room does. */
  exact: boolean
}

/**
 * The most a draft can cost. Places times points where there are places; everybody who is here where there
 * are none; for a campaign what the room earns at the present pace, times what the factor adds. The last two
 * are estimates, and are shown as such.
 */
export function costOf(draft: Draft, facts: Facts): Cost {
  if (draft.kind === 'task') {
    if (draft.quota !== undefined) return { most: draft.quota * draft.points, exact: true }
    return { most: facts.audience * draft.points, exact: false }
  }
  if (facts.perMinute === undefined) return { most: undefined, exact: false }
  const extra = facts.perMinute * (draft.seconds / 60) * (draft.factor - 1)
  return { most: Math.ceil(extra), exact: false }
}

/** The values a stepper goes through; after the last places come all. */
const RUNS = {
  seconds: [60, 120, 180, 300, 480, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200],
  points: [5, 10, 20, 30, 40, 50, 80, 100, 120, 150, 200, 300, 400, 500, 800, 1000],
  quota: [10, 20, 30, 40, 50, 80, 100, 150, 200, 300, 500, 800, 1000, 2000, 5000],
  likes: [10, 20, 30, 50, 80, 100, 150, 200],
  /** Watching counts in seconds. */
  watch: [60, 120, 180, 300, 600, 900, 1200, 1800],
  factor: [1.2, 1.5, 2, 2.5, 3],
} as const
export type Field = 'seconds' | 'points' | 'quota' | 'goal' | 'factor'

/** A goal must be possible in the time that there is. */
function runOf(draft: Draft, field: Field): readonly number[] {
  if (field !== 'goal') return RUNS[field]
  if (draft.kind === 'task' && draft.action === 'watch')
    return RUNS.watch.filter((goal) => goal <= draft.seconds)
  return RUNS.likes
}

/** Which steppers a draft has; sharing and commenting once is what anybody asks for. */
export function fieldsOf(draft: Draft): Field[] {
  if (draft.kind === 'campaign') return ['seconds', 'factor']
  const counted = draft.action === 'like' || draft.action === 'watch'
  return counted ? ['seconds', 'goal', 'points', 'quota'] : ['seconds', 'points', 'quota']
}

export function fieldValue(draft: Draft, field: Field): number | undefined {
  return field in draft ? (draft as Partial<Record<Field, number>>)[field] : undefined
}

/** The draft with one stepper moved by one; itself where there is no further value. */
export function step(draft: Draft, field: Field, by: 1 | -1): Draft {
  const run = runOf(draft, field)
  const value = fieldValue(draft, field)
  const next =
    by > 0
      ? run.find((candidate) => candidate > (value ?? Number.POSITIVE_INFINITY))
      : run.findLast((candidate) => candidate < (value ?? Number.POSITIVE_INFINITY))
  if (next !== undefined) return fit({ ...draft, [field]: next })
  if (draft.kind !== 'task' || field !== 'quota' || by < 0 || value === undefined) return draft
  const { quota: _, ...everybody } = draft
  return everybody
}

/** A shorter task asks for less watching. */
function fit(draft: Draft): Draft {
  if (draft.kind !== 'task' || draft.action !== 'watch') return draft
  return { ...draft, goal: Math.min(draft.goal, draft.seconds) }
}

/** 10 min, 1 h 30 min: whole minutes as people say them. */
export function minutesOf(seconds: number, lang: Lang): string {
  const minutes = Math.round(seconds / 60)
  if (lang === 'zh') return `${minutes} 分钟`
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}

const DONE: Record<TaskAction, (goal: number) => Label> = {
  share: (goal) =>
    goal === 1
      ? { zh: '分享直播间', en: 'Share the room' }
      : { zh: `分享直播间 ${goal} 次`, en: `Share the room ${goal} times` },
  comment: (goal) =>
    goal === 1
      ? { zh: '发一条评论', en: 'Comment' }
      : { zh: `发 ${goal} 条评论`, en: `${goal} comments` },
  like: (goal) => ({ zh: `点赞 ${goal} 次`, en: goal === 1 ? '1 like' : `${goal} likes` }),
  watch: (goal) => ({ zh: `观看 ${goal / 60} 分钟`, en: `Watch ${goal / 60} min` }),
}

export const ACTION_NAMES: Partial<Record<CampaignAction, Label>> = {
  all: { zh: '全场积分', en: 'All points' },
  like: { zh: '点赞', en: 'Likes' },
  comment: { zh: '评论', en: 'Comments' },
  question: { zh: '提问', en: 'Questions' },
  watch: { zh: '观看', en: 'Watching' },
  share: { zh: '分享', en: 'Shares' },
  purchase: { zh: '下单', en: 'Orders' },
  order: { zh: '订单', en: 'Orders' },
  join: { zh: '进场', en: 'Joining' },
  follow: { zh: '关注', en: 'Follows' },
  vote: { zh: '投票', en: 'Votes' },
}

export const actionName = (action: CampaignAction, lang: Lang): string =>
  ACTION_NAMES[action]?.[lang] ?? action

/** What silent watching weighs in a key moment. */
const WATCHING = 0.5
const weightsOf = (factor: number) => ({
  ...{ comment: factor, question: factor, share: factor },
  watch: WATCHING,
})

/** What viewers read on the task or campaign. */
export function titleOf(draft: Draft): Label {
  if (draft.kind === 'task') return DONE[draft.action](draft.goal)
  if (draft.keyMoment)
    return {
      zh: `评论、提问、分享 ×${draft.factor}，观看 ×${WATCHING}`,
      en: `Talking and sharing ×${draft.factor}, watching ×${WATCHING}`,
    }
  return {
    zh: `${actionName(draft.action, 'zh')} ×${draft.factor}`,
    en: `${actionName(draft.action, 'en')} ×${draft.factor}`,
  }
}

/** The draft as the one sentence the host confirms. */
export function sentenceOf(draft: Draft, lang: Lang): Phrase {
  const time = minutesOf(draft.seconds, lang)
  if (draft.kind === 'campaign' && draft.keyMoment) {
    const factor = `×${draft.factor}`
    return lang === 'zh'
      ? phrase`接下来 ${time}，${[{ text: '评论、提问、分享' }]} ${factor}，观看 ${`×${WATCHING}`}。`
      : phrase`For ${time}: ${[{ text: 'comments, questions and shares' }]} ${factor}, watching ${`×${WATCHING}`}.`
  }
  if (draft.kind === 'campaign') {
    const what = actionName(draft.action, lang)
    return lang === 'zh'
      ? phrase`接下来 ${time}，${[{ text: draft.action === 'all' ? '全场积分' : `${what}积分` }]} ${`×${draft.factor}`}。`
      : phrase`For ${time}: ${[{ text: what.toLowerCase() }]} ${`×${draft.factor}`}.`
  }
  const what = DONE[draft.action](draft.goal)[lang]
  const places = draft.quota
  if (lang === 'zh') {
    const who = places === undefined ? phrase`，人人有份。` : phrase`，前 ${`${places} 名`}。`
    return phrase`最后 ${time}，${[{ text: what }]}得 ${`${draft.points} 分`}${who}`
  }
  const who = places === undefined ? phrase`, everybody.` : phrase`, first ${places}.`
  const lower = what.slice(0, 1).toLowerCase() + what.slice(1)
  return phrase`Last ${time}: ${[{ text: lower }]} for ${`${draft.points} points`}${who}`
}

/** What the server is asked for; the request id makes a second tap harmless. */
export function taskInput(draft: TaskDraft, requestId: string): SentOf<'task.start'> {
  const { kind: _, quota, ...task } = draft
  return { ...task, requestId, title: titleOf(draft), ...(quota === undefined ? {} : { quota }) }
}

export function campaignInput(draft: CampaignDraft, requestId: string): SentOf<'campaign.start'> {
  const { kind: _, keyMoment, action, factor, seconds } = draft
  const what = keyMoment ? { weights: weightsOf(factor) } : { action, factor }
  return { ...what, seconds, requestId, title: titleOf(draft) }
}
