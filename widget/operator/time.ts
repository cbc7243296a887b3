/** Points in time by the platform's calendar, as the console writes them: the same for every operator. */

import type { Lang } from '../ui/lang.ts'

const LOCALES: Record<Lang, string> = { zh: 'zh-CN', en: 'en-GB' }

type Options = Intl.DateTimeFormatOptions
const formats = new Map<string, Intl.DateTimeFormat>()

/** Formats are dear to make and few. */
function format(lang: Lang, options: Options): Intl.DateTimeFormat {
  const name = JSON.stringify([lang, options])
  const known = formats.get(name)
  if (known) return known
  const made = new Intl.DateTimeFormat(LOCALES[lang], options)
  formats.set(name, made)
  return made
}

export interface Reader {
  lang: Lang
  timeZone: string | undefined
}

const at = (atMs: number, { lang, timeZone }: Reader, options: Options): string =>
  format(lang, { ...options, ...(timeZone !== undefined && { timeZone }) }).format(atMs)

/** `20:41:07`. */
export const secondOf = (atMs: number, reader: Reader): string =>
  at(atMs, reader, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })

/** `20:41`. */
export const minuteOf = (atMs: number, reader: Reader): string =>
  at(atMs, reader, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

/** `11月28日`, `28 Nov`. */
export const dayOf = (atMs: number, reader: Reader): string =>
  at(atMs, reader, { month: 'short', day: 'numeric' })

/** `2026年11月28日`, `28 Nov 2026`. */
export const dateOf = (atMs: number, reader: Reader): string =>
  at(atMs, reader, { year: 'numeric', month: 'short', day: 'numeric' })

/** True where both are on one day of the platform's calendar. */
export const sameDay = (a: number, b: number, reader: Reader): boolean =>
  dateOf(a, reader) === dateOf(b, reader)

/** `20:41` today, else `11月28日 20:41`. */
export const momentOf = (atMs: number, nowMs: number, reader: Reader): string =>
  sameDay(atMs, nowMs, reader)
    ? minuteOf(atMs, reader)
    : `${dayOf(atMs, reader)} ${minuteOf(atMs, reader)}`

/** `2026-11-28T20:41`, as fields for times hold it, by the wall clock of the zone. */
export function wallOf(atMs: number, timeZone: string): string {
  const parts = new Map<string, string>(
    format('en', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  )
  const of = (type: string) => parts.get(type) ?? ''
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`
}

/** The instant at which the wall clock of the zone shows that; undefined where the text is no time. */
export function fromWall(wall: string, timeZone: string): number | undefined {
  // Date.parse makes something of nearly any text.
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(wall)) return undefined
  const utc = Date.parse(`${wall}:00Z`)
  if (Number.isNaN(utc)) return undefined
  const shown = (atMs: number) => Date.parse(`${wallOf(atMs, timeZone)}:00Z`)
  const guess = utc - (shown(utc) - utc)
  return guess - (shown(guess) - utc)
}
