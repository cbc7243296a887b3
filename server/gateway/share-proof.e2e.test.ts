/** What proves a share, as the rulebook says: the viewer's word, or somebody who came through the link. */

import { beforeAll, expect, test } from 'vitest'
import type { AccountState, Scored } from '../../shared/account-state.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { publishRulebook } from '../governance/index.ts'
import { knock, type TestService, type TestSocket, testTicket } from '../service.testing.ts'
import { useServices } from '../use-services.testing.ts'
import { ask } from './stand.testing.ts'

const services = useServices()
let service: TestService
beforeAll(async () => {
  const book = { ...PRESETS.live, shareProof: 'clickThrough' }
  expect(await publishRulebook(services.store(), { book, by: 'test' })).toMatchObject({ ok: true })
  ;[service] = await services.start('gateway')
})

const share = (socket: TestSocket, seq: number) => ask<Scored>(socket, 'share.send', { seq })
const beat = (socket: TestSocket) =>
  ask<Scored>(socket, 'watch.beat', { seq: 1, nonce: 0, visible: true })

test('[GW 000-11 share.proof] with click-through a word pays nothing, a visitor does, once, and never oneself', async () => {
  const enter = async (viewer: string, via?: string) =>
    knock(service.gatewayUrl, { ticket: await testTicket({ viewer }), ...(via && { via }) })
  const sharer = await enter('sharer')
  // Opens the watch clock, so that the account is known to be here.
  await beat(sharer.socket)
  expect((await share(sharer.socket, 2)).receipts).toMatchObject([
    { reason: 'share_unproven', points: 0 },
  ])
  const { handle } = sharer.welcome.me
  const told = new Promise<{ account: AccountState; receipts: Scored['receipts'] }>((done) =>
    sharer.socket.once('account.changed', done),
  )
  const visitor = await enter('visitor', handle)
  const { account, receipts } = await told
  expect(receipts).toMatchObject([{ action: 'share', reason: 'earned' }])
  expect(account.balance.spendable).toBeGreaterThan(0)
  visitor.socket.close()
  const again = await enter('visitor', handle)
  const self = await enter('sharer', handle)
  const after = await beat(self.socket)
  expect(after.account.balance.spendable).toBe(account.balance.spendable)
  for (const { socket } of [sharer, again, self]) socket.close()
})
