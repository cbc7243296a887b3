/** Answers by watermark, frame by frame. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CommandRefused, CommandsScored, Welcome } from '../../shared/protocol/index.ts'
import { admittedFrames, type Frames } from './raw.testing.ts'
import {
  eventually,
  newTicket,
  type Stand,
  startStand,
  TRANSPORTS,
  transportEnv,
} from './stand.testing.ts'

const bodies = <T>(client: Frames, event: string): T[] =>
  client.heard
    .filter((frame) => frame.startsWith(`42["${event}",`))
    .map((frame) => (JSON.parse(frame.slice(2)) as [string, T])[1])
const acks = (client: Frames) => client.heard.filter((frame) => frame.startsWith('43'))
const scored = (client: Frames) => bodies<CommandsScored>(client, 'commands.scored')
const like = (seq: number, count = 1) => `42["like.send",{"seq":${seq},"count":${count}}]`

describe.each(TRANSPORTS)('on %s', (transport) => {
  let stand: Stand
  beforeAll(async () => {
    stand = await startStand(transportEnv(transport))
  })
  afterAll(() => stand.stop())
  const enter = async (auth: object = { acks: 'watermark' }) =>
    admittedFrames(stand.url, { ticket: await newTicket(), ...auth })

  test('[GW18] commands without an acknowledgement are answered together: account, receipts, and what is applied', async () => {
    const client = await enter()
    expect(bodies<Welcome>(client, 'session.welcomed')[0]).toHaveProperty('acks', 'watermark')
    for (let seq = 1; seq <= 8; seq++) client.send(like(seq, 2))
    const last = await eventually(
      () => scored(client).find(({ applied }) => applied.high === 8),
      'all',
    )
    expect(last.applied).toEqual({ high: 8, mask: 0xff })
    expect(last.account.balance.spendable).toBe(16)
    const receipts = scored(client).flatMap((one) => one.receipts)
    expect(receipts.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(receipts.every(({ points }) => points === 2)).toBe(true)
    // Fewer answers than commands is what it is for.
    expect(scored(client).length).toBeLessThan(8)
    client.send(like(3))
    const again = await eventually(
      () => scored(client).find((one) => one.receipts.length === 0),
      'dup',
    )
    expect(again.applied).toEqual(last.applied)
    expect(again.account.balance.spendable).toBe(16)
    expect(acks(client)).toEqual([])
    client.ws.terminate()
  })

  test('[GW18] what is not credited is refused by its number, whatever the reason', async () => {
    const client = await enter()
    client.send(like(1, 0))
    client.send('42["like.send",{"seq":2}]')
    client.send(like(40))
    await eventually(() => scored(client)[0], 'the good one')
    client.send(like(8))
    for (let seq = 41; seq <= 70; seq++) client.send(like(seq))
    const refused = () => bodies<CommandRefused>(client, 'command.refused')
    await eventually(
      () => refused().find(({ refusal }) => refusal.code === 'rate_limited'),
      'limit',
    )
    const code = (seq: number) => refused().find((one) => one.seq === seq)?.refusal
    expect(code(1)).toMatchObject({ code: 'bad_request', field: 'count' })
    expect(code(2)).toMatchObject({ code: 'bad_request', field: 'count' })
    await eventually(() => code(8), 'too old')
    expect(code(8)).toMatchObject({ code: 'too_old' })
    expect(code(70)).toHaveProperty('afterMs')
    client.ws.terminate()
  })

  test('[GW18] an acknowledgement that was asked for comes; who asked for nothing hears nothing of other commands', async () => {
    const client = await enter()
    client.send('427["like.send",{"seq":1,"count":1}]')
    expect(await client.next(/^437\[/)).toContain('"ok":true')
    expect(scored(client)).toEqual([])
    const stock = await enter({})
    expect(bodies<Welcome>(stock, 'session.welcomed')[0]).not.toHaveProperty('acks')
    stock.send(like(1))
    stock.send(like(0))
    stock.send('429["like.send",{"seq":2,"count":1}]')
    expect(await stock.next(/^439\[/)).toContain('"spendable":2')
    const heard = stock.heard.filter((frame) => /"command(s.scored|.refused)"/.test(frame))
    expect(heard).toEqual([])
    client.ws.terminate()
    stock.ws.terminate()
  })
})
