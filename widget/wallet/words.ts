/** What moved points, as a viewer reads it: a name, an amount and one plain sentence. */

import { clubGrowthOf } from '../../shared/clubs.ts'
import { type Cause, changeOf, type HoldUse, type LedgerEntry } from '../../shared/ledger.ts'
import { TEAM_UNITS } from '../../shared/rulebook/team-task-sentences.ts'
import { readTeamSubject } from '../../shared/teams.ts'
import { keepNewsOf } from '../../shared/tiers.ts'
import { dateOf, momentOf } from '../rewards/moments.ts'
import { formatPoints, type Lang } from '../ui/lang.ts'

export interface Told {
  name: string
  /** Change of what can be spent; 0 where nothing of it changed. */
  amount: number
  why: string
}

/** Where words for other ids are found. */
export interface Titles {
  lang: Lang
  nowMs: number
  /** Of a reward, where it is known. */
  reward(id: string): string | undefined
}

type Words = Record<Lang, string>
const zhEn = (zh: string, en: string): Words => ({ zh, en })

const USES: Record<HoldUse, Words> = {
  checkout: zhEn('积分抵扣', 'Paid with points'),
  redemption: zhEn('兑换', 'Redeemed'),
  effect: zhEn('互动特效', 'Effect'),
  transfer: zhEn('转赠', 'Sent to a friend'),
  merge: zhEn('账户合并', 'Accounts merged'),
  draw: zhEn('抽奖', 'Draw'),
  pending: zhEn('待到账', 'Pending'),
  club: zhEn('加入粉丝团', 'Joined a fan club'),
}

const NAMES: Record<Cause, Words> = {
  live_ended: zhEn('本场积分清零', 'Points of the live ended'),
  held: zhEn('使用积分', 'Points in use'),
  captured: zhEn('使用积分', 'Points used'),
  voided: zhEn('使用取消', 'Use cancelled'),
  lapsed: zhEn('使用超时', 'Use timed out'),
  refunded: zhEn('退款退回', 'Refund'),
  adjusted: zhEn('积分调整', 'Adjustment'),
  revoked: zhEn('积分收回', 'Taken back'),
  frozen: zhEn('账户冻结', 'Account frozen'),
  unfrozen: zhEn('解除冻结', 'Account unfrozen'),
  expired: zhEn('积分到期', 'Points expired'),
  renewed: zhEn('有效期延长', 'Lasts longer'),
  sent: zhEn('转赠好友', 'Sent to a friend'),
  received: zhEn('好友转赠', 'Received from a friend'),
  imported: zhEn('积分转入', 'Brought in'),
  pending: zhEn('待到账', 'Pending'),
  due: zhEn('到账', 'Credited'),
  dropped: zhEn('没有达成', 'Not reached'),
  merged_out: zhEn('并入另一账户', 'Merged into another account'),
  merged_in: zhEn('账户合并', 'Account merged in'),
  prize: zhEn('奖品', 'Prize'),
  compensated: zhEn('补偿', 'Compensation'),
  invited: zhEn('受邀奖励', 'Invite reward'),
  tipped: zhEn('收到打赏', 'Tip received'),
  expiring: zhEn('即将到期', 'Expiring soon'),
  burn_week: zhEn('积分清零周', 'Burn week'),
  pickup_ending: zhEn('记得取货', 'Pick-up reminder'),
  pack: zhEn('会员礼包', 'Pack of your tier'),
  offer: zhEn('专属奖励', 'Offer taken'),
  club_task: zhEn('粉丝团任务', 'Fan club task'),
  club_rung: zhEn('粉丝团升级', 'Fan club rank'),
  team_task: zhEn('组队任务', 'Team task'),
  tier_warned: zhEn('保级提醒', 'Your tier may be lost'),
  tier_fell: zhEn('等级变动', 'Tier changed'),
}

const WHYS: Partial<Record<Cause, Words>> = {
  live_ended: zhEn('仅限本场的积分随直播结束清零', 'Points for this live only ended with it'),
  voided: zhEn('积分已退回原处', 'The points are back where they were'),
  lapsed: zhEn('超时未完成，积分已退回', 'Not finished in time, the points are back'),
  refunded: zhEn('退回原来的积分和有效期', 'Back with the expiry they had'),
  revoked: zhEn('订单退款或违规收回', 'Order refunded, or taken back by the shop'),
  unfrozen: zhEn('积分可以照常使用', 'The points can be used again'),
  expired: zhEn('有效期已过', 'They were not used in time'),
  due: zhEn('条件达成，可以使用了', 'The condition is met, they can be used'),
  dropped: zhEn(
    '条件没有达成，待到账积分撤回',
    'The condition was not met, pending points are gone',
  ),
  merged_out: zhEn('两个账户合成一个', 'Two accounts became one'),
  merged_in: zhEn('两个账户合成一个', 'Two accounts became one'),
}

