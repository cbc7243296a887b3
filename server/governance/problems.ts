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
  'only purchases have a category': {
    zh: '只有消费任务分类目',
    en: 'Only purchases have a category',
  },
  'each step once': { zh: '每一步只选一次', en: 'Each step once' },
  'each privilege stands once': { zh: '同一项权益只列一次', en: 'Each privilege once' },
  'a perk needs a name of its own': {
    zh: '这个编号已是系统权益，请换一个',
    en: 'That id stands for a privilege of the service; take another',
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
