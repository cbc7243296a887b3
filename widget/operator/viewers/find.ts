/** From whatever a viewer gives to the account: one field, tried as what it can be. */

import type { Answer, Api } from '../api.ts'

type Kind = 'number' | 'phone' | 'viewer' | 'openid' | 'mall'

export interface Found {
  number: string
  /** The merchant's id that the account was made for. */
  viewer?: string
}

const NUMBER = /^[0-9a-hjkmnp-tv-z]{10}$/i
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

/** Undefined where nobody is found under it, whatever it is taken for. */
export async function find(api: Api, text: string): Promise<Answer<{ found?: Found }>> {
  for (const kind of kindsOf(text)) {
    const answer = await api.post<Found>('/v1/accounts/find', { kind, value: text })
    if (answer.ok) return { ok: true, found: answer }
    // What can be no phone number is none.
    if (answer.code !== 'not_found' && answer.code !== 'bad_request') return answer
  }
  return { ok: true }
}
