/** A viewer's command on its way through scoring, with what its answer needs. */

import type { CommandName } from '../../shared/protocol/index.ts'
import { type Action, REASONS } from '../../shared/receipt.ts'
import type { ScoredAction } from '../scoring/index.ts'
import type { Asked } from './dispatch.ts'
import type { GatedComment } from './gate.ts'
import type { Ack } from './sockets.ts'

export interface ViewerAction extends ScoredAction, Asked {
  command: CommandName
  seq: number
  /** False once it has been answered `busy` because its call hangs. */
  waits: boolean
  comment: SentComment | undefined
}

export interface SentComment {
  gated: GatedComment
  question: boolean
}

/** All fields in one order, so that every action has the same shape. */
export function newAction(
  command: CommandName,
  action: Action,
  of: Partial<ViewerAction> & { seq: number; ack: Ack },
): ViewerAction {
  return {
    command,
    action,
    seq: of.seq,
    units: of.units ?? 1,
    p1: of.p1 ?? 0,
    p2: of.p2 ?? 0,
    refused: of.refused ?? 0,
    ack: of.ack,
    comment: of.comment,
    waits: true,
  }
}

export const hasComment = ({ comment }: ViewerAction): boolean => comment !== undefined

/** What the gate refused arrives as a reason; everything else is decided in the account. */
export const refusedBy = (gated: GatedComment): number =>
  gated.text === '' ? REASONS.comment_short : gated.refused
