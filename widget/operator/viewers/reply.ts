/** The sentence an operator can send: what happened then, why that many, and what still earns today. */

import type { AccountState } from '../../../shared/account-state.ts'
import { ACTION_LABELS } from '../../../shared/rulebook/labels.ts'
import { formatPoints } from '../../ui/lang.ts'
import type { Facts } from '../house.ts'
import { momentOf, sameDay } from '../time.ts'
import type { Line, LineReader } from './lines.ts'
import { SAID } from './reply-words.ts'

export interface ReplyFacts {
  account: Pick<AccountState, 'today'>
  daily: Facts['daily']
}

/** Actions named at most, so that it stays a sentence. */
const NAMED_MAX = 3

export function replyOf(line: Line, reader: LineReader, facts: ReplyFacts): string {
  const said = SAID[reader.lang]
  const { entry, name, amount } = line
  const of = {
    when: momentOf(entry.atMs, reader.nowMs, reader),
    what: name,
    points: formatPoints(Math.abs(amount)),
    why: line.why.replaceAll(' · ', said.pause),
  }
  if (entry.kind === 'receipt') {
    if (amount > 0) return said.got(of)
    if (entry.growth > 0) return said.nil({ ...of, why: line.why })
    return said.zero({ ...of, why: lowered(of.why, reader) }) + still(line, reader, facts)
  }
  return amount > 0 ? said.plus(of) : amount < 0 ? said.minus(of) : said.nil(of)
}

const lowered = (text: string, { lang }: LineReader): string =>
  lang === 'en' ? text.charAt(0).toLowerCase() + text.slice(1) : text

/** What has not come to its daily limit, where it happened today. */
function still({ entry }: Line, reader: LineReader, { account, daily }: ReplyFacts): string {
  if (!sameDay(entry.atMs, reader.nowMs, reader)) return ''
  const own = entry.kind === 'receipt' ? entry.action : undefined
  const open = daily.filter(
    ({ rule, action, perDay }) => action !== own && (account.today.used[rule] ?? 0) < perDay,
  )
  const { lang } = reader
  const names = [
    ...new Set(open.map(({ action }) => ACTION_LABELS[action][lang === 'zh' ? 'zh' : 'many'])),
  ]
  if (names.length === 0) return ''
  const said = SAID[lang]
  const list = names.slice(0, NAMED_MAX).join(said.list)
  return lang === 'zh'
    ? said.still(list)
    : ` ${said.still(list.charAt(0).toUpperCase() + list.slice(1))}`
}
