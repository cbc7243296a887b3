/** What the loader and the frame say to each other. */

import type { Look } from './look.ts'

export type ToFrame =
  | { fanfare: 'hello'; tickets: boolean; shareUrl: string; look: Look }
  | { fanfare: 'ticket'; id: number; ticket: string }

export type FromFrame = { fanfare: 'ticket'; id: number }
