/** What a comment wears beside the name of who wrote it: a colour, a star, the title in the fan club. */

import type { CommentLine } from '../../shared/room-state.ts'
import { colourOf } from '../effects/index.ts'
import type { GatewayDeps } from './deps.ts'
import type { Viewer } from './viewer.ts'

export function commentLook(
  { boards, clock, rulebook }: Pick<GatewayDeps, 'boards' | 'clock' | 'rulebook'>,
  author: Pick<Viewer, 'account' | 'owned' | 'rung' | 'boost' | 'clubTitle'>,
): Pick<CommentLine, 'colour' | 'star' | 'club'> {
  // Bought, or given by the tier of this moment.
  const colour = colourOf(rulebook().book, {
    owned: author.owned,
    rung: author.rung + author.boost,
    nowMs: clock.now(),
  })
  const star = boards.wears(author.account)
  const club = author.clubTitle?.now
  return { ...(colour && { colour }), ...(star && { star }), ...(club && { club }) }
}
