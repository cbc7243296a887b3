/** The book as a list of rules that are edited one at a time: what each edits, and which sentences say it. */

import { ACTION_LABELS } from '../../../shared/rulebook/labels.ts'
import type { EarnRule, Rulebook } from '../../../shared/rulebook/schema.ts'
import type { Lang } from '../../ui/lang.ts'
import { choiceLabel } from './choices.ts'
import { fieldLabel } from './labels.ts'
import { at, nameOf, type Path } from './path.ts'
import type { Shape } from './shape.ts'

export const GROUPS = {
  earn: { zh: '赚取', en: 'Earn' },
  rates: { zh: '倍率', en: 'Multipliers' },
  tiers: { zh: '等级与权益', en: 'Tiers and privileges' },
  limits: { zh: '上限与预算', en: 'Limits and budget' },
  wallet: { zh: '积分', en: 'Points' },
  talk: { zh: '评论与观看', en: 'Comments and watching' },
  effects: { zh: '积分能换的互动', en: 'What points buy in the room' },
  people: { zh: '人群与专属奖励', en: 'Segments and offers' },
  book: { zh: '手册', en: 'The book' },
} as const satisfies Record<string, Record<Lang, string>>
export type Group = keyof typeof GROUPS

export interface Item {
  /** In the address. */
  id: string
  group: Group
  name: Record<Lang, string>
  /** Everything that is edited with it. */
  paths: Path[]
  /** Keys of its sentences; one that ends in a dot stands for all that begin so. */
  says: string[]
  /** A part that a book may do without. */
  optional?: Path
  /** True where it says nothing at present. */
  off?: boolean
  /** Can be taken out of the book. */
  removable?: Path
}

/** One that stands as it is in every book. */
const fixed = (
  [group, id]: readonly [Group, string],
  name: readonly [zh: string, en: string],
  what: { paths: string[]; says: string[]; optional?: true },
): Omit<Item, 'off'> => {
  const paths = what.paths.map((path) => path.split('.'))
  const [first] = paths
  return {
    id,
    group,
    name: { zh: name[0], en: name[1] },
    paths,
    says: what.says,
    ...(what.optional && first && { optional: first }),
  }
}

