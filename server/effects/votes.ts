/** Votes: opening one, and how clients see it. */

import type { VoteView } from '../../shared/effects.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import type { Label } from '../../shared/rulebook/schema.ts'
import type { EffectsDeps } from './deps.ts'
import { commonView, type Game } from './game.ts'
import { openGame } from './open-game.ts'

/** Opens a vote with the prices and limits of the rulebook. */
export async function openVote(
  deps: EffectsDeps,
  input: { room: string; requestId: string; title: Label; options: Label[]; seconds: number },
): Promise<{ ok: true; vote: VoteView } | Refusal> {
  const { vote } = deps.rulebook().book.effects
  if (!vote) return refuse('not_on_sale')
  const opened = await openGame(deps, {
    ...input,
    ...vote,
    kind: 'vote',
    total: 0,
    prizes: [],
    rung: 0,
    told: ({ number }) => ({
      vote: number,
      options: input.options.map((label) => ({ label, votes: 0 })),
    }),
  })
  return opened.ok ? { ok: true, vote: voteView(opened.game) } : opened
}

export const voteView = (game: Game): VoteView => ({
  ...commonView(game),
  vote: game.number,
  options: game.options.map((label, i) => ({ label, votes: game.votes[i] ?? 0 })),
})
