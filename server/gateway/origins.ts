/** Which pages may open sockets. WebSockets know no CORS, so this is the only check there is. */

import type { Claims } from '../identity/index.ts'

export interface Asking {
  origin: string | undefined
  /** The Host header of the upgrade. */
  host: string | undefined
}

export interface OriginPolicy {
  /** Our own pages. Without a public URL they are on the same host at this port. */
  publicUrl: string | undefined
  apiPort: number
  /** Without `brand` an origin may open sockets for every brand. */
  allowed: readonly { origin: string; brand: string | undefined }[]
}

const parse = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined)

/**
 * Asked twice: at the upgrade, when nobody has said yet who it is, and again with the ticket's claims. A missing
 * origin is a program, not a page, and needs a ticket like everybody; `null` (a sandbox or a file) is only let in
 * to look, as a stage.
 */
export function createOriginCheck({ publicUrl, apiPort, allowed }: OriginPolicy) {
  return ({ origin, host }: Asking, claims?: Pick<Claims, 'brand' | 'role'>): boolean => {
    if (origin === undefined) return true
    if (origin === 'null') return !claims || claims.role === 'stage'
    if (publicUrl !== undefined && origin === new URL(publicUrl).origin) return true
    const page = parse(origin)
    const here = parse(`http://${host ?? ''}`)
    if (publicUrl === undefined && page && here && page.origin === origin)
      if (page.hostname === here.hostname && page.port === String(apiPort)) return true
    return allowed.some(
      (entry) =>
        entry.origin === origin &&
        (entry.brand === undefined || !claims || entry.brand === claims.brand),
    )
  }
}
