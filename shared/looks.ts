/** How viewers can be shown: by what they bought, won, or are given by their tier. */

/** Colours of comments, from the plainest to the strongest; pages know how each looks. */
export const COLOURS = ['sky', 'jade', 'rose', 'gold'] as const
export type Colour = (typeof COLOURS)[number]

/** Ways to come in, from the plainest to the strongest. */
export const ENTRANCES = ['soft', 'bright', 'grand'] as const
export type Entrance = (typeof ENTRANCES)[number]
