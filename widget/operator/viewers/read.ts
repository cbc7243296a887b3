/** What the page reads of one account, together, so that its numbers belong together. */

import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { AccountState } from '../../../shared/account-state.ts'
import type { Balances } from '../../../shared/ledger.ts'
import type { RedemptionView } from '../../../shared/rewards.ts'
import { type Answer, type Api, path } from '../api.ts'
import { useDesk } from '../desk.ts'
import { ACCOUNT_EVERY_MS } from '../limits.ts'
import type { ListPage } from '../older.ts'
import { type Polled, usePolled } from '../poll.ts'
import { createPast, PAGES_MAX, type Page, type Past } from './past.ts'

export interface Wallet {
  number: string
  frozen: boolean
  balance: Balances
  balanced: boolean
  flows: Record<
    'issued' | 'transferredIn' | 'spent' | 'expired' | 'revoked' | 'transferredOut',
    number
  >
  expiring?: { points: number; atMs: number }
}

export interface Merge {
  merge: string
  state: 'active' | 'undoing' | 'undone'
  from: string
  moved: { points: number; growth: number }
  undoUntilMs: number
  back?: { points: number; growth: number }
  short?: { points: number; growth: number }
}

export interface Person {
  name?: string
  frozen: boolean
  account: AccountState
  wallet: Wallet
  identities: { kind: 'viewer' | 'phone' | 'openid' | 'mall'; linkedAtMs: number }[]
  merges: Merge[]
  redeemed: ListPage<RedemptionView>
}

/** The name under which routes know an account by its number. */
export const byNumber = (number: string): string => `number:${number}`

/** A page of what the account redeemed, newest first. */
export async function readRedeemed(
  api: Api,
  number: string,
  before?: string,
): Promise<Answer<ListPage<RedemptionView>>> {
  const url = path('accounts', byNumber(number), 'redemptions')
  const from = before === undefined ? '' : `?before=${encodeURIComponent(before)}`
  const answer = await api.get<{ redemptions: RedemptionView[]; next?: string; cut?: true }>(
    url + from,
  )
  return answer.ok ? { ...answer, items: answer.redemptions } : answer
}

async function readPerson(api: Api, number: string): Promise<Answer<Person>> {
  const of = (...parts: string[]) => path('accounts', byNumber(number), ...parts)
  const state = await api.get<Pick<Person, 'name' | 'frozen' | 'account'>>(of())
  if (!state.ok) return state
  const [wallet, identities, merges, redeemed] = await Promise.all([
    api.get<Wallet>(of('wallet')),
    api.get<Pick<Person, 'identities'>>(of('identities')),
    api.get<Pick<Person, 'merges'>>(of('merges')),
    readRedeemed(api, number),
  ])
  if (!wallet.ok) return wallet
  if (!identities.ok) return identities
  if (!merges.ok) return merges
  if (!redeemed.ok) return redeemed
  return { ...state, wallet, ...identities, ...merges, redeemed }
}

export interface Viewer {
  person: Polled<Person>
  past: Polled<Past>
  older(): void
  /** Something was changed: everything is read again, and once more when the history has followed. */
  changed(): void
}

/** Histories are written up to a second behind. */
const BEHIND_MS = 1500

export function useViewer(number: string): Viewer {
  const { api, runtime } = useDesk()
  const pages = useSignal(1)
  const person = usePolled(`person ${number}`, () => readPerson(api, number), ACCOUNT_EVERY_MS)
  const read = useMemo(() => {
    const url = path('accounts', byNumber(number), 'history')
    return createPast((before) =>
      api.get<Page>(before === undefined ? url : `${url}?before=${encodeURIComponent(before)}`),
    )
  }, [api, number])
  const past = usePolled(`past ${number}`, () => read(pages.value), ACCOUNT_EVERY_MS)
  const wanted = pages.value
  useEffect(() => {
    if (wanted > 1) past.again()
  }, [wanted])
  return {
    person,
    past,
    older: () => {
      pages.value = Math.min(PAGES_MAX, pages.value + 1)
    },
    changed: () => {
      person.again()
      past.again()
      runtime.after(BEHIND_MS, past.again)
    },
  }
}
