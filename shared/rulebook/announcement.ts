/** Who tells the room of somebody's new tier: its values, and the rule in words. Free of zod. */

import type { Lang } from './labels.ts'

export const ANNOUNCEMENTS = ['hostCueAndOverlay', 'auto', 'hostApprove'] as const
export type Announcement = (typeof ANNOUNCEMENTS)[number]

const WORDS: Record<Announcement, Record<Lang, string>> = {
  hostCueAndOverlay: {
    zh: '升级会显示在直播间，并提示主播念出来；选择不公开的不报姓名',
    en: 'A new tier is shown in the room and the host is asked to say it, without the names of those who opted out',
  },
  auto: {
    zh: '升级自动显示在直播间，不提示主播；选择不公开的不报姓名',
    en: 'A new tier is shown in the room by itself, without the names of those who opted out',
  },
  hostApprove: {
    zh: '升级经主播确认后才在直播间公布；选择不公开的不报姓名',
    en: 'A new tier is shown in the room once the host has approved it, without the names of those who opted out',
  },
}

export const announcementSentence = (announcement: Announcement, lang: Lang): string =>
  WORDS[announcement][lang]
