/**
 * Which privileges an account has now: the one place that says so. A privilege counts from its rung on; where a higher
 * rung has the same one, that one counts. Free of zod: consoles and overlay read it.
 */

import type { RoomState } from '../room-state.ts'
import type { PackView } from '../tiers.ts'
import { type Lang, listed, pointsOf, timesOf } from './labels.ts'
import type { AccessPrivilege, PackName, Privilege } from './privilege.ts'
import type { Label, Ladder } from './schema.ts'

type Rungs = Pick<Ladder, 'rungs'>

/** Where an account stands: its rung, and by how many rungs a day pass lifts it. */
export interface TierStanding {
  rung: number
  boost?: number | undefined
}

export interface Held {
  id: string
  privilege: Privilege
  /** Where it begins. */
  rung: number
  by: 'tier' | 'dayPass'
}

const idOf = (one: Privilege): string => (one.kind === 'perk' ? one.id : one.kind)
const byDayPass = (one: Privilege): boolean => 'dayPass' in one && one.dayPass

/** Everything the account has now, in the order of the rungs. */
export function privilegesOf({ rungs }: Rungs, { rung, boost = 0 }: TierStanding): Held[] {
  const held = new Map<string, Held>()
  rungs.slice(0, rung + boost + 1).forEach(({ privileges }, from) => {
    for (const privilege of privileges) {
      const own = from <= rung
      if (!own && !byDayPass(privilege)) continue
      const id = idOf(privilege)
      // What a higher rung has again begins there, also in order.
      held.delete(id)
      held.set(id, { id, privilege, rung: from, by: own ? 'tier' : 'dayPass' })
    }
  })
  return [...held.values()]
}

/** The pack of that name the account's own rung gives; a day pass gives none. */
export function packOf(ladder: Rungs, name: PackName, rung: number) {
  const found = privilegesOf(ladder, { rung }).find(({ id }) => id === name)?.privilege
  return found && (found.kind === 'newcomer_pack' || found.kind === 'birthday_pack')
    ? found
    : undefined
}

/** What the day of birth multiplies points by; 1 where the rung gives nothing. */
export function birthdayFactor(ladder: Rungs, rung: number): number {
  const found = privilegesOf(ladder, { rung }).find(({ id }) => id === 'birthday_points')?.privilege
  return found?.kind === 'birthday_points' ? found.factor : 1
}

/** First rung with a privilege, or undefined where no rung has it. */
export function rungWith({ rungs }: Rungs, kind: AccessPrivilege): number | undefined {
  const found = rungs.findIndex(({ privileges }) => privileges.some((one) => one.kind === kind))
  return found < 0 ? undefined : found
}

/**
 * The rung that counts where something of this kind asks for one. A day pass counts, unless the ladder names the
 * privilege and keeps it to who has the rung.
 */
export function countedRung(
  { rungs }: Rungs,
  kind: AccessPrivilege,
  { rung, boost = 0 }: TierStanding,
): number {
  const named = rungs.flatMap(({ privileges }) => privileges.filter((one) => one.kind === kind))
  const counts = named.length === 0 || named.some(byDayPass)
  return Math.min(counts ? rung + boost : rung, rungs.length - 1)
}

/** What a refusal says of the rung that was asked for. */
export const tierAsked = ({ rungs }: Rungs, rung: number, growth: number) => ({
  rung,
  label: rungs[rung]?.label ?? { zh: `${rung} 级`, en: `Tier ${rung}` },
  growthMissing: Math.max(0, (rungs[rung]?.growth ?? 0) - growth),
})

const NAMES: Record<AccessPrivilege, Label> = {
  room_price: { zh: '直播间专属价', en: 'Room-only prices' },
  early_access: { zh: '限量款提前抢购', en: 'Limited items early' },
  private_room: { zh: '私密专场', en: 'Private rooms' },
  member_sale: { zh: '会员专属秒杀', en: 'Members’ flash sales' },
  member_draw: { zh: '会员专属抽奖', en: 'Members’ draws' },
}

const USES: Record<AccessPrivilege, Label> = {
  room_price: { zh: '兑换时自动按会员价', en: 'The lower price counts when you redeem' },
  early_access: { zh: '比其他人先开抢', en: 'It opens for you before it does for others' },
  private_room: { zh: '专场开播时直接进入', en: 'Come in when such a room is live' },
  member_sale: { zh: '会员款对你直接开放', en: 'What is for members is open to you' },
  member_draw: { zh: '会员抽奖对你直接开放', en: 'Draws for members are open to you' },
}