/** Part of what an order cost, on its way back: ids of such promises begin so. */
const CASHBACK_ID = 'cashback-'
const isCashback = ({ ref }: LedgerEntry): boolean => ref.startsWith(CASHBACK_ID)
const CASHBACK: Partial<Record<Cause, Words>> = {
  pending: zhEn('返积分 · 待到账', 'Cash-back, pending'),
  due: zhEn('返积分到账', 'Cash-back'),
  dropped: zhEn('返积分取消', 'Cash-back dropped'),
}
const CASHBACK_WHYS: Partial<Record<Cause, Words>> = {
  due: zhEn('退货期已过', 'The order can no longer be sent back'),
  dropped: zhEn('订单已退款', 'The order was refunded'),
}

const sum = (entry: LedgerEntry, counts: (move: LedgerEntry['moves'][number]) => boolean): number =>
  entry.moves.reduce((all, move) => all + (counts(move) ? move.points : 0), 0)

/** Points that can be spent, for ever or in this live. */
const spendable = (entry: LedgerEntry): number =>
  changeOf(entry, 'spendable') + changeOf(entry, 'session')

const expiredOf = (entry: LedgerEntry): number => sum(entry, ({ to }) => to === 'expired')

function amountOf(entry: LedgerEntry): number {
  if (entry.cause === 'captured') return -sum(entry, ({ to }) => to === 'spent') - expiredOf(entry)
  // What a hold gave back was never gone from the reader's point of view; what expired with it is.
  if (entry.cause === 'voided' || entry.cause === 'lapsed') return 0 - expiredOf(entry)
  return spendable(entry)
}

/** `subject` names a reward, an order or an account; people are told of what they know. */
function subjectOf({ use, subject, cause, ref }: LedgerEntry, titles: Titles): string {
  const { lang } = titles
  if (use === 'redemption') return titles.reward(subject) ?? ''
  const rank = cause === 'prize' && /^board \S+ (\d+)/.exec(subject ?? '')?.[1]
  if (rank) return lang === 'zh' ? `周榜第 ${rank} 名` : `No. ${rank} of the week`
  if (use === 'checkout' && subject) return lang === 'zh' ? `订单 ${subject}` : `order ${subject}`
  return (cause === 'revoked' || ref.startsWith(CASHBACK_ID)) && subject
    ? lang === 'zh'
      ? `订单 ${subject}`
      : `order ${subject}`
    : ''
}

/** What became of a rung, and what it takes. */
function tierWhy(entry: LedgerEntry, { lang }: Titles): string {
  const news = keepNewsOf(entry)
  if (!news) return ''
  const { what, missing, untilMs } = news
  const say = (zh: string, en: string) => (lang === 'zh' ? zh : en)
  const rung = entry.tiers?.rung[lang] ?? say('原等级', 'the tier')
  const below = entry.tiers?.below[lang] ?? say('下一级', 'the tier below')
  const growth = formatPoints(missing)
  if (what === 'tier_fell')
    return say(
      `保级期内差 ${growth} 成长值，${rung}降为${below}；补上即可恢复`,
      `Fell to ${below} because ${growth} growth was missing to keep ${rung}; gather it and ${rung} is back`,
    )
  // Midnight is the end of the day before.
  const day = dateOf((untilMs ?? 1) - 1, lang)
  return say(
    `${day}前再得 ${growth} 成长值，保住${rung}`,
    `${growth} more growth by ${day} keeps ${rung}`,
  )
}

/** What the team did together, and what of it was the viewer's. */
function teamWhy({ subject }: LedgerEntry, lang: Lang): string {
  const done = readTeamSubject(subject)
  if (!done) return ''
  const all = TEAM_UNITS[done.action][lang](formatPoints(done.sum))
  const own = formatPoints(done.part)
  return lang === 'zh'
    ? `${done.members} 人合力${all}，你贡献 ${own}`
    : `${done.members} of you reached ${all}, ${own} by you`
}

