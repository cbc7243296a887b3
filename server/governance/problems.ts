/** What does not fit in a rulebook, field by field, in words for who edits it. */

import type { z } from 'zod'
import type { Label } from '../../shared/rulebook/schema.ts'

/** Problems told at once; who has more has the next ones when these are gone. */
export const PROBLEMS_MAX = 50

export interface Problem {
  /** Where, as a path: `earn.3.points`. */
  field: string
  text: Label
}

/** In the order of the schema. */
export const problemsOf = ({ issues }: z.ZodError): Problem[] =>
  issues.slice(0, PROBLEMS_MAX).map((issue) => {
    const path = issue.path.map(String)
    if (issue.code === 'unrecognized_keys') path.push(...issue.keys.slice(0, 1))
    return { field: path.join('.'), text: textOf(issue) }
  })

/** What the schema's own conditions say, by the message they carry. */
const CONDITIONS: Record<string, Label> = {
  'at most three decimals': { zh: '最多三位小数', en: 'At most three decimals' },
  'each rung needs more growth than the one below': {
    zh: '每一级的成长值要比下一级高',
    en: 'Each tier needs more growth than the one below',
  },
  'the first rung starts at 0': { zh: '第一级从 0 开始', en: 'The first tier starts at 0' },
  'not an IANA time zone': {
    zh: '没有这个时区，例：Asia/Shanghai',
    en: 'No such time zone; for example Asia/Shanghai',
  },
  'only watch rules have a goal': {
    zh: '只有观看规则有时长目标',
    en: 'Only watch rules have a goal',
  },
  'the goal is the unit of a watch rule': {
    zh: '观看规则按目标计，这里填 1',
    en: 'A watch rule counts by its goal; put 1 here',
  },
  'a watch rule needs a goal': { zh: '观看规则要有时长目标', en: 'A watch rule needs a goal' },
  'levels start at 0 and rise': {
    zh: '第一级从 0 开始，往上逐级升高',
    en: 'Levels start at 0 and rise',
  },
  'each step needs more than the one before': {
    zh: '每一步要比前一步多',
    en: 'Each step needs more than the one before',
  },
  'only purchases and good deeds have a category': {
    zh: '只有消费和公益任务分类目',
    en: 'Only purchases and good deeds have a category',
  },
  'each step once': { zh: '每一步只选一次', en: 'Each step once' },
  'each privilege stands once': { zh: '同一项权益只列一次', en: 'Each privilege once' },
  'a perk needs a name of its own': {
    zh: '这个编号已是系统权益，请换一个',
    en: 'That id stands for a privilege of the service; take another',
  },
  'enough for one team at least': {
    zh: '至少要够一支满员队伍：每人奖励 × 最多几人',
    en: 'Enough for one full team at least: points for each member times members at most',
  },
  'a window has two ends': {
    zh: '只办一次的任务要填第一天和最后一天',
    en: 'A task that runs once has a first and a last day',
  },
  'not more than one member contributes': {
    zh: '不能高于“一人最多算多少”',
    en: 'Not above what counts of one member',
  },
  'not more than a team may have': {
    zh: '不能多于最多几人',
    en: 'Not more than a team may have',
  },
  'a full team must be able to reach the target': {
    zh: '太低：满员队伍也达不到全队目标',
    en: 'Too low: a full team could not reach the target',
  },
  'nobody reaches the target alone': {
    zh: '要比全队目标低：一个人不能独自完成',
    en: 'Below the target: nobody reaches it alone',
  },
  'a lower place is not given more': {
    zh: '名次靠后的奖励不能更多',
    en: 'A lower place is not given more',
  },
  'not more than places are shown': {
    zh: '不能多于显示的名次',
    en: 'Not more than places are shown',
  },
  'not before the first day': {
    zh: '不能早于第一天',
    en: 'Not before the first day',
  },
  'a condition has a bound': {
    zh: '条件要填至少或至多',
    en: 'A condition has a lower or an upper bound',
  },
  'at most four decimals': {
    zh: '最多四位小数',
    en: 'At most four decimals',
  },
  'each category once': {
    zh: '每个类目只列一次',
    en: 'Each category once',
  },
  'each id once': {
    zh: '编号不能重复',
    en: 'Each id once',
  },
  'each level begins above the one before': {
    zh: '每一级的起点要比前一级高',
    en: 'Each level begins above the one before',
  },
  'each level leaves less than the one before': {
    zh: '每一级剩下的要比前一级少',
    en: 'Each level leaves less than the one before',
  },
  'each offer stands once': {
    zh: '每个专属奖励只列一次',
    en: 'Each offer once',
  },
  'each segment stands once': {
    zh: '每个人群只列一次',
    en: 'Each segment once',
  },
  'names an action at least': {
    zh: '至少选一种行为',
    en: 'At least one action',
  },
  'no rung of the ladder': {
    zh: '没有这个等级',
    en: 'No such tier',
  },
  'not below `warn`': {
    zh: '报警线不能低于预警线',
    en: 'The alarm is not below the warning',
  },
  'the warning comes within the window': {
    zh: '提醒要在保级期之内',
    en: 'The warning comes within the window',
  },
  'an https address': { zh: '要以 https:// 开头的网址', en: 'An https address' },
}

function textOf(issue: z.core.$ZodIssue): Label {
  switch (issue.code) {
    case 'too_small':
      return atLeast(issue)
    case 'too_big':
      return atMost(issue)
    case 'invalid_type':
      return issue.expected === 'int'
        ? { zh: '要填整数', en: 'A whole number' }
        : { zh: '还没有填', en: 'Missing' }
    case 'invalid_value':
    case 'invalid_union':
      return { zh: '请选一项', en: 'Choose one' }
    case 'unrecognized_keys':
      return { zh: '这里没有这一项', en: 'There is no such field here' }
    case 'invalid_format':
      if (issue.format === 'date')
        return { zh: '日期写成 2026-11-30', en: 'A day, as in 2026-11-30' }
      return (
        CONDITIONS[issue.message] ?? {
          zh: '只用字母、数字、下划线，以小写字母开头',
          en: 'Letters, digits and underscores, a small letter first',
        }
      )
    default:
      return conditionOf(issue.message)
  }
}

type Bound = { origin: string; inclusive?: boolean | undefined }

function atLeast({ origin, minimum }: Bound & { minimum: number | bigint }): Label {
  if (origin === 'string') return { zh: '还没有填', en: 'Missing' }
  if (origin === 'array') return { zh: `至少 ${minimum} 项`, en: `At least ${minimum}` }
  return { zh: `至少 ${minimum}`, en: `At least ${minimum}` }
}

function atMost({ origin, maximum }: Bound & { maximum: number | bigint }): Label {
  if (origin === 'string')
    return { zh: `最多 ${maximum} 个字`, en: `At most ${maximum} characters` }
  if (origin === 'array') return { zh: `最多 ${maximum} 项`, en: `At most ${maximum}` }
  return { zh: `最多 ${maximum}`, en: `At most ${maximum}` }
}

function conditionOf(message: string): Label {
  const known = CONDITIONS[message]
  if (known) return known
  const twice = /^(.+) stands twice$/.exec(message)?.[1]
  return twice
    ? { zh: `${twice} 出现了两次`, en: `${twice} stands twice` }
    : { zh: `不合规则（${message}）`, en: message }
}
