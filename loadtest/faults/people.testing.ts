/** A crowd, their hosts and their merchant, who do everything at once. */

import { testTicket } from '../../server/service.testing.ts'
import { type Client, createClient, socketIo } from '../../widget/client/index.ts'
import { type Asking, type AskingOptions, createAsking } from './asking.testing.ts'
import { createMerchant, ROOMS, type Told } from './merchant.testing.ts'
import { sleep } from './tappers.testing.ts'
import { until } from './until.testing.ts'

/** Rooms whose hosts are here. */
const HOSTED = ['north', 'south'] as const
const TITLE = { zh: '一起', en: 'Together' }

export interface People {
  clients: readonly Client[]
  told: Told & { redeemed: number }
  answers: Asking['answers']
  /** Everybody does something, until `rest`. */
  go(): void
  /** Resolves when all that was asked is answered. */
  rest(): Promise<void>
  close(): void
}

export interface PeopleOptions extends AskingOptions {
  gateways: readonly string[]
  viewers: number
}

/** Viewers and hosts are connected when it resolves. */
export async function gather(options: PeopleOptions): Promise<People> {
  const { gateways, viewers } = options
  const asking = createAsking(options)
  const { random, pick, upTo, id, ask } = asking
  const merchant = createMerchant(asking, viewers)
  await merchant.prepare()

  let connections = 0
  function come(viewer: string, room: string, role: 'viewer' | 'host'): Client {
    const client = createClient({
      url: 'chosen below',
      role,
      getTicket: () => testTicket({ viewer, room, role }),
      // Through another gateway each time.
      socketFactory: (_, auth, handlers) =>
        socketIo(gateways[connections++ % gateways.length] ?? '', auth, handlers),
    })
    client.connect()
    return client
  }
  const clients = Array.from({ length: viewers }, (_, i) =>
    come(`v${i}`, ROOMS[i % ROOMS.length] ?? 'demo', 'viewer'),
  )
  const hosts = HOSTED.map((room) => come(`host-${room}`, room, 'host'))
  const all = [...clients, ...hosts]
  await until('everybody is here', () => all.every(({ state }) => state.status.phase === 'online'))

  let redeemed = 0
  const like = async () => pick(clients).like(upTo(3))
  const comment = () => pick(clients).comment(`what a lovely ${id('thing')}`)
  const share = () => pick(clients).share('room')
  async function redeem(): Promise<void> {
    const wish = { id: id('wish'), reward: pick(['cup', 'pot']) }
    const answer = await ask(pick(clients), 'reward.redeem', wish)
    if (answer.code === undefined) redeemed++
  }
  const buy = () =>
    ask(pick(clients), 'effect.buy', {
      requestId: id('effect'),
      ...(random() < 0.5 ? { effect: 'colour', colour: 'gold' } : { effect: 'tip', points: 10 }),
    })
  const openVote = () =>
    ask(pick(hosts), 'vote.open', {
      ...{ requestId: id('vote'), title: TITLE, seconds: 20 },
      options: [
        { zh: '甲', en: 'A' },
        { zh: '乙', en: 'B' },
      ],
    })
  const startTask = () =>
    ask(pick(hosts), 'task.start', {
      ...{ requestId: id('task'), title: TITLE, action: 'like', goal: 5, points: 10, seconds: 12 },
    })
  const doings = new Map<() => Promise<unknown>, number>([
    ...merchant.doings,
    [like, 20],
    [comment, 300],
    [share, 500],
    [redeem, 250],
    [buy, 400],
    [openVote, 1500],
    [startTask, 2000],
  ])
  for (const client of clients) {
    client.on('moment', (moment) => {
      if (moment.kind !== 'vote.opened' || random() > 0.3) return
      const cast = { requestId: id('cast'), vote: moment.vote.vote, option: 0, votes: 1 }
      void ask(client, 'vote.cast', cast)
    })
  }

  let going = false
  const loops: Promise<void>[] = []
  async function again(act: () => Promise<unknown>, everyMs: number): Promise<void> {
    while (going) {
      await sleep(everyMs * (0.5 + random()))
      await act()
    }
  }
  return {
    clients,
    answers: asking.answers,
    get told() {
      return { ...merchant.told, redeemed }
    },
    go() {
      going = true
      for (const [act, everyMs] of doings) loops.push(again(act, everyMs))
    },
    async rest() {
      going = false
      await Promise.all(loops)
    },
    close() {
      for (const client of all) client.close()
    },
  }
}