/** The first day of that month since 2000. */
const monthStart = (month: number, lang: Lang): string => {
  const [year, day] = [2000 + Math.floor(month / 12), dateOf(Date.UTC(2000, month, 1, 12), lang)]
  return lang === 'zh' ? `${year} 年${day}` : `${day} ${year}`
}

/** What a hold or a refund could not bring back, or brought back for a while. */
function lateWhy(entry: LedgerEntry, lang: Lang): string {
  const expired = formatPoints(expiredOf(entry))
  if (expiredOf(entry) > 0)
    return lang === 'zh'
      ? `其中 ${expired} 分在此期间已到期`
      : `${expired} of them expired meanwhile`
  const graced = entry.moves.find(
    ({ from, to, month, toMonth }) => from === 'spent' && to === 'spendable' && toMonth !== month,
  )
  if (!graced) return ''
  const until = monthStart(graced.toMonth, lang)
  return lang === 'zh' ? `已到期的积分保留到 ${until}` : `What had expired stays until ${until}`
}

function whyOf(entry: LedgerEntry, titles: Titles): string {
  const { lang, nowMs } = titles
  const say = (zh: string, en: string) => (lang === 'zh' ? zh : en)
  const { cause, untilMs, moves } = entry
  const until = untilMs === undefined ? '' : momentOf(untilMs, nowMs, lang)
  switch (cause) {
    case 'held':
      return say('处理中', 'Under way') + (until && say(`，最迟 ${until}`, `, by ${until}`))
    case 'captured': {
      const session = sum(entry, ({ live, to }) => live > 0 && to === 'spent')
      return session > 0
        ? say(`其中本场积分 ${formatPoints(session)}`, `${formatPoints(session)} of this live`)
        : lateWhy(entry, lang)
    }
    case 'voided':
    case 'lapsed':
    case 'refunded':
      return lateWhy(entry, lang) || (WHYS[cause]?.[lang] ?? '')
    case 'frozen':
      return say(
        `${formatPoints(sum(entry, () => true))} 分被冻结：照常得分，暂时不能用`,
        `${formatPoints(sum(entry, () => true))} points frozen: you earn, but cannot spend for now`,
      )
    case 'pending':
      if (isCashback(entry))
        return (
          until && say(`${until} 到账，退款会减少`, `credited on ${until}, less what is refunded`)
        )
      return (
        until && say(`${until} 前达成条件后到账`, `credited once the condition is met, by ${until}`)
      )
    case 'renewed': {
      const month = moves[0]?.toMonth ?? 0
      return month > 0 ? say('延到 ', 'until ') + monthStart(month, lang) : ''
    }
    case 'pickup_ending':
      return until && say(`取货码 ${until} 到期`, `the code is good until ${until}`)
    case 'burn_week':
    case 'expiring':
      return untilMs === undefined
        ? ''
        : say(
            `${entry.subject} 分将于 ${dateOf(untilMs, lang)}到期，先用先得`,
            `${entry.subject} points expire on ${dateOf(untilMs, lang)}, use them first`,
          )
    case 'club_rung':
      return say(
        `平台成长值 +${formatPoints(clubGrowthOf(entry.subject))}`,
        `+${formatPoints(clubGrowthOf(entry.subject))} growth on the platform`,
      )
    case 'team_task':
      return teamWhy(entry, lang)
    case 'tier_warned':
    case 'tier_fell':
      return tierWhy(entry, titles)
    default:
      return (isCashback(entry) ? CASHBACK_WHYS : WHYS)[cause]?.[lang] ?? ''
  }
}

/** The operator's reason, where there is one, goes before our own. */
export function tell(entry: LedgerEntry, titles: Titles): Told {
  const { lang } = titles
  const { cause, use, note } = entry
  const back = isCashback(entry) ? CASHBACK[cause] : undefined
  const named =
    back ?? (use && (cause === 'held' || cause === 'captured') ? USES[use] : NAMES[cause])
  const subject = subjectOf(entry, titles)
  const parts = [
    subject && named !== USES.redemption ? subject : '',
    note ? `${lang === 'zh' ? '原因：' : 'Reason: '}${note}` : whyOf(entry, titles),
  ]
  const name =
    named === USES.redemption && subject
      ? `${named[lang]}${lang === 'en' ? ' ' : ''}${subject}`
      : named[lang]
  return { name, amount: amountOf(entry), why: parts.filter(Boolean).join(' · ') }
}
