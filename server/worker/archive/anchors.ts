/**
 * Anchors: the heads of all partitions in one signed line of a file that the operator publishes. Who has a published
 * line can later prove that the archive up to it is what it was, whoever has had the folder and the Redis since.
 */

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { Partitions, Store } from '../../redis/index.ts'
import { formatId, parseId } from '../element.ts'
import type { Link } from './chain.ts'
import { readHead } from './head.ts'
import type { Witness } from './verify.ts'

const hex = z.string().regex(/^[0-9a-f]{64}$/)
const signedPart = z.strictObject({
  at: z.iso.datetime(),
  /** By number: newest id, elements, hash. */
  partitions: z.record(
    z.string().regex(/^\d+$/),
    z.tuple([z.string().regex(/^\d+-\d+$/), z.int().positive(), hex]),
  ),
  /** SHA-256 of the line before; empty in the first. */
  previous: hex.or(z.literal('')),
  /** Ed25519 public key, base64url; empty where there is no secret to sign with. */
  key: z.string(),
})
const lineSchema = z.strictObject({ ...signedPart.shape, signature: z.string() })
type SignedPart = z.output<typeof signedPart>

export interface Anchor {
  at: string
  links: Map<number, Link>
}

/** An Ed25519 key made from the session secret, so that a copy of the data alone cannot sign. */
export function anchorKey(secret: { reveal(): string }): KeyObject {
  const seed = hkdfSync('sha256', secret.reveal(), '', 'fanfare archive anchors', 32)
  // The fixed beginning of a PKCS#8 document with an Ed25519 key.
  const head = Buffer.from('302e020100300506032b657004220420', 'hex')
  const key = Buffer.concat([head, Buffer.from(seed)])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

const publicText = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'jwk' }).x ?? ''

const hashOf = (line: string): string => createHash('sha256').update(line).digest('hex')

/** What a crash left of a line is none. */
const wholeLines = (file: string): string => {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return text.slice(0, text.lastIndexOf('\n') + 1)
}

const linesOf = (file: string): string[] => wholeLines(file).split('\n').slice(0, -1)

/** Appends one line, synced. Answers how many partitions it holds; 0 and no line where nothing was archived yet. */
export async function writeAnchor(of: {
  store: Store
  partitions: Partitions
  file: string
  key: KeyObject | undefined
  nowMs: number
}): Promise<number> {
  const partitions: SignedPart['partitions'] = {}
  for (const [index, slot] of of.partitions.slots.entries()) {
    const head = await readHead(of.store, slot)
    if (head && head.count > 0)
      partitions[index] = [formatId(head.id), head.count, head.hash.toString('hex')]
  }
  const count = Object.keys(partitions).length
  if (count === 0) return 0
  const last = linesOf(of.file).at(-1)
  const part: SignedPart = {
    at: new Date(of.nowMs).toISOString(),
    partitions,
    previous: last === undefined ? '' : hashOf(last),
    key: of.key ? publicText(of.key) : '',
  }
  const signature = of.key
    ? sign(null, Buffer.from(JSON.stringify(part)), of.key).toString('base64url')
    : ''
  await mkdir(dirname(of.file), { recursive: true })
  const file = await open(of.file, 'a')
  try {
    await file.truncate(Buffer.byteLength(wholeLines(of.file)))
    await file.write(`${JSON.stringify({ ...part, signature })}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  return count
}

/** When the newest line was written, Unix ms; 0 where there is none. */
export function lastAnchorMs(file: string): number {
  const last = linesOf(file).at(-1)
  const at = last === undefined ? undefined : readLine(last)?.at
  return at === undefined ? 0 : Date.parse(at)
}

function readLine(text: string): z.output<typeof lineSchema> | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

export interface ReadAnchors {
  anchors: Anchor[]
  /** Sentences that name the line. */
  problems: string[]
  /** Lines nobody signed. */
  unsigned: number
}

/** Reads a file of anchors; a line is good where it follows the one before and one of the keys signed it. */
export function readAnchors(file: string, keys: readonly KeyObject[]): ReadAnchors {
  const found: ReadAnchors = { anchors: [], problems: [], unsigned: 0 }
  const publics = new Map(keys.map((key) => [publicText(key), createPublicKey(key)]))
  let previous = ''
  for (const [i, text] of linesOf(file).entries()) {
    const says = (what: string) => found.problems.push(`${file}, line ${i + 1}: ${what}`)
    const line = readLine(text)
    if (!line) says('is no anchor')
    if (line && line.previous !== previous) says('does not follow the line before')
    previous = hashOf(text)
    if (!line) continue
    const { signature, ...part } = line
    const key = publics.get(line.key)
    if (line.key === '') found.unsigned++
    else if (!key)
      says(
        'is signed with a key that is not ours, nor made from an older FANFARE_SESSION_SECRET of the list',
      )
    else if (!isSigned(part, signature, key)) says('has a signature that is not of this line')
    found.anchors.push({
      at: line.at,
      links: new Map(
        Object.entries(line.partitions).map(([index, [id, count, hash]]) => [
          Number(index),
          { id: parseId(id), count, hash: Buffer.from(hash, 'hex') },
        ]),
      ),
    })
  }
  return found
}

const isSigned = (part: SignedPart, signature: string, key: KeyObject): boolean =>
  verify(null, Buffer.from(JSON.stringify(part)), key, Buffer.from(signature, 'base64url'))

/** What the anchors remember of one partition. */
export const witnessesOf = (anchors: readonly Anchor[], partition: number): Witness[] =>
  anchors.flatMap(({ at, links }) => {
    const link = links.get(partition)
    return link ? [{ who: `the anchor of ${at}`, link }] : []
  })
