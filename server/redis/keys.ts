/** Every Redis key is declared by the module that owns it; the catalogue in docs is made from these. */

import { isId } from '../../shared/ids.ts'
import { assert } from '../kernel/index.ts'

const PREFIX = 'ff:'

export type SlotKind =
  | 'partition'
  | 'room'
  | 'host'
  | 'team'
  | 'reward'
  | 'pickup'
  | 'identity'
  | 'config'
export type KeyType = 'packed' | 'string' | 'hash' | 'set' | 'zset' | 'list' | 'stream'

export interface KeySpec {
  slot: SlotKind
  type: KeyType
  /** When it goes away. */
  life: string
  holds: string
}

/** A hash tag with its braces; only these makers produce one. */
export type SlotTag = string & { readonly __slot: true }

const tag = (text: string): SlotTag => text as SlotTag

function tagged(kind: string, id: string): SlotTag {
  assert(isId(id), `${kind} id must match [A-Za-z0-9_-]{1,64}`)
  return tag(`{${kind}:${id}}`)
}

export const roomSlot = (room: string): SlotTag => tagged('r', room)
/** What belongs to a host in all rooms, by the number under which lots name the host. */
export const hostSlot = (number: number): SlotTag => tagged('h', String(number))
/** A team of viewers by its code; and what teams of a task may cost, by the id of the task. */
export const teamSlot = (code: string): SlotTag => tagged('t', code)
export const rewardSlot = (reward: string): SlotTag => tagged('w', reward)
/** A pick-up point: what lies there, and who hands it out. */
export const pickupSlot = (point: string): SlotTag => tagged('k', point)
export const identitySlot = (hash: string): SlotTag => tagged('i', hash)
export const configSlot: SlotTag = tag('{cfg}')
/** `partition` is one of `partitionTags`. */
export const partitionSlot = (partition: string): SlotTag => tag(partition)

const declared = new Map<string, { module: string; spec: KeySpec }>()

/** Declares a module's keys. `name` is what follows the hash tag; dynamic parts are appended by `keyIn`. */
export function declareKeys<const T extends Record<string, KeySpec>>(module: string, specs: T): T {
  for (const [name, spec] of Object.entries(specs))
    declared.set(`${spec.slot} ${name}`, { module, spec })
  return specs
}

export const keyCatalogue = (): ReadonlyMap<string, { module: string; spec: KeySpec }> => declared

/** `ff:{r:42}:heat`, or with parts `ff:{p3.x}:v:ACCOUNT:LIVE`. Parts are ids or numbers. */
export function keyIn(slot: SlotTag, name: string, ...parts: (string | number)[]): string {
  let key = `${PREFIX}${slot}:${name}`
  for (const part of parts) {
    // The message is made where it is needed: keys are made many thousand times a second.
    if (typeof part === 'string' && !isId(part))
      assert(false, `key part of ${name} must match [A-Za-z0-9_-]{1,64}`)
    key += `:${part}`
  }
  return key
}
