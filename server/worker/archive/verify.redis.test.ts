import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { must } from '../../kernel/index.ts'
import type { Store } from '../../redis/index.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import { formatId } from '../element.ts'
import { writeCursor } from '../journal.ts'
import { chainKey } from '../keys.ts'
import {
  frame,
  HEADER_BYTES,
  partitionFolder,
  readSegments,
  SegmentReader,
  segmentHeader,
  segmentPaths,
} from '../segment-file.ts'
import { type ArchiveStand, createArchiveStand, PLACE, someElements } from './archive.testing.ts'
import { follow } from './chain.ts'
import { readHead } from './head.ts'

let redis: Store
let stand: ArchiveStand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = createArchiveStand(redis)
})
afterEach(() => stand.clean())

const found = async (...dirs: string[]) => {
  const { problems } = await stand.verify(dirs)
  return problems.map(({ id, text }) => `${id}: ${text}`)
}
const idsOf = (dir: string) => [...readSegments(dir, 0)].map(({ id }) => formatId(id))

/** Frames of a file as bytes, to be put together otherwise. */
function framesOf(path: string): { header: Buffer; frames: Buffer[]; ids: string[] } {
  const file = readFileSync(path)
  const reader = new SegmentReader(path)
  const frames: Buffer[] = []
  const ids: string[] = []
  for (let next = reader.next(); next; next = reader.next()) {
    frames.push(file.subarray(next.at, next.end))
    ids.push(formatId(next.element.id))
  }
  return { header: file.subarray(0, HEADER_BYTES), frames, ids }
}

