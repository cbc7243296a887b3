/** Words that every page of the console uses, and what refusals mean to an operator. */

import type { ErrorCode } from '../../shared/errors.ts'
import type { Lang } from '../ui/lang.ts'
import type { Failure } from './api.ts'

type Refusals = Partial<Record<Failure['code'], string>>

const zh = {
  title: 'Fanfare 运营台',
  nav: '主导航',
  skip: '跳到内容',
  brandOf: (brand: string) => `品牌 ${brand}`,
  dark: '深色',
  light: '浅色',
  leave: '退出',
  signingIn: '正在登录…',
  door: '请用运营票据登录：打开后端给您的链接，或把票据贴在这里。票据五分钟内有效，只用来登录。',
  kept: (name: string) => `${name}，您的页面和没填完的内容都还在，登录后从原处继续。`,
  pasteHere: '不要离开此页：把后端给您的新链接或新票据贴在这里。换别人登录，则从头开始。',
  pressAgain: '登录过期，刚才没有提交。请再按一次。',
  ticket: '运营票据',
  enter: '登录',
  close: '关闭',
  cancel: '取消',
  done: '完成',
  loading: '正在读取…',
  unread: '没有读到',
  noService: '连不上服务',
  retry: '再试一次',
  older: '更早的记录',
  olderGone: '更早的记录不再列出；账单里仍有它们的积分。',
  moreOf: (n: string, rest: string) => `再看 ${n} 条，还有 ${rest} 条`,
  noneSuch: '没有这样的',
  copy: '复制',
  copied: '已复制',
  points: (n: string) => `${n} 分`,
  refused: (code: string) => `没有成功（${code}）`,
  refusals: {
    unreached: '没有收到回答。再按一次是安全的，同一件事只会做一次',
    bad_request: '内容不合要求，请检查',
    not_found: '没有找到',
    forbidden: '您的票据不能做这件事',
    rate_limited: '太频繁了，请稍候',
    busy: '服务正忙，请再试一次；同一件事只会做一次',
    invite_judged: '已有人作了相反的判断，以先作的为准',
    internal: '服务出错了，请再试一次；还不行就把编号给技术同事',
    id_conflict: '这个编号已用于另一件事',
    points_short: '积分不够',
    account_frozen: '账户已冻结，请先解冻',
    already_one: '两边已经是同一个账户',
    merge_closed: '超过 30 天，或已并到别处，不能撤销',
    identities_full: '账户的身份太多了',
    redemption_closed: '已核销或已结束，不能退',
    sold_out: '没有货了',
    reward_invalid: '奖品设置不合规则',
    room_full: '数量已到上限',
    too_many_webhooks: '回调地址已到上限',
    ticket_missing: '没有票据',
    ticket_invalid: '票据无效，请重新获取',
    ticket_expired: '登录已过期，请用新票据登录',
    ticket_revoked: '票据已被吊销',
    signature_invalid: '这件事只能由服务器做',
  } satisfies Refusals as Refusals,
}

export type Words = typeof zh

const en: Words = {
  title: 'Fanfare operator console',
  nav: 'Main',
  skip: 'Skip to content',
  brandOf: (brand) => `Brand ${brand}`,
  dark: 'Dark',
  light: 'Light',
  leave: 'Sign out',
  signingIn: 'Signing in…',
  door: "Sign in with an operator's ticket: open the link your back end gave you, or paste the ticket here. It is good for five minutes, and for signing in only.",
  kept: (name: string) =>
    `${name}, your page is kept with everything you filled in. Sign in and go on where you were.`,
  pasteHere:
    'Stay on this page: paste the new link or the new ticket from your back end here. For anybody else the page begins anew.',
  pressAgain: 'The session had run out and nothing was sent. Please press again.',
  ticket: "Operator's ticket",
  enter: 'Sign in',
  close: 'Close',
  cancel: 'Cancel',
  done: 'Done',
  loading: 'Reading…',
  unread: 'Could not be read',
  noService: 'the service cannot be reached',
  retry: 'Try again',
  older: 'Older lines',
  olderGone: 'Older ones are no longer listed; what they cost is in the statements.',
  moreOf: (n, rest) => `Show ${n} more of ${rest}`,
  noneSuch: 'None like that',
  copy: 'Copy',
  copied: 'Copied',
  points: (n) => (n === '1' ? '1 point' : `${n} points`),
  refused: (code) => `That did not work (${code})`,
  refusals: {
    unreached: 'No answer came. Pressing again is safe: it is done once',
    bad_request: 'That does not fit, please check it',
    not_found: 'Not found',
    forbidden: 'Your ticket may not do this',
    rate_limited: 'Too often, please wait a moment',
    busy: 'The service is busy, please try again; it is done once',
    invite_judged: 'Somebody said the opposite before, and that stands',
    internal: 'A fault in the service. Try again, else give the number to engineering',
    id_conflict: 'That id stands for something else already',
    points_short: 'Not enough points',
    account_frozen: 'The account is frozen, unfreeze it first',
    already_one: 'Both are one account already',
    merge_closed: 'Older than 30 days, or merged on: it cannot be undone',
    identities_full: 'The account has too many identities',
    redemption_closed: 'Used or over, it cannot be given back',
    sold_out: 'None left',
    reward_invalid: 'The reward does not fit the rules',
    room_full: 'No more of these are allowed',
    too_many_webhooks: 'No more webhooks are allowed',
    ticket_missing: 'No ticket',
    ticket_invalid: 'The ticket is not good, please get a new one',
    ticket_expired: 'Your session has run out, sign in with a new ticket',
    ticket_revoked: 'The ticket was revoked',
    signature_invalid: 'Only servers may do this',
  },
}

export const WORDS: Record<Lang, Words> = { zh, en }

/** One sentence for a refusal; faults of ours come with the number that finds them in the log. */
export function failureText({ code, errorId }: Failure, t: Words): string {
  // Who reads it on a page has signed in again.
  if (code === 'ticket_expired' || code === 'ticket_invalid') return t.pressAgain
  const text = t.refusals[code as ErrorCode] ?? t.refused(code)
  return errorId ? `${text} · ${errorId}` : text
}
