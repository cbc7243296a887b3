/** What viewers of a plan send. A command that the protocol gains, loses or changes does not compile here. */

import type { Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import type { SentOf } from '../../shared/protocol/index.ts'
import type { Client } from '../../widget/client/api.ts'
import type { PlannedCommand, Rate } from '../scenarios/plan.ts'

interface Act<N extends PlannedCommand> {
  payload(random: () => number, rate: Rate): Omit<SentOf<N>, 'seq'>
  /** The answer, where the client gives one to each call; taps are merged before they leave. */
  send(client: Client, payload: Omit<SentOf<N>, 'seq'>): Promise<Scored | Refusal> | undefined
}

const WORDS = [
  '好看',
  '多少钱',
  '这个颜色真好',
  '买了',
  '主播今天气色好',
  '还有货吗',
  '支持',
  '求链接',
]

export const ACTS: { [N in PlannedCommand]: Act<N> } = {
  'like.send': {
    payload: (random, { taps: [least, most] = [1, 1] }) => ({
      count: least + Math.floor(random() * (most - least + 1)),
    }),
    send(client, { count }) {
      client.like(count)
      return undefined
    },
  },
  'comment.send': {
    payload: (random) => ({
      text: `${WORDS[Math.floor(random() * WORDS.length)]} ${Math.floor(random() * 1e6)}`,
    }),
    send: (client, { text, question = false }) => client.comment(text, { question }),
  },
  'share.send': {
    payload: (random) => ({ target: random() < 0.5 ? 'room' : 'product' }),
    send: (client, { target = 'room' }) => client.share(target),
  },
  'signIn.send': {
    payload: () => ({}),
    send: (client) => client.send({ name: 'signIn.send', input: {} }),
  },
}

/** Does one thing as its plan says. */
export function act<N extends PlannedCommand>(
  name: N,
  client: Client,
  { random, rate }: { random: () => number; rate: Rate },
): Promise<Scored | Refusal> | undefined {
  const of = ACTS[name]
  return of.send(client, of.payload(random, rate))
}