describe('a chain over elements and files', () => {
  test('[AR1] whatever the files and batches, the same elements end in the same hash', async () => {
    const elements = someElements(1, 40)
    const ends: string[] = []
    for (const how of [{ rollBytes: 200, batch: 1 }, { rollBytes: 900, batch: 7 }, { batch: 40 }]) {
      await redis.flushall()
      const dir = stand.folder()
      await stand.archive(dir, elements, how)
      const { problems, end, elements: count } = await stand.verify([dir])
      expect(problems).toEqual([])
      expect(count).toBe(40)
      ends.push(end.hash.toString('hex'))
    }
    expect(new Set(ends).size).toBe(1)
  })

  test('[AR2] any changed byte of any segment is found, and so is its file', async () => {
    const dir = stand.folder()
    await stand.archive(dir, someElements(1, 16), { rollBytes: 250 })
    const paths = segmentPaths(dir, 0)
    expect(paths.length).toBeGreaterThan(2)
    const head = await stand.head()
    for (const path of paths) {
      const whole = readFileSync(path)
      for (let at = 0; at < whole.length; at++) {
        const bytes = Buffer.from(whole)
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 8)), at)
        writeFileSync(path, bytes)
        const { problems } = await stand.verify([dir], head)
        expect(
          problems.map((problem) => problem.path),
          `${path}, byte ${at}`,
        ).toContain(path)
      }
      writeFileSync(path, whole)
    }
    expect(await found(dir)).toEqual([])
  })

  test('[AR2] any byte, any other value, in archives of any shape', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          count: fc.integer({ min: 1, max: 30 }),
          rollBytes: fc.integer({ min: 100, max: 1500 }),
          batch: fc.integer({ min: 1, max: 9 }),
          file: fc.nat(),
          at: fc.nat(),
          xor: fc.integer({ min: 1, max: 255 }),
        }),
        async ({ count, file, at, xor, ...how }) => {
          await redis.flushall()
          const dir = stand.folder()
          await stand.archive(dir, someElements(1, count), how)
          expect(await found(dir)).toEqual([])
          const paths = segmentPaths(dir, 0)
          const path = must(paths[file % paths.length], 'a segment')
          const bytes = readFileSync(path)
          bytes.writeUInt8(bytes.readUInt8(at % bytes.length) ^ xor, at % bytes.length)
          writeFileSync(path, bytes)
          expect(await found(dir)).not.toEqual([])
        },
      ),
      { numRuns: 60 },
    )
  })

  test('[AR2] a frame dropped, doubled, swapped with the next or put in from elsewhere is named', async () => {
    const dir = stand.folder()
    await stand.archive(dir, someElements(1, 9), { rollBytes: 10_000 })
    const path = must(segmentPaths(dir, 0)[0], 'a segment')
    const { header, frames, ids } = framesOf(path)
    const [a, b, c, d, ...rest] = frames as [Buffer, Buffer, Buffer, Buffer, ...Buffer[]]
    const forged = must(someElements(30, 30)[0], 'an element')
    const put = async (...changed: Buffer[]) => {
      writeFileSync(path, Buffer.concat([header, ...changed, ...rest]))
      return (await found(dir))[0]
    }
    expect(await put(a, c, d)).toMatch(new RegExp(`^${ids[2]}: was changed, or what was before it`))
    expect(await put(a, b, b, c, d)).toMatch(new RegExp(`^${ids[1]}: `))
    expect(await put(a, c, b, d)).toMatch(new RegExp(`^${ids[0]}: \\d+ bytes from byte \\d+ on`))
    expect(await put(a, frame(forged, Buffer.alloc(32)), b, c, d)).toMatch(
      new RegExp(`^${ids[0]}: \\d+ bytes from byte`),
    )
    expect(await put(a, b, c, d)).toBeUndefined()
  })

  test('[AR2] files that are swapped, gone, emptied or of another partition are named', async () => {
    const dir = stand.folder()
    await stand.archive(dir, someElements(1, 30), { rollBytes: 300 })
    const [first, second, third] = segmentPaths(dir, 0) as [string, string, string]
    const aside = join(dir, 'aside')
    renameSync(second, aside)
    expect(await found(dir)).toContainEqual(
      expect.stringMatching(/^\d+-\d: \d+ elements between \d+-\d and it are missing$/),
    )
    renameSync(third, second)
    renameSync(aside, third)
    expect((await found(dir)).join()).toMatch(/named by another id/)
    renameSync(third, aside)
    renameSync(second, third)
    renameSync(aside, second)
    expect(await found(dir)).toEqual([])

    const whole = readFileSync(first)
    truncateSync(first, 0)
    expect(await found(dir)).toContainEqual(
      expect.stringMatching(/\d elements before it are missing/),
    )
    const other = Buffer.from(whole)
    other.writeUInt16BE(3, 6)
    writeFileSync(first, other)
    expect(await found(dir)).toContainEqual('undefined: says that it is a segment of partition 3')
    writeFileSync(first, whole)
    rmSync(first)
    expect(await found(dir)).toContainEqual(expect.stringMatching(/elements before it are missing/))
  })

  test('[AR3] what is cut from the very end is missed, whole files too', async () => {
    const dir = stand.folder()
    await stand.archive(dir, someElements(1, 30), { rollBytes: 300 })
    const last = must(segmentPaths(dir, 0).at(-1), 'a segment')
    const whole = readFileSync(last)
    for (let size = whole.length - 1; size >= 0; size -= 7) {
      truncateSync(last, size)
      expect(await found(dir), `cut at ${size}`).toContainEqual(
        expect.stringMatching(
          /the head in Redis remembers this element, but the archive ends after/,
        ),
      )
    }
    rmSync(partitionFolder(dir, 0), { recursive: true })
    expect(await found(dir)).toEqual([
      expect.stringMatching(/remembers this element, but the archive is empty, 30 before it/),
    ])
  })

  test('[AR3] an archive that somebody wrote anew, with all hashes right, is not what the head remembers', async () => {
    const dir = stand.folder()
    const elements = someElements(1, 12)
    await stand.archive(dir, elements, { rollBytes: 10_000 })
    const path = must(segmentPaths(dir, 0)[0], 'a segment')
    const begins = must(new SegmentReader(path).begins, 'a chained file')
    let link = begins
    const frames = elements.map((element, i) => {
      if (i === 4) element.bytes.writeUInt8(element.bytes.readUInt8(0) ^ 1, 0)
      link = follow(link, element)
      return frame(element, link.hash)
    })
    writeFileSync(path, Buffer.concat([segmentHeader(0, begins), ...frames]))
    expect(await stand.verify([dir], [])).toMatchObject({ problems: [] })
    expect(await found(dir)).toEqual([
      expect.stringMatching(/the head in Redis remembers the chain here with another hash/),
    ])
  })
})

