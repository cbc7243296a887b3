/** Days of birth, as the merchant gave them: beside the profile, and gone with it when a person is erased. */

import { type Birthday, birthdayText, lastBirthday, readBirthday } from '../../shared/birthday.ts'
import { DAY_MS } from '../../shared/time.ts'
import { readString } from '../redis/index.ts'
import { birthdayKey } from './keys.ts'
import type { Profiles } from './profile.ts'

const YEAR_MS = 365 * DAY_MS
/** Stands for the day where it was taken back. */
const NONE = '-'

/** What is kept: the day, since when, and from when on it counts. */
interface Kept {
  day: Birthday | undefined
  sinceMs: number
  fromMs: number
}

async function readKept({ store, partitions }: Profiles, account: number): Promise<Kept> {
  const text = await readString(store, birthdayKey(partitions.slotOf(account), account))
  const [day = NONE, since = 0, from = 0] = text?.split(' ') ?? []
  return { day: readBirthday(day), sinceMs: Number(since), fromMs: Number(from) }
}

/**
 * When another day may count. Where the one that is replaced fell since it was said, give or take a day of time zones,
 * a year after that: else a day that is always today's would be had by who may write it into a profile.
 */
function nextFromMs({ day, sinceMs, fromMs }: Kept, nowMs: number): number {
  if (!day) return fromMs
  const soonMs = nowMs + DAY_MS
  const fellMs = soonMs - lastBirthday(day, soonMs, 'UTC').daysAgo * DAY_MS
  return fellMs >= Math.max(sinceMs, fromMs) - DAY_MS ? fellMs + YEAR_MS : fromMs
}

/** Undefined takes it back. */
export async function setBirthday(
  profiles: Profiles,
  account: number,
  { birthday, nowMs }: { birthday: Birthday | undefined; nowMs: number },
): Promise<void> {
  const { store, partitions } = profiles
  const kept = await readKept(profiles, account)
  const day = birthday ? birthdayText(birthday) : NONE
  if (day === (kept.day ? birthdayText(kept.day) : NONE)) return
  const key = birthdayKey(partitions.slotOf(account), account)
  await store.set(key, `${day} ${nowMs} ${nextFromMs(kept, nowMs)}`)
}

/** Undefined where none is known that counts by now. */
export async function birthdayOf(
  profiles: Profiles,
  account: number,
  nowMs: number,
): Promise<Birthday | undefined> {
  const { day, fromMs } = await readKept(profiles, account)
  return nowMs >= fromMs ? day : undefined
}
