/** Sentences that an operator can send to a viewer about one line of the history. */

import type { Lang } from '../../ui/lang.ts'

/** What the sentence is about. */
interface Said {
  when: string
  what: string
  points: string
  why: string
}

const zh = {
  zero: ({ when, what, why }: Said) => `您 ${when} 的${what}没有得分：${why}。`,
  got: ({ when, what, points, why }: Said) => `您 ${when} 的${what}得到 ${points} 分：${why}。`,
  plus: ({ when, what, points, why }: Said) =>
    `您 ${when} ${what}，积分 +${points}${why && `，${why}`}。`,
  minus: ({ when, what, points, why }: Said) =>
    `您 ${when} ${what}，用了 ${points} 分${why && `，${why}`}。`,
  nil: ({ when, what, why }: Said) => `您 ${when} ${what}${why && `：${why}`}。`,
  still: (what: string) => `${what}今天还可以得分。`,
  pause: '，',
  list: '、',
}

const en: typeof zh = {
  zero: ({ when, what, why }) => `Your ${what.toLowerCase()} at ${when} earned nothing: ${why}.`,
  got: ({ when, what, points, why }) =>
    `Your ${what.toLowerCase()} at ${when} earned ${points}: ${why}.`,
  plus: ({ when, what, points, why }) =>
    `At ${when}: ${what}, +${points} points${why && `. ${why}`}.`,
  minus: ({ when, what, points, why }) =>
    `At ${when}: ${what}, ${points} points used${why && `. ${why}`}.`,
  nil: ({ when, what, why }) => `At ${when}: ${what}${why && `. ${why}`}.`,
  still: (what) => `${what} still earn points today.`,
  pause: ', ',
  list: ', ',
}

export const SAID: Record<Lang, typeof zh> = { zh, en }
