import { formatAccount } from '../../shared/ids.ts'
import { declareKeys, keyIn, type SlotTag } from '../redis/index.ts'

export const scoringKeys = declareKeys('scoring', {
  v: {
    slot: 'partition',
    type: 'packed',
    life: '48 h after the last action of the live',
    holds: 'one visit: minute and room caps, continuous watch, task progress; no money',
  },
  once: {
    slot: 'partition',
    type: 'string',
    life: '24 h',
    holds: 'input hash and first answer of an event from a server',
  },
})

export const visitKey = (slot: SlotTag, account: number, live: number) =>
  keyIn(slot, 'v', formatAccount(account), live)
export const onceKey = (slot: SlotTag, account: number, id: string) =>
  keyIn(slot, 'once', formatAccount(account), id)
