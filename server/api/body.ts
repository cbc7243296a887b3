/** Reads what strangers send, and no more of it than is allowed. */

import { BODY_BYTES_MAX } from './limits.ts'

/** The body's bytes, or undefined where it is larger than allowed, the rest of which is not read, or was cut off. */
export async function readBody(request: Request): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES_MAX) return undefined
  if (!request.body) return new Uint8Array()
  const parts: Uint8Array[] = []
  let size = 0
  const reader = request.body.getReader()
  for (;;) {
    // Who hangs up in the middle is no fault of ours, and nobody hears the answer.
    const read = await reader.read().catch(() => undefined)
    if (!read) return undefined
    const { done, value } = read
    if (done) break
    size += value.length
    if (size > BODY_BYTES_MAX) {
      await reader.cancel()
      return undefined
    }
    parts.push(value)
  }
  return Buffer.concat(parts)
}