const FIXED = [
  fixed(['earn', 'share'], ['分享何时计分', 'When shares count'], {
    paths: ['shareProof'],
    says: ['earn.share-proof'],
  }),
  fixed(['earn', 'purchase'], ['首单与退款', 'First order and refunds'], {
    paths: ['purchase'],
    says: ['earn.first-order', 'earn.least-order', 'earn.refund'],
  }),
  fixed(['earn', 'cashback'], ['下单返积分', 'Cash-back'], {
    paths: ['cashback'],
    says: ['earn.cashback'],
    optional: true,
  }),
  fixed(['earn', 'invite'], ['邀请', 'Invites'], {
    paths: ['invite'],
    says: ['earn.invited'],
    optional: true,
  }),
  fixed(['earn', 'teams'], ['组队任务', 'Team tasks'], {
    paths: ['teamTasks'],
    says: ['team.*'],
  }),
  fixed(['earn', 'boards'], ['周榜', 'Weekly boards'], {
    paths: ['boards'],
    says: ['board.*'],
  }),
  fixed(['earn', 'quests'], ['任务', 'Quests'], {
    paths: ['quests'],
    says: ['quest.*'],
  }),
  fixed(['rates', 'stacking'], ['叠加', 'Stacking'], {
    paths: ['stacking', 'ceiling'],
    says: ['rate.stacking'],
  }),
  fixed(['rates', 'levels'], ['热度等级', 'Heat levels'], {
    paths: ['heat.levels'],
    says: ['heat.level_*'],
  }),
  fixed(['rates', 'heat'], ['热度升降', 'How heat moves'], {
    paths: [
      'heat.halfLifeSec',
      'heat.perViewer',
      'heat.minActors',
      'heat.minDwellSec',
      'heat.hysteresis',
      'heat.weights',
    ],
    says: ['heat.sources', 'heat.decay', 'heat.actors', 'heat.dwell'],
  }),
  fixed(['rates', 'rooms'], ['直播间类型', 'Kinds of rooms'], {
    paths: ['profiles'],
    says: ['room.*'],
  }),
  fixed(['rates', 'moments'], ['关键时刻', 'Key moments'], {
    paths: ['keyMoments'],
    says: ['rate.moment_*'],
  }),
  fixed(['tiers', 'announcement'], ['升级公布', 'Telling of new tiers'], {
    paths: ['announcement'],
    says: ['tier.announcement'],
  }),
  fixed(['tiers', 'greeting'], ['主播问候', 'Greeting by the host'], {
    paths: ['greeting'],
    says: ['tier.greeting'],
    optional: true,
  }),
  fixed(['tiers', 'demotion'], ['保级', 'Keeping tiers'], {
    paths: ['demotion'],
    says: ['tier.demotion'],
  }),
  fixed(['tiers', 'club'], ['粉丝团', 'Fan clubs'], {
    paths: ['fanClub'],
    says: ['club.*'],
    optional: true,
  }),
  fixed(['limits', 'daily'], ['每人每天', 'A person and day'], {
    paths: ['dailyPoints'],
    says: ['limit.daily'],
  }),
  fixed(['limits', 'issuance'], ['平台发放上限', "The platform's cap"], {
    paths: ['issuance'],
    says: ['limit.issuance', 'limit.issuance-ratio'],
  }),
  fixed(['limits', 'budget'], ['每场预算', "A live's budget"], {
    paths: ['budget'],
    says: ['limit.budget'],
    optional: true,
  }),
  fixed(['limits', 'economy'], ['通胀与存量', 'Inflation and stock'], {
    paths: ['economy.inflation', 'economy.issuedPerSales', 'economy.highRung', 'economy.audit'],
    says: ['economy.inflation', 'economy.incentives', 'economy.high-tiers', 'economy.audit'],
  }),
  fixed(['limits', 'survey'], ['推荐意愿调查', 'Survey of viewers'], {
    paths: ['economy.survey'],
    says: ['economy.survey'],
    optional: true,
  }),
  fixed(['wallet', 'value'], ['面值', 'Worth'], {
    paths: ['pointValueFen'],
    says: ['limit.value'],
  }),
  fixed(['wallet', 'expiry'], ['有效期', 'Expiry'], {
    paths: ['wallet.expiry', 'wallet.renewal', 'wallet.refundGraceMonths', 'wallet.noticeDays'],
    says: ['limit.expiry', 'limit.expires-soon', 'wallet.renewal', 'wallet.grace', 'wallet.notice'],
  }),
  fixed(['wallet', 'burn'], ['清零周', 'Burn week'], {
    paths: ['wallet.burnWeek'],
    says: ['wallet.burn-week'],
    optional: true,
  }),
  fixed(['wallet', 'spend'], ['怎么用', 'Where and in which order'], {
    paths: ['wallet.spendOrder', 'wallet.pool', 'wallet.coalition'],
    says: ['wallet.order', 'wallet.pool'],
  }),
  fixed(['wallet', 'checkout'], ['下单抵扣', 'Paying orders'], {
    paths: ['wallet.checkout'],
    says: ['wallet.checkout'],
  }),
  fixed(['wallet', 'redemption'], ['兑换比例', 'Ratio of redemption'], {
    paths: ['redemption'],
    says: ['wallet.redemption', 'wallet.worth'],
  }),
  fixed(['wallet', 'transfer'], ['转赠', 'Giving points'], {
    paths: ['wallet.transfer'],
    says: ['wallet.transfer'],
  }),
  fixed(['talk', 'comments'], ['有效评论', 'Valid comments'], {
    paths: ['comment'],
    says: ['comment.gate', 'earn.top-comment'],
  }),
  fixed(['talk', 'watching'], ['观看计时', 'Watch clock'], {
    paths: ['attention'],
    says: ['comment.watch'],
  }),
  fixed(['effects', 'broadcast'], ['全屏广播', 'Broadcast'], {
    paths: ['effects.broadcast'],
    says: ['effects.broadcast'],
    optional: true,
  }),
  fixed(['effects', 'colours'], ['弹幕颜色', 'Comment colours'], {
    paths: ['effects.colours'],
    says: ['effects.colour_*'],
  }),
  fixed(['effects', 'entrances'], ['进场特效', 'Entrances'], {
    paths: ['effects.entrances'],
    says: ['effects.entrance_*'],
  }),
  fixed(['effects', 'looks'], ['等级自带外观', 'Looks of tiers'], {
    paths: ['effects.tiers'],
    says: ['effects.tier_*'],
  }),
  fixed(['effects', 'tip'], ['打赏', 'Tips'], {
    paths: ['effects.tip'],
    says: ['effects.tip'],
    optional: true,
  }),
  fixed(['effects', 'draw'], ['抽奖和盲盒', 'Draws and blind boxes'], {
    paths: ['effects.draw'],
    says: ['effects.draw'],
    optional: true,
  }),
  fixed(['effects', 'vote'], ['投票', 'Votes'], {
    paths: ['effects.vote'],
    says: ['effects.vote'],
    optional: true,
  }),
  fixed(['effects', 'boost'], ['等级体验', 'Tier day pass'], {
    paths: ['effects.boost'],
    says: ['effects.boost'],
  }),
  fixed(['people', 'offers'], ['专属奖励', 'Offers in the room'], {
    paths: ['targeting.offers'],
    says: ['offers.offer_*'],
  }),
  fixed(['people', 'segments'], ['人群', 'Segments'], {
    paths: ['targeting.segments'],
    says: ['offers.segment_*'],
  }),
  fixed(['book', 'calendar'], ['日历与模板', 'Calendar and template'], {
    paths: ['timeZone', 'preset', 'ladder.id'],
    says: ['limit.day'],
  }),
]

