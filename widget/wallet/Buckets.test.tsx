import { render } from 'preact'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Reach } from '../../shared/ledger.ts'
import { balanceOf } from '../overlay/model.ts'
import { accountOf, FakeClient } from '../overlay/testing.ts'
import { Buckets } from './Buckets.tsx'

let host: HTMLElement
beforeEach(() => {
  host = document.createElement('div')
  document.body.append(host)
})
afterEach(() => {
  render(null, host)
  host.remove()
})

const balance = { spendable: 1850, session: 50, pending: 0, held: 0, frozen: 0 }
const reach: Reach[] = [
  { kind: 'brand', brand: 'acme', id: 'acme', points: 1230, here: true },
  { kind: 'room', brand: 'acme', id: 'garden', name: '花园', points: 420, here: false },
  { kind: 'host', brand: 'acme', id: 'xiaolin', points: 200, here: false },
]
function shown(elsewhere: number | undefined): string[] {
  const account = { balance, ...(elsewhere !== undefined && { elsewhere }) }
  render(<Buckets account={account} reach={reach} expiring={undefined} lang="en" />, host)
  return [...host.querySelectorAll('div')].map((row) => row.textContent ?? '')
}

describe('where points are good', () => {
  it('[WL4] what can be spent is what is good here; the rest stands below with its place', () => {
    expect(shown(620)).toEqual([
      'To spend1,230',
      'This live only50gone when the live ends',
      'Room 花园420good there only',
      'Host xiaolin200good there only',
    ])
  })

  it('[WL4] where all are good here nothing else is said', () => {
    expect(shown(undefined)).toEqual(['To spend1,850', 'This live only50gone when the live ends'])
  })

  it('[WL4] the balance counts what is good here', () => {
    const client = new FakeClient({ account: accountOf({ balance, elsewhere: 620 }) })
    expect(balanceOf(client.state)).toBe(1280)
  })
})
