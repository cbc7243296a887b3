/** The log of a live's pulses, for replays and audits. */

import type { Store } from '../redis/index.ts'
import type { PulseEntry } from './heat.ts'
import { keysOfRoom } from './keys.ts'

const PAGE = 1000
/** The stream is trimmed to about 20,000; this many pages end any reading. */
const PAGES_MAX = 40

/** The pulses of the newest live that added heat or changed the level, in order. */
export async function readPulseLog(store: Store, room: string): Promise<PulseEntry[]> {
  const key = keysOfRoom(room).pulses
  const entries: PulseEntry[] = []
  let from = '-'
  for (let page = 0; page < PAGES_MAX; page++) {
    const found = await store.xrangeBuffer(key, from, '+', 'COUNT', PAGE)
    for (const [, fields] of found) entries.push(toEntry(fields))
    const last = found.at(-1)
    if (!last || found.length < PAGE) break
    from = `(${last[0].toString()}`
  }
  return entries
}

function toEntry(fields: readonly Buffer[]): PulseEntry {
  const of = new Map<string, Buffer>()
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const value = fields[i + 1]
    if (value) of.set(String(fields[i]), value)
  }
  const int = (name: string) => Number(of.get(name)?.toString())
  const by = of.get('by') ?? Buffer.alloc(0)
  return {
    gateway: int('gateway'),
    incarnation: String(of.get('incarnation')),
    sequence: int('sequence'),
    weight: int('weight'),
    byAction: Array.from({ length: by.length / 5 }, (_, i): [number, number] => [
      by.readUInt8(5 * i),
      by.readUInt32BE(5 * i + 1),
    ]),
    atMs: int('at'),
    actors: int('actors'),
    rulebook: int('rulebook'),
    heat: int('heat'),
    level: int('level'),
  }
}