const PACK_LABELS: Record<PackView['pack'], Label> = {
  newcomer_pack: { zh: '新客礼包', en: 'Newcomer pack' },
  birthday_pack: { zh: '生日礼包', en: 'Birthday pack' },
  comeback_pack: { zh: '回归礼包', en: 'Welcome-back pack' },
  care_pack: { zh: '专属关怀礼包', en: 'Care pack' },
}
export const packLabel = (pack: PackView['pack']): Label => PACK_LABELS[pack]

/** What it is called. */
export function privilegeLabel(one: Privilege): Label {
  switch (one.kind) {
    case 'perk':
      return one.label
    case 'birthday_points':
      return {
        zh: `生日当天积分 ${timesOf(one.factor * 1000)}`,
        en: `Points ${timesOf(one.factor * 1000)} on your birthday`,
      }
    case 'birthday_pack':
    case 'newcomer_pack':
      return packLabel(one.kind)
    default:
      return NAMES[one.kind]
  }
}

/** What is in a pack, in words: `200 积分、运费券`. */
export function packContents(
  { points, gifts }: { points: number; gifts: readonly { label: Label }[] },
  lang: Lang,
): string {
  const parts = gifts.map(({ label }) => label[lang])
  if (points > 0) parts.unshift(pointsOf(points, lang))
  return listed(parts, lang)
}

/** Days, from the one of birth on, in which coming into a live brings the birthday pack. */
export const BIRTHDAY_DAYS = 7

/** How it is used. */
export function privilegeHow(one: Privilege): Record<Lang, string> {
  switch (one.kind) {
    case 'perk':
      return one.how
    case 'birthday_points':
      return { zh: '生日当天自动生效', en: 'By itself, all day' }
    case 'birthday_pack':
      return {
        zh: `生日起 ${BIRTHDAY_DAYS} 天内进直播间即送 ${packContents(one, 'zh')}，每年一次`,
        en: `Come into a live within ${BIRTHDAY_DAYS} days from your birthday for ${packContents(one, 'en')}, once a year`,
      }
    case 'newcomer_pack':
      return {
        zh: `第一次进直播间即送 ${packContents(one, 'zh')}`,
        en: `Yours the first time you come into a live: ${packContents(one, 'en')}`,
      }
    default:
      return USES[one.kind]
  }
}

/** What a rung gives in labels: its own words, what begins there, then everything else that is held on it. */
export function rungGives({ rungs }: Rungs, rung: number): Label[] {
  const held = privilegesOf({ rungs }, { rung }).sort((a, b) => b.rung - a.rung)
  return [
    ...(rungs[rung]?.benefits ?? []),
    ...held.map(({ privilege }) => privilegeLabel(privilege)),
  ]
}

const views = new WeakMap<Ladder, RoomState['ladder']>()

/** A ladder as rooms are shown it; the same object for the same ladder. */
export function ladderView(ladder: Ladder): RoomState['ladder'] {
  const known = views.get(ladder)
  if (known) return known
  const rungs = ladder.rungs.map(({ id, label, growth, lifetimePoints, taskSet, factor }, i) => ({
    id,
    label,
    ...(growth !== undefined && { growth }),
    ...(lifetimePoints !== undefined && { points: lifetimePoints }),
    ...(taskSet && { tasks: taskSet }),
    factor,
    benefits: rungGives(ladder, i),
  }))
  const view = { id: ladder.id, rungs }
  views.set(ladder, view)
  return view
}

/** One line for each privilege of a rung that begins there: what, how, and whether a day pass brings it. */
export function privilegeSentences({ rungs }: Rungs, lang: Lang): [key: string, text: string][] {
  return rungs.flatMap((rung) =>
    rung.privileges.map((one): [string, string] => {
      const what = privilegeLabel(one)[lang]
      const how = privilegeHow(one)[lang]
      const link = one.kind === 'perk' && one.link ? ` ${one.link}` : ''
      const pass = byDayPass(one)
        ? lang === 'zh'
          ? '，等级体验也可用'
          : ', also with a day pass'
        : ''
      return [
        `${rung.id}.${idOf(one)}`,
        lang === 'zh'
          ? `${rung.label.zh}起${pass}：${what}，${how}${link}`
          : `From ${rung.label.en} on${pass}: ${what}. ${how}${link}`,
      ]
    }),
  )
}
