/** Reads what strangers send: bounded bodies, and JSON without tricks. */

import { BODY_BYTES_MAX, JSON_DEPTH_MAX } from './limits.ts'

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

const PROTOTYPE_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * The value of a JSON text, or undefined where it is malformed, nested deeper than 32, names a key twice or
 * names a key through which prototypes are reached.
 */
export function parseJson(bytes: Uint8Array): { value: unknown } | undefined {
  let text: string
  let value: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isPlain(text) ? { value } : undefined
}

const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g

/** Looks at the text, because the parsed value no longer shows keys that stood twice. The text is valid JSON. */
function isPlain(text: string): boolean {
  /** Keys of each object we are in; empty for arrays. */
  const open: Set<string>[] = []
  for (const [token, colon] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      if (open.push(new Set()) > JSON_DEPTH_MAX) return false
    } else if (token === '}' || token === ']') open.pop()
    else if (colon !== undefined) {
      const key = String(JSON.parse(token.slice(0, -colon.length)))
      const keys = open.at(-1)
      if (PROTOTYPE_KEYS.has(key) || keys?.has(key)) return false
      keys?.add(key)
    }
  }
  return true
}
