/** What viewers bought and play, as the host decides about it; no DOM. */

import { computed, type ReadonlySignal, signal } from '@preact/signals'
import type { DrawPrize } from '../../shared/draw.ts'
import type {
  BroadcastAsk,
  DrawView,
  HostPlay,
  PrizeOffer,
  VoteView,
} from '../../shared/effects.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import type { Label } from '../../shared/rulebook/schema.ts'
import { SETTLED_MAX } from './limits.ts'
import type { HostSource } from './source.ts'

/** Points, or one reward of the catalogue. */
export type PrizeDraft = Pick<DrawPrize, 'winners' | 'odds'> &
  ({ points: number } | { reward: string })

export type GameDraft =
  | { kind: 'draw' | 'box'; title: Label; prizes: PrizeDraft[]; seconds: number; rung?: number }
  | { kind: 'vote'; title: Label; options: Label[]; seconds: number }

export interface Games {
  /** Without what was decided here. */
  asks: ReadonlySignal<BroadcastAsk[]>
  draws: ReadonlySignal<DrawView[]>
  votes: ReadonlySignal<VoteView[]>
  tips: ReadonlySignal<HostPlay['tips']>
  decide(ask: BroadcastAsk, word: 'approve' | 'reject'): void
  /** What of the catalogue can be a prize; asked for when the dialog opens. */
  offers(): Promise<PrizeOffer[]>
  /** True where the server took it. */
  open(draft: GameDraft, requestId: string): Promise<boolean>
  close(kind: 'draw' | 'vote', game: number): void
  /** Games that are being ended. */
  closing: ReadonlySignal<ReadonlySet<number>>
}

const nameOf = ({ handle, id }: BroadcastAsk) => `${handle}:${id}`

export function createGames(source: HostSource, tell: (code: ErrorCode) => void): Games {
  const decided = signal<ReadonlySet<string>>(new Set())
  const closing = signal<ReadonlySet<number>>(new Set())
  const play = computed(() => source.pulse.value?.play)

  async function ask(one: BroadcastAsk, word: 'approve' | 'reject'): Promise<void> {
    const name = nameOf(one)
    if (decided.value.has(name)) return
    decided.value = new Set([...decided.value, name].slice(-SETTLED_MAX))
    const { handle, id } = one
    const answer = await source.request(
      word === 'approve' ? 'broadcast.approve' : 'broadcast.reject',
      { handle, id },
    )
    // What is gone was decided elsewhere or waited too long: it stays away.
    if (answer.ok || answer.code === 'ask_gone') return
    decided.value = new Set([...decided.value].filter((other) => other !== name))
    tell(answer.code)
  }

  return {
    asks: computed(() => play.value?.asks.filter((one) => !decided.value.has(nameOf(one))) ?? []),
    draws: computed(() => play.value?.draws ?? []),
    votes: computed(() => play.value?.votes ?? []),
    tips: computed(() => play.value?.tips ?? { given: 0, toHost: 0, burned: 0 }),
    closing,
    decide: (one, word) => void ask(one, word),
    async offers() {
      const answer = await source.request('prize.list', {})
      return answer.ok ? answer.rewards : []
    },
    async open(draft, requestId) {
      const { title, seconds } = draft
      const answer =
        draft.kind === 'vote'
          ? await source.request('vote.open', {
              requestId,
              title,
              seconds,
              options: draft.options,
            })
          : await source.request('draw.open', {
              requestId,
              title,
              seconds,
              box: draft.kind === 'box',
              prizes: draft.prizes,
              ...(draft.rung !== undefined && { rung: draft.rung }),
            })
      if (!answer.ok) tell(answer.code)
      return answer.ok
    },
    close(kind, game) {
      if (closing.value.has(game)) return
      closing.value = new Set([...closing.value, game].slice(-SETTLED_MAX))
      const asked =
        kind === 'draw'
          ? source.request('draw.close', { draw: game })
          : source.request('vote.close', { vote: game })
      void asked.then((answer) => {
        if (answer.ok || answer.code === 'draw_closed') return
        closing.value = new Set([...closing.value].filter((other) => other !== game))
        tell(answer.code)
      })
    },
  }
}
