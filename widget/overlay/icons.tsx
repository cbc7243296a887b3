/** The icons that the overlay draws, and no others, because every viewer downloads them. */

import type { Action } from '../../shared/receipt.ts'
import { actionIcon } from '../ui/action-icon.ts'
import { PointMark, Shape } from '../ui/icons.tsx'
import {
  bag,
  bolt,
  chat,
  check,
  clock,
  eye,
  gift,
  like,
  plug,
  share,
  spot,
  vote,
} from '../ui/shapes.ts'

const SHAPES = {
  bag,
  bolt,
  chat,
  check,
  clock,
  eye,
  gift,
  like,
  plug,
  share,
  spot,
  vote,
}

export type OverlayIcon = keyof typeof SHAPES | 'bi'

export const Icon = ({ name }: { name: OverlayIcon }) =>
  name === 'bi' ? <PointMark /> : <Shape d={SHAPES[name]} />

const isOurs = (name: string): name is keyof typeof SHAPES => name in SHAPES

export function ActionIcon({ action }: { action: Action }) {
  const name = actionIcon(action)
  return <Icon name={isOurs(name) ? name : 'clock'} />
}
