/** Names of people as they are shown. */

import { formatAccount } from '../../shared/ids.ts'
import { cleanText, clipGraphemes } from '../../shared/text.ts'
import { NAME_GRAPHEMES_MAX } from './limits.ts'

export const cleanName = (name: string): string =>
  clipGraphemes(cleanText(name), NAME_GRAPHEMES_MAX)

/** What stands for a name of which nothing is left. */
export const namelessAs = (account: number): string => `viewer-${formatAccount(account).slice(-4)}`
