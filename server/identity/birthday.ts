/** Days of birth, as the merchant gave them: beside the profile, and gone with it when a person is erased. */

import { type Birthday, birthdayText, readBirthday } from '../../shared/birthday.ts'
import { readString } from '../redis/index.ts'
import { birthdayKey } from './keys.ts'
import type { Profiles } from './profile.ts'

/** Undefined takes it back. */
export async function setBirthday(
  { store, partitions }: Profiles,
  account: number,
  birthday: Birthday | undefined,
): Promise<void> {
  const key = birthdayKey(partitions.slotOf(account), account)
  if (birthday) await store.set(key, birthdayText(birthday))
  else await store.del(key)
}

export async function birthdayOf(
  { store, partitions }: Profiles,
  account: number,
): Promise<Birthday | undefined> {
  const text = await readString(store, birthdayKey(partitions.slotOf(account), account))
  return text === null ? undefined : readBirthday(text)
}
