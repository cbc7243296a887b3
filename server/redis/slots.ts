/** Redis Cluster slots: where a key lives, and tags that put partitions where we want them. */

export const SLOTS = 16_384

/** CRC16/XMODEM of the hash tag, as the Redis Cluster specification defines a key's slot. */
export function slotOf(key: string): number {
  const open = key.indexOf('{')
  const close = open < 0 ? -1 : key.indexOf('}', open + 1)
  const text = close > open + 1 ? key.slice(open + 1, close) : key
  let crc = 0
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff
  }
  return crc % SLOTS
}

/** A key up to the end of its hash tag: keys that begin alike live in one slot. */
export const tagOf = (key: string): string => key.slice(0, key.indexOf('}') + 1)

/**
 * The tags of N partitions: partition i falls into the middle of the i-th of N equal ranges of slots, so any
 * number of masters gets an even share (hashing plain names is up to twice uneven).
 */
export function partitionTags(partitions: number): string[] {
  const tags: string[] = []
  for (let i = 0; i < partitions; i++) {
    const wanted = Math.floor(((i + 0.5) * SLOTS) / partitions)
    let salt = 0
    while (slotOf(`{p${i}.${salt.toString(36)}}`) !== wanted) salt++
    tags.push(`{p${i}.${salt.toString(36)}}`)
  }
  return tags
}
