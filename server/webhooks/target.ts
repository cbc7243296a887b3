/** Where a webhook may point, as far as its URL alone can tell. */

import { isPublicAddress, literalAddress } from './address.ts'
import { URL_LENGTH_MAX } from './limits.ts'

/**
 * The URL in its normal form, or undefined where no webhook may have it: not https, with a user or password, longer
 * than 2,000 characters, or an address that is not public. With `allowPrivate` http and every address are allowed.
 * A name is only resolved when the connection is opened.
 */
export function checkTarget(
  text: string,
  { allowPrivate }: { allowPrivate: boolean },
): URL | undefined {
  if (text.length > URL_LENGTH_MAX || !URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) return undefined
  if (url.username !== '' || url.password !== '' || url.hostname === '') return undefined
  url.hash = ''
  if (allowPrivate) return url
  const address = literalAddress(url)
  if (address !== undefined && !isPublicAddress(address)) return undefined
  // Names that resolve on this machine or its network only.
  if (/(^|\.)(localhost|local|internal|home\.arpa)\.?$/i.test(url.hostname)) return undefined
  return url
}
