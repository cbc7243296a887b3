/** Redis keys of identities. */

import {
  configSlot,
  declareKeys,
  identitySlot,
  keyIn,
  roomSlot,
  type SlotTag,
} from '../redis/index.ts'

const declared = declareKeys('identity', {
  account: {
    slot: 'identity',
    type: 'string',
    life: 'until erased; 24 h after it was unlinked',
    holds:
      'account number of an identity, or ~ and the nonce of a link that was ended; the hash in the key is keyed with the pepper',
  },
  links: {
    slot: 'partition',
    type: 'hash',
    life: 'for ever; emptied when erased',
    holds:
      'identities of an account: hash to state, nonce, time and JSON {kind, brand, was}, never the value',
  },
  birthday: {
    slot: 'partition',
    type: 'string',
    life: 'until erased',
    holds:
      'day of birth as MM-DD, where the merchant gave it, since when and from when on it counts',
  },
  profile: {
    slot: 'partition',
    type: 'string',
    life: 'for ever; emptied when erased',
    holds: 'JSON {name, optOut}; its being there claims the account number',
  },
  names: {
    slot: 'partition',
    type: 'zset',
    life: 'entries until renamed or erased',
    holds:
      'who bears a name: its hash, keyed with the pepper, and the account number, for operators who look somebody up',
  },
  whose: {
    slot: 'partition',
    type: 'string',
    life: 'until erased',
    holds: 'the identity that an account was made for, encrypted with the pepper',
  },
  pepper: {
    slot: 'config',
    type: 'string',
    life: 'for ever',
    holds: 'the pepper of identity hashes, encrypted with the session secret',
  },
  revoked: {
    slot: 'config',
    type: 'zset',
    life: 'entries 25 h',
    holds: 'revoked tickets (t:BRAND:JTI) and accounts (a:NUMBER) by time of revocation',
  },
  stage: {
    slot: 'room',
    type: 'hash',
    life: 'until revoked',
    holds: 'stage keys of a room by id: JSON {label, createdAtMs, digest}',
  },
})

/** Names of what is known of a person in a partition: no archive has it. */
export const PERSON_KEYS: readonly string[] = Object.entries(declared)
  .filter(([, { slot }]) => slot === 'partition')
  .map(([name]) => name)

export const accountKey = (hash: string): string => keyIn(identitySlot(hash), 'account')
export const profileKey = (slot: SlotTag, account: number): string =>
  keyIn(slot, 'profile', account)
export const namesKey = (slot: SlotTag): string => keyIn(slot, 'names')
export const whoseKey = (slot: SlotTag, account: number): string => keyIn(slot, 'whose', account)
export const linksKey = (slot: SlotTag, account: number): string => keyIn(slot, 'links', account)
export const pepperKey = keyIn(configSlot, 'pepper')
export const revokedKey = keyIn(configSlot, 'revoked')
export const stageKeysKey = (room: string): string => keyIn(roomSlot(room), 'stage')

export const birthdayKey = (slot: SlotTag, account: number) => keyIn(slot, 'birthday', account)