/** The note goes with publishing, not with a rule. */
const ELSEWHERE = ['note', 'earn', 'ladder.rungs']

const LANGS: Lang[] = ['zh', 'en']
const inBoth = (text: (lang: Lang) => string): Record<Lang, string> =>
  Object.fromEntries(LANGS.map((lang) => [lang, text(lang)])) as Record<Lang, string>

function earnName(rule: EarnRule, all: readonly EarnRule[]): Record<Lang, string> {
  const { action, goal, id } = rule
  if (goal)
    return {
      zh: `${choiceLabel(['mode'], goal.mode, 'zh')}观看 ${goal.minutes} 分钟`,
      en: `Watch ${goal.minutes} min ${choiceLabel(['mode'], goal.mode, 'en')}`,
    }
  const alone = all.filter((one) => one.action === action).length === 1
  return inBoth((lang) => `${ACTION_LABELS[action]?.[lang] ?? id}${alone ? '' : ` · ${id}`}`)
}

/** In reading order. `shape` finds fields that no rule here knows, so that every one can be edited. */
export function itemsOf(book: Rulebook, shape: Shape): Item[] {
  const earn = book.earn.map(
    (rule, i): Item => ({
      id: `earn.${rule.id}`,
      group: 'earn',
      name: earnName(rule, book.earn),
      paths: [['earn', i]],
      says: [`earn.${rule.id}`],
      off: !rule.enabled,
      removable: ['earn', i],
    }),
  )
  const rungs = book.ladder.rungs.map(
    ({ id, label }, i, all): Item => ({
      id: `tier.${id}`,
      group: 'tiers',
      name: inBoth((lang) => label[lang] || id),
      paths: [['ladder', 'rungs', i]],
      says: [`tier.${id}`, `tier.${id}.*`],
      ...(i > 0 && all.length > 2 && { removable: ['ladder', 'rungs', i] }),
    }),
  )
  const others = FIXED.map(
    (item): Item => ({
      ...item,
      off: item.optional !== undefined && at(book, item.optional) === undefined,
    }),
  )
  const of = (group: Group) => others.filter((item) => item.group === group)
  return [
    ...earn,
    ...of('earn'),
    ...of('rates'),
    ...rungs,
    ...of('tiers'),
    ...of('limits'),
    ...of('wallet'),
    ...of('talk'),
    ...of('effects'),
    ...of('people'),
    ...of('book'),
    ...unknownOf(shape),
  ]
}

/** Fields of a newer service than this page. */
function unknownOf(shape: Shape): Item[] {
  const known = [...ELSEWHERE, ...FIXED.flatMap(({ paths }) => paths.map(nameOf))]
  const covered = (name: string) => known.some((one) => name === one || name.startsWith(`${one}.`))
  const parts = (name: string) => known.some((one) => one.startsWith(`${name}.`))
  const found: string[] = []
  const look = ({ properties = {} }: Shape, above: string) => {
    for (const [step, below] of Object.entries(properties)) {
      const name = above + step
      if (covered(name)) continue
      if (parts(name)) look(below, `${name}.`)
      else found.push(name)
    }
  }
  look(shape, '')
  return found.map((name): Item => {
    const path = name.split('.')
    return {
      id: name,
      group: 'book',
      name: inBoth((lang) => fieldLabel(path, lang)),
      paths: [path],
      says: [],
    }
  })
}

export const saysIt = ({ says }: Item, key: string): boolean =>
  says.some((one) => (one.endsWith('*') ? key.startsWith(one.slice(0, -1)) : key === one))

/** The item in which a field is edited. */
export const itemAt = (items: readonly Item[], field: string): Item | undefined =>
  items.find(({ paths }) =>
    paths.some((path) => field === nameOf(path) || field.startsWith(`${nameOf(path)}.`)),
  )
