/** Who can owe points, as lots name them: one register of numbers for brands, rooms and hosts. */

import { createHash } from 'node:crypto'
import type { IssuerName, IssuerNames } from '../../shared/ledger.ts'
import type { Pool } from '../../shared/rulebook/wallet.ts'
import { defineScript, type Store } from '../redis/index.ts'
import source from './issuer.lua'
import { issuersKey, keysOfRoom, ownersKey } from './keys.ts'

/** Lots have two bytes for it; 0 is nobody. */
const NUMBERS_MAX = 65_535

const script = defineScript({
  name: 'rooms.issuer',
  source,
  keys: ['issuers', 'owners'],
  args: { name: 'str', start: 'int' },
  replies: { ok: { number: 'int' }, full: {} },
})

export type Issuer = Pick<IssuerName, 'kind' | 'id' | 'brand'>

/** Ids have no slash, so no brand is taken for a room. */
const fieldOf = ({ kind, id, brand }: Issuer): string =>
  kind === 'brand' ? brand : `${kind}/${brand}/${id}`

function issuerOf(field: string): Issuer {
  const [kind = '', brand = '', id = ''] = field.split('/')
  const narrow = id !== '' && (kind === 'room' || kind === 'host')
  return narrow ? { kind, brand, id } : { kind: 'brand', brand: field, id: field }
}

const startOf = (field: string): number =>
  1 + (createHash('sha256').update(field).digest().readUInt32BE() % NUMBERS_MAX)

/** The number of an issuer; the first use gives it one. Undefined when all are given out. */
async function numberOf(store: Store, issuer: Issuer): Promise<number | undefined> {
  const name = fieldOf(issuer)
  const reply = await script.run(store, {
    keys: { issuers: issuersKey, owners: ownersKey },
    args: { name, start: startOf(name) },
  })
  return reply.tag === 'full' ? undefined : reply.number
}

/** The issuer number of a brand; the first use gives it one. Throws when 65,535 are given out. */
export async function brandNumber(store: Store, brand: string): Promise<number> {
  const number = await numberOf(store, { kind: 'brand', brand, id: brand })
  if (number === undefined) throw new Error('all 65,535 issuer numbers are given out')
  return number
}

/** The same for many at once, in their order. */
export async function brandNumbers(store: Store, brands: readonly string[]): Promise<number[]> {
  if (brands.length === 0) return []
  const known = await store.hmget(issuersKey, ...brands)
  return Promise.all(
    brands.map((brand, i) => {
      const number = known[i]
      return typeof number === 'string' ? Number(number) : brandNumber(store, brand)
    }),
  )
}

/** A room as far as it says whose points are good in it. */
interface InRoom {
  id: string
  brand: string
  /** Id of its host; empty for none. */
  host: string
}

const ownIssuers = ({ id, brand, host }: InRoom): Issuer[] => [
  { kind: 'room', brand, id },
  ...(host === '' ? [] : [{ kind: 'host', brand, id: host } as const]),
]

/** Numbers of the room and of its host, the narrower first, where they have points of their own. */
export async function localNumbers(store: Store, room: InRoom): Promise<number[]> {
  const known = await store.hmget(issuersKey, ...ownIssuers(room).map(fieldOf))
  return known.flatMap((number) => (number === null ? [] : [Number(number)]))
}

/**
 * Who owes what is earned in the room under that pool: its brand unless the rulebook says narrower. A room without a
 * host stands for itself. When all numbers are given out it is the brand, which is never to the viewer's loss.
 */
export async function earningNumber(
  store: Store,
  room: InRoom & { brandNo: number },
  pool: Pool,
): Promise<number> {
  if (pool === 'brand' || pool === 'coalition') return room.brandNo
  const [own, host] = ownIssuers(room)
  const issuer = pool === 'host' && host ? host : own
  return (issuer && (await numberOf(store, issuer))) ?? room.brandNo
}

/** Whose points those of these numbers are; numbers of nobody are left out. */
export async function readIssuers(
  store: Store,
  numbers: Iterable<number>,
): Promise<Map<number, Issuer>> {
  const wanted = [...new Set(numbers)].filter((number) => number > 0)
  const found = new Map<number, Issuer>()
  if (wanted.length === 0) return found
  const fields = await store.hmget(ownersKey, ...wanted.map(String))
  for (const [i, number] of wanted.entries()) {
    const field = fields[i]
    if (typeof field === 'string') found.set(number, issuerOf(field))
  }
  return found
}

/** The same for people to read: rooms with their names. */
export async function nameIssuers(store: Store, numbers: Iterable<number>): Promise<IssuerNames> {
  const named: IssuerNames = {}
  for (const [number, issuer] of await readIssuers(store, numbers)) {
    const name =
      issuer.kind === 'room' ? await store.hget(keysOfRoom(issuer.id).room, 'name') : null
    named[number] = { ...issuer, ...(name !== null && { name }) }
  }
  return named
}
