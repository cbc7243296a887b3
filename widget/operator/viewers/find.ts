/** From whatever a viewer gives to the account: one field, tried as what it can be. */

import type { Answer, Api } from '../api.ts'

type Kind = 'number' | 'phone' | 'viewer' | 'openid' | 'mall'

export interface Found {
  number: string
  /** The merchant's id that the account was made for. */
  viewer?: string
  /** Where it was found by name. */
  name?: string
  /** Where it was found by name: when the account was made. */
  sinceMs?: number
}

type Named = Required<Pick<Found, 'number' | 'name' | 'sinceMs'>> & Pick<Found, 'viewer'>

export interface Choice {
  all: Found[]
  /** More bear the name than are told. */
  more?: true
}

const NUMBER = /^[0-9a-hjkmnp-tv-z]{10}$/i
/** An account's number, as the console's addresses name accounts. */
export const isNumber = (text: string): boolean => NUMBER.test(text)

const PHONE = /^[+\d][\d\s().-]{5,}$/
const ID = /^[A-Za-z0-9_-]{1,64}$/
const PLAIN = /^[A-Za-z0-9_.@:-]{1,64}$/

/** What the text can be, the likeliest first. */
export function kindsOf(text: string): Kind[] {
  const can: [Kind, boolean][] = [
    ['number', NUMBER.test(text)],
    ['phone', PHONE.test(text)],
    ['viewer', ID.test(text)],
    ['openid', PLAIN.test(text)],
    ['mall', PLAIN.test(text)],
  ]
  return can.flatMap(([kind, does]) => (does ? [kind] : []))
}

/** Who is found under it by an identity, the first that fits. */
async function identified(api: Api, text: string): Promise<Answer<{ found?: Found; kind?: Kind }>> {
  for (const kind of kindsOf(text)) {
    const answer = await api.post<Found>('/v1/accounts/find', { kind, value: text })
    if (answer.ok) return { ok: true, found: answer, kind }
    // What can be no phone number is none.
    if (answer.code !== 'not_found' && answer.code !== 'bad_request') return answer
  }
  return { ok: true }
}

/**
 * Everybody it can mean, whatever it is taken for: one viewer's id may be another's name, and points are corrected for
 * who is chosen here. Numbers are nobody's name.
 */
export async function find(api: Api, text: string): Promise<Answer<Choice>> {
  const byId = await identified(api, text)
  if (!byId.ok) return byId
  const { found, kind } = byId
  if (found && (kind === 'number' || kind === 'phone')) return { ok: true, all: [found] }
  const byName = await api.post<{ accounts: Named[]; more?: true }>('/v1/accounts/named', {
    name: text,
  })
  if (!byName.ok) return found ? { ok: true, all: [found] } : byName
  const others = byName.accounts.filter(({ number }) => number !== found?.number)
  const bears = byName.accounts.find(({ number }) => number === found?.number)
  const all = [...(found ? [{ ...found, ...bears }] : []), ...others]
  return { ok: true, all, ...(byName.more && { more: true }) }
}
