/** How the text of a variable becomes a value, for every kind of value there is. */

import { z } from 'zod'
import { isId } from '../../shared/ids.ts'
import { type Key, Secret } from './secret.ts'

const KEYS_MAX = 64
export const ORIGINS_MAX = 256

/** A page that may open sockets. Without `brand` it may do so for every brand. */
export interface AllowedOrigin {
  origin: string
  brand: string | undefined
}

export type ServerRole = 'gateway' | 'api' | 'worker'
/** When an answer counts as durable; `auto` is as Redis is set. */
export type Durability =
  | { kind: 'auto' }
  | { kind: 'replicas'; count: number }
  | { kind: 'always' }
  | { kind: 'everysec' }

export const ROLES: readonly ServerRole[] = ['gateway', 'api', 'worker']
export const isRole = (text: string): text is ServerRole => ROLES.some((role) => role === text)

const split = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('#'))

/** A whole number within both bounds. */
export const int = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message)
}

/** A switch: 0 or 1. */
export const flag = z
  .enum(['0', '1', 'false', 'true'], 'must be 0 or 1')
  .transform((text) => text === '1' || text === 'true')

/** The text itself where it is an origin, undefined where not. */
export const origin = (text: string): string | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url && /^https?:$/.test(url.protocol) && url.origin === text ? text : undefined
}

/** Where a Redis is, with its password; `missing` says what to do where it is not set. */
export const redisUrl = (missing: string) =>
  z
    .string(missing)
    .regex(
      /^(rediss?:\/\/|redis-cluster:\/\/|unix:\/\/\/).+/,
      'must begin with redis://, rediss://, redis-cluster:// or unix:///',
    )
    .transform((text) => new Secret(text))

/** A list where every part must be readable; `read` answers undefined where one is not. */
export const list = <T>(read: (part: string) => T | undefined, max: number, message: string) =>
  z.string().transform((text, context): T[] => {
    const parts = split(text)
    const values = parts.flatMap((part) => {
      const value = read(part)
      return value === undefined ? [] : [value]
    })
    if (values.length < parts.length) context.addIssue({ code: 'custom', message })
    if (parts.length > max) context.addIssue({ code: 'custom', message: `at most ${max} entries` })
    return values
  })

/** Signing keys, each kid once. */
export const keys = list<Key>(
  (part) => {
    const [kid = '', brand = '', ...rest] = part.split(':')
    const secret = rest.join(':')
    return isId(kid) && isId(brand) && secret !== ''
      ? { kid, brand, secret: new Secret(secret) }
      : undefined
  },
  KEYS_MAX,
  'must be kid:brand:secret, more of them after a comma; kid and brand of A-Z a-z 0-9 _ -',
).refine(
  (all) => new Set(all.map((key) => key.kid)).size === all.length,
  'every kid may be there once only',
)

/** Secrets without names, at least one. */
export const secrets = z
  .string()
  .transform((text) => split(text).map((part) => new Secret(part)))
  .refine((all) => all.length > 0, 'is empty')

export const durability = z
  .string()
  .regex(
    /^(auto|always|everysec|replicas:[1-9])$/,
    'must be auto, always, everysec or replicas:N with N from 1 to 9',
  )
  .transform((text): Durability => {
    if (text.startsWith('replicas:')) return { kind: 'replicas', count: Number(text.slice(9)) }
    return { kind: text === 'always' || text === 'everysec' ? text : 'auto' }
  })
