/** SHA-256 for pages and servers alike: browsers have it only as a promise and only on secure pages. */

/** First 32 bits of the fractional parts of the roots of the first primes (FIPS 180-4). */
function rootBits(count: number, root: (prime: number) => number): number[] {
  const bits: number[] = []
  for (let n = 2; bits.length < count; n++) {
    let prime = true
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false
    if (prime) bits.push(((root(n) % 1) * 2 ** 32) | 0)
  }
  return bits
}
const START = rootBits(8, Math.sqrt)
const ROUNDS = rootBits(64, Math.cbrt)

const at = (list: readonly number[] | Int32Array, i: number): number => list[i] ?? 0
const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

/** The message, a one bit, zeros and its length in bits, as whole blocks of 64 bytes. */
function padded(message: Uint8Array): DataView {
  const bytes = new Uint8Array(64 * Math.ceil((message.length + 9) / 64))
  bytes.set(message)
  bytes[message.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(bytes.length - 8, Math.floor(message.length / 2 ** 29))
  view.setUint32(bytes.length - 4, (message.length << 3) >>> 0)
  return view
}

function block(hash: readonly number[], view: DataView, offset: number): number[] {
  const words = new Int32Array(64)
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(offset + 4 * i)
  for (let i = 16; i < 64; i++) {
    const a = at(words, i - 15)
    const b = at(words, i - 2)
    const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)
    const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10)
    words[i] = at(words, i - 16) + s0 + at(words, i - 7) + s1
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
  for (let i = 0; i < 64; i++) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + at(ROUNDS, i) + at(words, i)) | 0
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => (word + at(hash, i)) | 0)
}

/** SHA-256 of the text in UTF-8, as 64 lowercase hex digits. */
export function sha256Hex(text: string): string {
  const view = padded(new TextEncoder().encode(text))
  let hash: number[] = START
  for (let offset = 0; offset < view.byteLength; offset += 64) hash = block(hash, view, offset)
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}
