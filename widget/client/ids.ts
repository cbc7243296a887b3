/** Ids that no two devices choose alike. */

/** 96 bits unless told otherwise, as hexadecimal digits. */
export function randomId(bytes = 12): string {
  const chance = crypto.getRandomValues(new Uint8Array(bytes))
  return Array.from(chance, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