describe('crashes and turns', () => {
  test('[AR4] what a crash left half written is a note, is cut by the next worker, and the chain goes on', async () => {
    const dir = stand.folder()
    const elements = someElements(1, 10)
    await stand.archive(dir, elements.slice(0, 6), { rollBytes: 10_000 })
    const path = must(segmentPaths(dir, 0)[0], 'a segment')
    const whole = readFileSync(path)
    for (const torn of [whole.subarray(HEADER_BYTES, HEADER_BYTES + 30), Buffer.alloc(90)]) {
      writeFileSync(path, Buffer.concat([readFileSync(path), torn]))
      const { problems, notes } = await stand.verify([dir])
      expect(problems).toEqual([])
      expect(notes).toEqual([expect.stringMatching(/bytes from byte \d+ on are no element/)])
    }
    await stand.archive(dir, elements, { rollBytes: 10_000 })
    expect(await found(dir)).toEqual([])
    expect(idsOf(dir)).toEqual(elements.map(({ id }) => formatId(id)))
    expect(segmentPaths(dir, 0)).toHaveLength(1)
  })

  test('[AR4] a worker never cuts what was acknowledged, and says where the archive was spoilt', async () => {
    const dir = stand.folder()
    await stand.archive(dir, someElements(1, 8), { rollBytes: 10_000 })
    const path = must(segmentPaths(dir, 0)[0], 'a segment')
    const spoilt = readFileSync(path)
    spoilt.fill(0xff, 150, 160)
    writeFileSync(path, spoilt)
    await stand.archive(dir, someElements(1, 12), { rollBytes: 10_000 })
    expect(readFileSync(path)).toEqual(spoilt)
    expect(segmentPaths(dir, 0)).toHaveLength(2)
    expect((await found(dir)).length).toBeGreaterThan(0)
  })

  test('[AR5] workers with folders of their own make one chain, whatever they have twice', async () => {
    const [one, two] = [stand.folder(), stand.folder()]
    const elements = someElements(1, 40)
    const part = (from: number, to: number) => elements.slice(from, to)
    await stand.archive(one, part(0, 10))
    await stand.archive(two, part(6, 20))
    // A worker that did not notice that its lease was gone: the same elements, in both folders.
    const head = await redis.hgetall(chainKey(PLACE.slot))
    await redis.del(chainKey(PLACE.slot))
    await writeCursor(redis, PLACE.slot, { kind: 'segments', id: must(elements[9], 'ten').id })
    await stand.archive(one, part(10, 17))
    await redis.hset(chainKey(PLACE.slot), head)
    await stand.archive(two, part(18, 28))
    await stand.archive(one, part(25, 40))
    expect(await found(one, two)).toEqual([])
    expect((await stand.verify([two, one])).elements).toBe(40)
    expect(await found(one)).toContainEqual(
      expect.stringMatching(/elements between .* are missing/),
    )

    // One copy of an element that both have is changed together with its hash.
    const path = must(segmentPaths(one, 0).at(-2), 'a segment')
    const bytes = readFileSync(path)
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 40) ^ 1, bytes.length - 40)
    writeFileSync(path, bytes)
    expect(await found(one, two)).not.toEqual([])
  })

  test('[AR3] a worker that wakes late does not move the head back', async () => {
    const [one, two] = [stand.folder(), stand.folder()]
    await stand.archive(one, someElements(1, 20))
    const head = await readHead(redis, PLACE.slot)
    await stand.archive(two, someElements(1, 10))
    expect(await readHead(redis, PLACE.slot)).toEqual(head)
  })
})
