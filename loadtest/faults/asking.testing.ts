/** Requests of merchants and viewers who ask again, under the same id, until they are answered for good. */

import { must } from '../../server/kernel/index.ts'
import { askApi } from '../../server/merchant.testing.ts'
import type { Client } from '../../widget/client/index.ts'
import { sleep } from './tappers.testing.ts'

const ANSWER_MS = 8000
const ASK_AGAIN_MS = 300
const UNANSWERED = 'no_answer'
const AGAIN: ReadonlySet<unknown> = new Set(['busy', 'in_progress', 'room_ending', UNANSWERED])

export type Answer = Record<string, unknown> & { code?: string }

export interface Asking {
  random: () => number
  pick: <T>(list: readonly T[]) => T
  /** From 1. */
  upTo(most: number): number
  /** Never the same again. */
  id(what: string): string
  /** Of a merchant, on whichever process answers; `what` is for the count. */
  post(what: string, path: string, body: object): Promise<Answer>
  /** Of a viewer or host, by their socket. */
  ask(client: Client, name: string, input: object): Promise<Answer>
  /** How often each answer was given; `internal` is a fault. */
  answers: ReadonlyMap<string, number>
}

export interface AskingOptions {
  apis: readonly string[]
  random: () => number
  /** Makes the ids of this run. */
  seed: number
}

export function createAsking({ apis, random, seed }: AskingOptions): Asking {
  const answers = new Map<string, number>()
  let asked = 0
  const id = (what: string) => `${what}-${seed}-${asked++}`
  const pick = <T>(list: readonly T[]): T =>
    must(list[Math.floor(random() * list.length)], 'one of a list')

  async function untilAnswered(what: string, once: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const answer = await once()
      const line = `${what} ${answer.code ?? 'ok'}`
      answers.set(line, (answers.get(line) ?? 0) + 1)
      if (!AGAIN.has(answer.code)) return answer
      await sleep(ASK_AGAIN_MS)
    }
  }
  const unanswered = (): Answer => ({ code: UNANSWERED })
  return {
    random,
    pick,
    id,
    answers,
    upTo: (most) => 1 + Math.floor(random() * most),
    post(what, path, body) {
      const once = id('call')
      return untilAnswered(what, () =>
        Promise.race([
          askApi<Answer>(pick(apis), path, { body, once }).catch(unanswered),
          sleep(ANSWER_MS).then(unanswered),
        ]),
      )
    },
    ask(client, name, input) {
      const request = client.request as (name: string, input: object) => Promise<Answer>
      return untilAnswered(name, () => request(name, input))
    },
  }
}
