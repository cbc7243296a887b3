/** What every part of the counter is given. */

import type { Label } from '../../shared/rulebook/schema.ts'
import type { Lang } from '../ui/lang.ts'
import type { ClerkModel } from './model.ts'
import type { CameraFault } from './scan.ts'
import type { ClerkStrings } from './strings.ts'

export interface Desk {
  model: ClerkModel
  lang: Lang
  t: ClerkStrings
  nowMs(): number
  camera: Camera
}

export interface Camera {
  state: { readonly value: 'off' | 'on' | CameraFault }
  start(): void
  stop(): void
  /** Goes on looking, where the last code came from the camera. */
  again(): void
  /** Where the picture goes. */
  show(video: HTMLVideoElement | null): void
}

export const titleOf = (title: Label | undefined, lang: Lang) => title?.[lang]
