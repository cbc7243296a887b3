/** JSON that strangers wrote: read without tricks, and written so that equal values are equal texts. */

/** Objects and arrays inside each other. */
const DEPTH_MAX = 32

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
      if (open.push(new Set()) > DEPTH_MAX) return false
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

/** The same text for the same value, in whatever order its keys stand. Of values that `parseJson` answers. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
