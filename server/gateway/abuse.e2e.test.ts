/** What an admitted or would-be viewer may try: refused by name, and nothing changes. */

import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import { parseAccount } from '../../shared/ids.ts'
import { revoke } from '../identity/index.ts'
import { must } from '../kernel/index.ts'
import { createRoom, endLive, startLive } from '../rooms/index.ts'
import { knock, type TestSocket } from '../service.testing.ts'
import { admittedFrames, rawHttp } from './raw.testing.ts'
import {
  ask,
  eventually,
  like,
  newTicket,
  type Stand,
  startStand,
  TRANSPORTS,
  transportEnv,
} from './stand.testing.ts'

const enter = async (stand: Stand, of: Parameters<typeof newTicket>[0] = {}) =>
  knock(stand.url, { ticket: await newTicket(of) })

async function openRoom({ store }: Stand, id: string): Promise<void> {
  await createRoom(store, { id, name: id, brand: 'demo', timeZone: 'Asia/Shanghai' })
  await startLive(store, { room: id })
}

describe.each(TRANSPORTS)('on %s', (transport) => {
  let stand: Stand
  beforeAll(async () => {
    stand = await startStand(transportEnv(transport))
  })
  afterAll(() => stand.stop())

  test('[GW5 C21] what is no ticket of ours for this room is refused by name', async () => {
    const good = await newTicket()
    const [head = '', body = '', mac = ''] = good.split('.')
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>
    const unsigned = `${part({ alg: 'none', kid: 'k1' })}.${body}.`
    const confused = `${part({ alg: 'RS256', kid: 'k1' })}.${body}`
    const other = createHmac('sha256', 'another key entirely').update(confused).digest('base64url')
    const now = Date.now()
    const refused = 'fanfare_gateway_admissions_total{code="ticket_invalid"}'
    const before = await stand.metric(refused)
    for (const [code, wrong] of [
      ['ticket_missing', ''],
      ['ticket_invalid', 'garbage'],
      ['ticket_invalid', unsigned],
      ['ticket_invalid', `${confused}.${other}`],
      ['ticket_invalid', `${head}.${part({ ...claims, role: 'host' })}.${mac}`],
      ['ticket_invalid', `${head}.${body}.${mac.slice(0, -2)}`],
      ['ticket_expired', await newTicket({ nowMs: now - 600_000 })],
      ['ticket_invalid', await newTicket({ nowMs: now + 600_000 })],
      ['room_not_found', await newTicket({ room: 'elsewhere' })],
    ] as const)
      await expect(knock(stand.url, wrong ? { ticket: wrong } : {}), wrong).rejects.toThrow(code)
    expect((await stand.metric(refused)) - before).toBe(6)
    await expect(knock(stand.url, { ticket: good, protocol: 99 })).rejects.toThrow(
      'protocol_unsupported',
    )
    for (const [field, wrong] of [
      ['ticket', { ticket: { $gt: '' } }],
      ['session', { ticket: good, session: 5 }],
      ['protocol', { ticket: good, protocol: '1' }],
    ] as const)
      await expect(knock(stand.url, wrong as never), field).rejects.toMatchObject({
        data: { code: 'bad_request', field },
      })
  })

  test('[GW4 C22] a ticket opens as many sockets as allowed and no more', async () => {
    const ticket = await newTicket()
    const opened = []
    for (let i = 0; i < 3; i++) opened.push(await knock(stand.url, { ticket }))
    await expect(knock(stand.url, { ticket })).rejects.toThrow('too_many_sockets')
    for (const { socket } of opened) socket.close()
  })

  test('[GW4 C22] of fifty that come with one ticket at the same moment no more are let in', async () => {
    const ticket = await newTicket()
    const knocks = Array.from({ length: 50 }, () => knock(stand.url, { ticket }))
    const answers = await Promise.allSettled(knocks)
    const opened = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    const refusals = answers.flatMap((one) =>
      one.status === 'rejected' ? [one.reason.message] : [],
    )
    for (const { socket } of opened) socket.close()
    expect(opened).toHaveLength(3)
    expect(refusals).toEqual(refusals.map(() => 'too_many_sockets'))
  })

  const task = (requestId: string) => ({
    requestId,
    action: 'like',
    goal: 1,
    points: 10_000,
    seconds: 60,
    title: { zh: '骗', en: 'Steal' },
  })

  test('[GW6 C23] a viewer asks for what only a host may: forbidden, and nothing happens', async () => {
    const { socket } = await enter(stand)
    for (const [name, input] of [
      ['task.start', task('abcdefgh')],
      ['campaign.start', task('abcdefgh')],
      ['stage.setSafe', { safe: true }],
      ['comment.spotlight', { comment: 0 }],
    ] as const)
      expect(await ask(socket, name, input)).toMatchObject({ ok: false, code: 'forbidden' })
    const { welcome } = await enter(stand)
    expect(welcome.room).toMatchObject({ tasks: [], campaigns: [], safe: false })
    // The log of another process comes when it comes.
    await expect.poll(() => stand.service.log()).toContain('a role asked for what it may not')
    socket.close()
  })

  test("[GW6 C24] a host acts in the ticket's room only", async () => {
    await openRoom(stand, 'b')
    const said = await enter(stand)
    await ask(said.socket, 'comment.send', { seq: 1, text: '这个锅可以用在电磁炉上吗' })
    const host = await enter(stand, { role: 'host', room: 'b' })
    expect(await ask(host.socket, 'task.start', task('host-of-b'))).toMatchObject({ ok: true })
    expect(
      await ask(host.socket, 'task.start', { ...task('host-of-b2'), room: 'demo' }),
    ).toMatchObject({ ok: false, code: 'bad_request', field: 'room' })
    const inDemo = await eventually(async () => {
      const { welcome, socket } = await enter(stand)
      socket.close()
      return welcome.room.comments.length > 0 ? welcome : undefined
    }, 'the comment is in the room')
    const comment = must(inDemo.room.comments.at(-1), 'a comment').id
    expect(inDemo.room.tasks).toEqual([])
    expect(await ask(host.socket, 'comment.spotlight', { comment })).toMatchObject({
      ok: false,
      code: 'not_found',
    })
    host.socket.close()
    said.socket.close()
  })

  test('[GW8 C25 U1 U8] a revoked ticket loses its socket within seconds, hears nothing more, and does not come back', async () => {
    const ticket = await newTicket({ jti: `revoked-${transport}` })
    const same = await newTicket({ jti: `revoked-${transport}-not` })
    const other = await knock(stand.url, { ticket: same })
    const client = await admittedFrames(stand.url, { ticket })
    const welcome = await client.next(/session.welcomed/)
    const resume = /"resume":"([^"]+)"/.exec(welcome)?.[1] ?? ''
    await revoke(stand.store, { brand: 'another', jti: `revoked-${transport}` })
    await revoke(stand.store, { brand: 'demo', jti: `revoked-${transport}` })
    const code = await client.closed(8000)
    // The close itself says nothing; the event before it does.
    expect([1000, 1005, 1006]).toContain(code)
    const goodbye = client.heard.findIndex((frame) => frame.includes('server.goodbye'))
    expect(client.heard[goodbye]).toContain('"reason":"revoked"')
    const after = client.heard.slice(goodbye + 1).filter((frame) => frame.startsWith('42'))
    expect(after).toEqual([])
    expect(other.socket.connected).toBe(true)
    for (const auth of [{ ticket }, { resume }])
      await expect(knock(stand.url, auth)).rejects.toThrow('ticket_revoked')
    other.socket.close()
  })

  test("[GW8 C25] another brand's revocation of the same ticket number closes nobody", async () => {
    const jti = `shared-${transport}`
    const { socket } = await enter(stand, { jti })
    const mine = await enter(stand, { jti: `${jti}-mine` })
    const gone = new Promise((done) => mine.socket.once('server.goodbye', done))
    await revoke(stand.store, { brand: 'another', jti })
    await revoke(stand.store, { brand: 'demo', jti: `${jti}-mine` })
    expect(await gone).toMatchObject({ reason: 'revoked', code: 4501 })
    expect(socket.connected).toBe(true)
    socket.close()
  })

  test('[GW5 C26] a page that is not listed cannot open a socket', async () => {
    const { host } = new URL(stand.url)
    const upgrade = async (origin: string) => {
      const { status } = await rawHttp(
        stand.url,
        `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
        800,
      )
      return status
    }
    const own = stand.service.apiUrl
    // engine.io on node:http knows one status for every refused upgrade.
    for (const origin of [
      'https://evil.example',
      own.replace('127.0.0.1', 'evil-127.0.0.1'),
      `${own}.evil.example`,
      'https://127.0.0.1',
    ])
      expect(await upgrade(origin), origin).toBe(transport === 'node' ? 400 : 403)
    expect(await upgrade(own)).toBe(101)
  })

  test('[GW6 C31 C32 C39 C40] inputs that do not fit are refused with the field, and change nothing', async () => {
    const { socket } = await enter(stand)
    const deep = JSON.parse('['.repeat(4000) + ']'.repeat(4000)) as unknown
    const many = Object.fromEntries(Array.from({ length: 1200 }, (_, i) => [`k${i}`, i]))
    const cases: [object, string][] = [
      [{ seq: 1, count: 0 }, 'count'],
      [{ seq: 1, count: -1 }, 'count'],
      [{ seq: 1, count: 1.5 }, 'count'],
      [{ seq: 1, count: '1' }, 'count'],
      [{ seq: 1, count: null }, 'count'],
      [{ seq: 1, count: 2 ** 53 }, 'count'],
      [{ seq: 1 }, 'count'],
      [{ seq: 0, count: 1 }, 'seq'],
      [{ seq: '}{', count: 1 }, 'seq'],
      [{ seq: 1, count: 1, extra: 1 }, 'extra'],
      [{ seq: 1, count: deep }, 'count'],
      [{ seq: 1, count: 1, ...many }, 'k0'],
      [[], 'input'],
    ]
    for (const [input, field] of cases)
      expect(await like(socket, input), JSON.stringify(input).slice(0, 80)).toMatchObject({
        ok: false,
        code: 'bad_request',
        field,
      })
    expect(await like(socket, { seq: 1, count: 1 })).toMatchObject({
      ok: true,
      receipts: [{ counted: 1 }],
    })
    socket.close()
    for (const room of ['a}{b', 'x'.repeat(65), 'a\r\nb', '😀', ''])
      await expect(enter(stand, { room }), JSON.stringify(room)).rejects.toThrow('ticket_invalid')
    await stand.neighbourIsServed()
  })

  test('[GW6 C31] an id that nobody could have chosen is refused as one, whatever it would have named', async () => {
    const { socket: viewer } = await enter(stand)
    const { socket: host } = await enter(stand, { role: 'host' })
    for (const id of ['', '}{', '\ud800', 'x'.repeat(65)]) {
      const refused = { ok: false, code: 'bad_request', field: 'id' }
      expect(await ask(viewer, 'redemption.cancel', { id })).toMatchObject(refused)
      for (const word of ['approve', 'reject'])
        expect(await ask(host, `broadcast.${word}`, { handle: 'viewer0001', id })).toMatchObject(
          refused,
        )
    }
    expect(stand.service.log()).not.toContain('a command failed')
    viewer.close()
    host.close()
  })

  test('[GW6 C32 C39] numbers and keys that JSON can write but the protocol does not know', async () => {
    const client = await admittedFrames(stand.url, { ticket: await newTicket() })
    const frames = [
      '{"seq":1,"count":1e309}',
      '{"seq":1,"count":1,"__proto__":{"polluted":1}}',
      '{"seq":1,"count":1,"constructor":{"prototype":{"polluted":1}}}',
      '{"seq":1,"count":NaN}',
    ]
    for (const [i, frame] of frames.slice(0, 3).entries()) {
      client.send(`42${i}["like.send",${frame}]`)
      expect(await client.next(new RegExp(`^43${i}\\[`)), frame).toContain('"code":"bad_request"')
    }
    client.send(`423["like.send",${frames[3]}]`)
    await client.closed()
    const { welcome } = await enter(stand)
    expect(welcome.account?.balance).not.toHaveProperty('polluted')
    await stand.neighbourIsServed()
  })

  test('[GW6] who sends nothing but nonsense is closed by name', async () => {
    const { socket } = await enter(stand)
    const goodbye = new Promise((done) => socket.once('server.goodbye', done))
    for (let i = 0; i < 30; i++)
      (socket as unknown as { emit(name: string): void }).emit(`nonsense.${i}`)
    expect(await goodbye).toMatchObject({ reason: 'too_many_errors', code: 4504 })
  })

  test('[GW6 C33] a like flood is limited at the door and capped in the account; neighbours are served', async () => {
    const { socket } = await enter(stand)
    const answers = await Promise.all(
      Array.from({ length: 400 }, (_, i) => like(socket, { seq: i + 1, count: 50 })),
    )
    const limited = answers.filter((a) => !a.ok && a.code === 'rate_limited')
    expect(limited.length).toBeGreaterThan(350)
    expect(limited[0]).toHaveProperty('afterMs')
    const last = answers.findLast((a) => a.ok)
    // The default rulebook pays a limited number of likes a minute, whatever is sent.
    expect(last?.ok && last.account.balance.spendable).toBeLessThanOrEqual(60)
    await stand.neighbourIsServed()
    socket.close()
  })

  // The front's alone: the library's servers let it happen.
  if (transport === 'front')
    test('[GW22 C33] a flood ends its own connection, whatever it is made of, and no other', async () => {
      for (const frame of [
        '42["like.send",{"seq":1,"count":1}]',
        '421["reward.list",{}]',
        `430${'['.repeat(7000)}${']'.repeat(7000)}`,
        '3',
      ]) {
        const client = await admittedFrames(stand.url, { ticket: await newTicket() })
        while (client.ws.readyState === client.ws.OPEN) {
          for (let i = 0; i < 1500; i++) client.send(frame)
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
        await client.closed()
      }
      await stand.neighbourIsServed()
    })

  test('[C37 C38 C52] comments and names cannot hide, reorder, script or forge a log line', async () => {
    const name = `<script>alert(1)</script>\n{"level":60,"msg":"forged"}${'\u0301'.repeat(200)}`
    const one = await enter(stand, { name })
    const two = await enter(stand)
    expect(one.welcome.me.name).not.toContain('\n')
    expect(one.welcome.me.name.length).toBeLessThan(80)
    const reasonOf = async (socket: TestSocket, n: number, text: string) => {
      const answer = await ask<Scored | Refusal>(socket, 'comment.send', { seq: n, text })
      return answer.ok ? answer.receipts[0]?.reason : answer.code
    }
    expect(await reasonOf(one.socket, 1, ' \u200b\u202e\u2066 ')).toBe('comment_short')
    expect(await reasonOf(one.socket, 2, 'x'.repeat(2001))).toBe('bad_request')
    expect(await reasonOf(one.socket, 3, '长'.repeat(300))).toBe('comment_long')
    expect(await reasonOf(one.socket, 4, 'look at https://evil.example now')).toBe('comment_link')
    expect(await reasonOf(one.socket, 5, 'click javascript:alert(1)')).toBe('comment_link')
    expect(await reasonOf(two.socket, 1, '今天的燕麦片好吃吗 oatmeal')).toBe('earned')
    expect(await reasonOf(two.socket, 2, ' 今天的 燕麦片，好吃吗！！oatmeal')).toBe(
      'comment_repeated',
    )
    expect(await reasonOf(two.socket, 3, '今天的燕麦片好吃吗 оаtmеаl')).toBe('comment_repeated')
    const forged = stand.service
      .log()
      .split('\n')
      .filter((line) => line.includes('"msg":"forged"'))
    expect(forged).toEqual([])
    one.socket.close()
    two.socket.close()
  })

  test('[C28 C30 C42] copies are credited once, other viewers are other ids, too old is too old', async () => {
    const [one, two] = [await enter(stand), await enter(stand)]
    const copies = await Promise.all(
      Array.from({ length: 15 }, () => like(one.socket, { seq: 40, count: 1 })),
    )
    expect(copies.filter((a) => a.ok && !a.dup)).toHaveLength(1)
    expect(copies.filter((a) => a.ok && a.dup)).toHaveLength(14)
    const paid = { ok: true, receipts: [{ points: 1 }] }
    expect(await like(two.socket, { seq: 40, count: 1 })).toMatchObject(paid)
    expect(await like(one.socket, { seq: 8, count: 1 })).toMatchObject({
      ok: false,
      code: 'too_old',
    })
    expect(await like(one.socket, { seq: 9, count: 1 })).toMatchObject(paid)
    one.socket.close()
    two.socket.close()
  })

  test('[C34 C35 C36] beats that are early, stale, forged or hidden earn nothing', async () => {
    const { socket } = await enter(stand)
    const beat = (seq: number, nonce: number, visible = true) =>
      ask<Scored>(socket, 'watch.beat', { seq, nonce, visible })
    const opened = await beat(1, 0)
    expect(opened.receipts).toMatchObject([{ reason: 'watch_started' }])
    const { nonce } = opened.account.watch
    const nothing = (reason: string) => [{ reason, counted: 0, points: 0 }]
    expect((await beat(2, (nonce ^ 1) >>> 0)).receipts).toMatchObject(nothing('watch_stale'))
    const early = await beat(3, opened.account.watch.nonce)
    expect(early.receipts).toMatchObject(nothing('watch_early'))
    const hidden = await beat(4, early.account.watch.nonce, false)
    expect(hidden.receipts[0]?.reason).toBe('watch_hidden')
    // A background tab whose timers were held: what it missed is not paid when it is seen again.
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const back = await beat(5, hidden.account.watch.nonce)
    expect(back.receipts.reduce((sum, r) => sum + r.counted, 0)).toBe(0)
    expect(back.account.live.watchedMs).toBeLessThan(1000)
    socket.close()
  })

  test('[GW6 C41] a room that has ended or does not exist refuses by name and makes no key', async () => {
    const room = `ended-${transport}`
    const { store } = stand
    await openRoom(stand, room)
    const inside = await enter(stand, { room })
    expect(await like(inside.socket, { seq: 1, count: 1 })).toMatchObject({ ok: true })
    const live = inside.welcome.room.live.no
    const account = must(parseAccount(inside.welcome.me.handle), 'an account')
    await endLive(store, { room, live })
    await new Promise((done) =>
      inside.socket.on('room.pulsed', (pulse) => pulse.live.state !== 'open' && done(pulse)),
    )
    const late = await enter(stand, { room })
    const keysOf = async () =>
      (await store.keys('*')).filter(
        (key) =>
          key.includes('elsewhere') || key.endsWith(`:${account}`) || key.includes(`:${account}:`),
      )
    const before = await keysOf()
    for (const { socket } of [inside, late])
      expect(await like(socket, { seq: 2, count: 1 })).toMatchObject({
        ok: false,
        code: 'room_ended',
        retry: 'never',
      })
    await expect(enter(stand, { room: 'elsewhere' })).rejects.toThrow('room_not_found')
    expect((await keysOf()).sort()).toEqual(before.sort())
    inside.socket.close()
    late.socket.close()
  })
})
