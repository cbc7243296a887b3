/** What the loader and the frame say to each other. */

export type ToFrame =
  | { fanfare: 'hello'; tickets: boolean; shareUrl: string }
  | { fanfare: 'ticket'; id: number; ticket: string }

export type FromFrame = { fanfare: 'ticket'; id: number }
