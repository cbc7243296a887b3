/** The pages of the console, in the order of the navigation: a page is added here and nowhere else. */

import type { JSX } from 'preact'
import type { IconName } from '../ui/index.ts'
import type { Lang } from '../ui/lang.ts'
import { useHeldBadge } from './invites/badge.ts'
import { late } from './late.tsx'
import { Overview } from './overview/Overview.tsx'
import { useDraftBadge } from './rules/badge.ts'
import { Stock, useStockBadge } from './stock/Stock.tsx'
import { Viewers } from './viewers/Viewers.tsx'
import { useDeadBadge, Webhooks } from './webhooks/Webhooks.tsx'

/** Headings of the navigation; the first group has none. */
export const GROUPS = {
  top: undefined,
  rules: { zh: '规则', en: 'Rules' },
  safety: { zh: '安全', en: 'Safety' },
} as const satisfies Record<string, Record<Lang, string> | undefined>

export interface Badge {
  text: string
  tone: 'plain' | 'on' | 'warn' | 'bad'
  /** What the number counts, for who does not see where it stands. */
  label: string
}

export interface PageSpec {
  /** In the address: `#/viewers`. */
  id: string
  icon: IconName
  group: keyof typeof GROUPS
  name: Record<Lang, string>
  /** Only for operators of the platform's own brand. */
  platform?: true
  /** A hook: what stands beside the name, if anything. */
  useBadge?: () => Badge | undefined
  Page: (props: { rest: string[] }) => JSX.Element
}

export const PAGES: readonly PageSpec[] = [
  {
    id: 'overview',
    icon: 'chart',
    group: 'top',
    name: { zh: '看板', en: 'Overview' },
    Page: Overview,
  },
  {
    id: 'viewers',
    icon: 'search',
    group: 'top',
    name: { zh: '查观众', en: 'Viewers' },
    Page: Viewers,
  },
  {
    id: 'segments',
    icon: 'team',
    group: 'top',
    name: { zh: '人群', en: 'Segments' },
    platform: true,
    Page: late(() => import('./segments/Segments.tsx')),
  },
  {
    id: 'boards',
    icon: 'star',
    group: 'top',
    name: { zh: '周榜', en: 'Weekly boards' },
    Page: late(() => import('./boards/Boards.tsx')),
  },
  {
    id: 'clubs',
    icon: 'like',
    group: 'top',
    name: { zh: '粉丝团', en: 'Fan clubs' },
    Page: late(() => import('./clubs/Clubs.tsx')),
  },
  {
    id: 'economy',
    icon: 'vote',
    group: 'top',
    name: { zh: '经济', en: 'Economy' },
    platform: true,
    Page: late(() => import('./economy/Economy.tsx')),
  },
  {
    id: 'rules',
    icon: 'book',
    group: 'rules',
    name: { zh: '规则手册', en: 'Rulebook' },
    platform: true,
    useBadge: useDraftBadge,
    Page: late(() => import('./rules/Rules.tsx')),
  },
  {
    id: 'experiments',
    icon: 'dice',
    group: 'rules',
    name: { zh: '实验', en: 'Experiments' },
    platform: true,
    Page: late(() => import('./experiments/Experiments.tsx')),
  },
  {
    id: 'stock',
    icon: 'bag',
    group: 'rules',
    name: { zh: '奖品库存', en: 'Rewards' },
    useBadge: useStockBadge,
    Page: Stock,
  },
  {
    id: 'invites',
    icon: 'team',
    group: 'safety',
    name: { zh: '邀请核实', en: 'Invites' },
    useBadge: useHeldBadge,
    Page: late(() => import('./invites/Invites.tsx')),
  },
  {
    id: 'webhooks',
    icon: 'hook',
    group: 'safety',
    name: { zh: '回调', en: 'Webhooks' },
    useBadge: useDeadBadge,
    Page: Webhooks,
  },
]
