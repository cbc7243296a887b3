/** The counter with and without network: nothing is handed over twice, nothing is forgotten. */

import { beforeEach, describe, expect, it } from 'vitest'
import { refuse } from '../../shared/errors.ts'
import { typedShort } from '../../shared/pickup.ts'
import type { PickupLine, PickupPointView } from '../../shared/rewards.ts'
import { ManualRuntime, memoryStorage, settle } from '../client/testing.ts'
import { openKept } from './kept.ts'
import { SYNC_AGAIN_MS } from './limits.ts'
import { createClerk } from './model.ts'
import { KeyRefused, type PickupService, Unreached, type UseAnswer } from './service.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 4)
const oats = { zh: '燕麦片', en: 'Oats' }
const line = (code: string): PickupLine => ({ code, reward: 'oats', title: oats, state: 'issued' })
const SIGNATURE = 'x'.repeat(86)
const qrOf = (code: string, point = 'wensan') => `FF1:${point}:${code}:oats:zzzzzz:${SIGNATURE}`
const CODE = '7K4M29QX3R'

/** A service with one truth that several phones talk to. */
class Truth {
  used = new Map<string, { useId: string; atMs: number; clerk: string; device: string }>()
  codes = [CODE, '3HTR8WXYZZ']
  /** What it answers to any use instead. */
  refusal: UseAnswer | undefined
  asked = 0
  point: PickupPointView = {
    point: 'wensan',
    name: { zh: '文三路店', en: 'Wensan Rd' },
    clerk: '',
    timeZone: 'Asia/Shanghai',
    atMs: NOW_MS,
    keys: [],
  }
}

function phoneOf(truth: Truth, clerk: string, storage = memoryStorage(), scope = 'wensan') {
  const runtime = new ManualRuntime()
  const net = { up: true, /** The answer is lost on its way. */ deaf: false, withdrawn: false }
  let nowMs = NOW_MS
  const use = (given: {
    useId: string
    code: string
    device: string
    atMs?: number
  }): UseAnswer => {
    truth.asked++
    if (truth.refusal) return truth.refusal
    const short = typedShort(given.code.split(':')[2] ?? given.code) ?? ''
    const before = truth.used.get(short)
    if (!truth.codes.includes(short)) return refuse('not_found')
    if (before && before.useId !== given.useId) return { ...refuse('already_used'), first: before }
    const mine = { useId: given.useId, atMs: given.atMs ?? nowMs, clerk, device: given.device }
    truth.used.set(short, before ?? mine)
    return { ok: true, atMs: mine.atMs, code: short, reward: 'oats', title: oats }
  }
  const reach = <T>(work: () => T): Promise<T> => {
    if (!net.up) return Promise.reject(new Unreached())
    if (net.withdrawn) return Promise.reject(new KeyRefused())
    const answer = work()
    return net.deaf ? Promise.reject(new Unreached()) : Promise.resolve(answer)
  }
  const service: PickupService = {
    point: () => reach(() => ({ ...truth.point, clerk })),
    list: (day) => reach(() => (day === '2026-11-22' ? truth.codes.map(line) : [])),
    use: (given) => reach(() => use(given)),
    sync: (uses) => reach(() => uses.map(use)),
  }
  const kept = openKept(() => storage, scope)
  const model = createClerk({
    service,
    kept,
    runtime,
    nowMs: () => nowMs,
    verify: async (qr) => {
      const [, point = '', code = '', reward = ''] = qr.split(':')
      if (code.startsWith('F0RGED')) return { ok: false, why: 'forged' }
      if (point !== 'wensan') return { ok: false, why: 'elsewhere' }
      return { ok: true, ticket: { point, code, reward, untilMs: NOW_MS + 1e9 } }
    },
  })
  return {
    model,
    net,
    storage,
    runtime,
    kept,
    later: (ms: number) => {
      nowMs += ms
    },
    hand: async (code: string) => {
      await model.hand(code)
      return model.verdict.value
    },
    wake: async () => {
      await model.wake()
      await settle()
    },
  }
}

let truth: Truth
beforeEach(() => {
  truth = new Truth()
})

describe('with network', () => {
  it('[CK2 002-30] a code is good once; the second use names the first', async () => {
    const mei = phoneOf(truth, '小梅')
    const zhang = phoneOf(truth, '张姐')
    expect(await zhang.hand(qrOf(CODE))).toMatchObject({
      kind: 'good',
      title: oats,
      offline: false,
    })
    expect(await mei.hand(CODE)).toMatchObject({
      kind: 'used',
      first: { clerk: '张姐', atMs: NOW_MS },
      here: false,
    })
    expect(await zhang.hand(qrOf(CODE))).toMatchObject({ kind: 'used', here: true })
    expect(await mei.hand('N0SVCHC0DE')).toMatchObject({ kind: 'unknown' })
  })

  it('[CK1] a code the service does not have says itself that it is of another point, or forged', async () => {
    const phone = phoneOf(truth, '张姐')
    expect(await phone.hand(qrOf('N0SVCHC0DE', 'west'))).toMatchObject({ kind: 'unknown' })
    await phone.wake()
    expect(await phone.hand(qrOf('N0SVCHC0DE', 'west'))).toMatchObject({ kind: 'elsewhere' })
    expect(await phone.hand(qrOf('F0RGEDC0DE'))).toMatchObject({ kind: 'forged' })
    expect(await phone.hand(qrOf('N0SVCHC0DE'))).toMatchObject({ kind: 'unknown' })
  })

  it('[CK1] cancelled, over and too many wrong ones are not the same', async () => {
    const phone = phoneOf(truth, '张姐')
    truth.refusal = refuse('redemption_closed')
    expect(await phone.hand(CODE)).toMatchObject({ kind: 'closed' })
    truth.refusal = refuse('redemption_closed', { field: 'until' })
    expect(await phone.hand(CODE)).toMatchObject({ kind: 'over' })
    truth.refusal = refuse('rate_limited', { afterMs: 60_000 })
    expect(await phone.hand(CODE)).toMatchObject({ kind: 'often' })
  })

  it.each([
    '7k4m29qx3r',
    ' 7K4M 29QX 3R ',
    '7k4m-29qx—3r',
    '７Ｋ４Ｍ　２９ＱＸ　３Ｒ',
    '７ｋ４ｍ２９ｑｘ３ｒ',
  ])('[CK8] %s is the number that was meant', async (text) => {
    expect(await phoneOf(truth, '张姐').hand(text)).toMatchObject({ kind: 'good' })
  })

  it('[CK8] a code from a scanner that types through a Chinese keyboard is read', async () => {
    const wide = qrOf(CODE).replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))
    expect(await phoneOf(truth, '张姐').hand(wide)).toMatchObject({ kind: 'good' })
  })

  it('[CK8] what cannot be a number is not asked for', async () => {
    const phone = phoneOf(truth, '张姐')
    expect(await phone.hand('7k4m 29qx')).toEqual({ kind: 'typo', short: '7k4m 29qx', chars: 8 })
    expect(await phone.hand('7K4M29QX3U')).toMatchObject({ kind: 'typo', chars: 10 })
    expect(await phone.hand('https://example.com')).toEqual({ kind: 'foreign', short: '' })
    expect(truth.asked).toBe(0)
    await phone.hand(CODE)
    expect(truth.asked).toBe(1)
  })
})

describe('without network', () => {
  it('[CK3 002-30] a signed code is good once on the phone, also after a reload, and told later', async () => {
    const phone = phoneOf(truth, '张姐')
    await phone.wake()
    phone.net.up = false
    expect(await phone.hand(qrOf(CODE))).toMatchObject({ kind: 'good', offline: true })
    expect(await phone.hand(qrOf(CODE))).toMatchObject({ kind: 'used', here: true })
    const again = phoneOf(truth, '张姐', phone.storage)
    again.net.up = false
    expect(await again.hand(qrOf(CODE))).toMatchObject({ kind: 'used', here: true })
    expect(again.model.waiting.value).toBe(1)
    again.net.up = true
    await again.wake()
    expect(truth.used.get(CODE)).toMatchObject({ atMs: NOW_MS, clerk: '张姐' })
    expect([again.model.waiting.value, again.model.conflicts.value]).toEqual([0, []])
  })

  it('[CK3] an answer that was lost is one use: it is told again under the same id', async () => {
    const phone = phoneOf(truth, '张姐')
    await phone.wake()
    phone.net.deaf = true
    expect(await phone.hand(qrOf(CODE))).toMatchObject({ kind: 'good', offline: true })
    expect(truth.used.has(CODE)).toBe(true)
    phone.net.deaf = false
    await phone.wake()
    expect([phone.model.waiting.value, phone.model.conflicts.value]).toEqual([0, []])
  })

  describe('and the key is withdrawn meanwhile', () => {
    const withdrawn = async () => {
      const phone = phoneOf(truth, '张姐')
      await phone.wake()
      phone.net.up = false
      await phone.hand(qrOf(CODE))
      Object.assign(phone.net, { up: true, withdrawn: true })
      await phone.wake()
      return phone
    }

    it('[CK10] what was handed over is listed, also when the old link is opened again', async () => {
      const old = await withdrawn()
      expect(old.model.refused.value).toBe(true)
      expect(old.model.untold.value).toMatchObject([{ short: CODE, title: oats, atMs: NOW_MS }])
      const again = phoneOf(truth, '张姐', old.storage)
      again.net.withdrawn = true
      await again.wake()
      expect(again.model.untold.value).toMatchObject([{ short: CODE }])
      expect(truth.used.size).toBe(0)
    })

    it('[CK10] the next key of the point tells it once, under the same id, and hands it out no second time', async () => {
      const old = await withdrawn()
      const [use] = old.model.untold.value
      const next = phoneOf(truth, '小梅', old.storage, 'wensan.next')
      await next.wake()
      expect(next.model.waiting.value).toBe(1)
      next.net.up = false
      expect(await next.hand(qrOf(CODE))).toMatchObject({ kind: 'used' })
      next.net.up = true
      await next.wake()
      expect(truth.used.get(CODE)).toMatchObject({ useId: use?.useId, atMs: NOW_MS })
      expect([next.model.waiting.value, next.model.conflicts.value]).toEqual([0, []])
      const third = phoneOf(truth, '小梅', old.storage, 'wensan.third')
      await third.wake()
      expect(third.model.waiting.value).toBe(0)
    })

    it('[CK10] the key of another point leaves it alone', async () => {
      const old = await withdrawn()
      truth.point.point = 'west'
      const other = phoneOf(truth, '小梅', old.storage, 'west.one')
      await other.wake()
      expect(other.model.waiting.value).toBe(0)
      expect(other.kept.readLeft()).toMatchObject([{ point: 'wensan' }])
    })

    it('[CK10] where nothing can be kept, it stays in the hands of the old link', async () => {
      const phone = phoneOf(truth, '张姐')
      await phone.wake()
      phone.net.up = false
      await phone.hand(qrOf(CODE))
      phone.storage.setItem = () => {
        throw new Error('full')
      }
      Object.assign(phone.net, { up: true, withdrawn: true })
      await phone.wake()
      expect(phone.model.untold.value).toMatchObject([{ short: CODE }])
      expect(phone.model.waiting.value).toBe(1)
    })
  })

  it('[CK4 002-30] two phones hand out one code: the sync finds it and names the first', async () => {
    const zhang = phoneOf(truth, '张姐')
    const mei = phoneOf(truth, '小梅')
    for (const phone of [zhang, mei]) {
      await phone.wake()
      phone.net.up = false
      expect(await phone.hand(qrOf(CODE))).toMatchObject({ kind: 'good', offline: true })
      phone.later(60_000)
    }
    zhang.net.up = true
    await zhang.wake()
    mei.net.up = true
    await mei.wake()
    expect(zhang.model.conflicts.value).toEqual([])
    expect(mei.model.conflicts.value).toMatchObject([
      { short: CODE, why: 'used', first: { clerk: '张姐' } },
    ])
    const [found] = mei.model.conflicts.value
    mei.model.dismiss(found?.useId ?? '')
    expect(mei.kept.read().conflicts).toEqual([])
  })

  it('[CK5] a typed number is good only where the list knows it', async () => {
    const phone = phoneOf(truth, '张姐')
    await phone.wake()
    phone.net.up = false
    expect(await phone.hand('ABCDEFGHJK')).toMatchObject({ kind: 'unlisted' })
    expect(await phone.hand('7k4m 29qx 3r')).toMatchObject({ kind: 'good', title: oats })
    expect(await phone.hand(qrOf('ABCDEFGHJK', 'west'))).toMatchObject({ kind: 'elsewhere' })
    // A code of today is on no list yet; what it is for stands in it.
    expect(await phone.hand(qrOf('9QWE2RTY1A'))).toMatchObject({ kind: 'good', title: oats })
    expect(phone.model.lines.value.find(({ code }) => code === CODE)?.state).toBe('used')
  })

  it('[CK5] what cannot be kept is not handed over', async () => {
    const full = {
      ...memoryStorage(),
      setItem: () => {
        throw new Error('full')
      },
    }
    const phone = phoneOf(truth, '张姐', full)
    await phone.wake()
    phone.net.up = false
    expect(await phone.hand(qrOf(CODE))).toMatchObject({ kind: 'full' })
  })

  it('[CK6] it asks again by itself until it was heard', async () => {
    const phone = phoneOf(truth, '张姐')
    await phone.wake()
    phone.net.up = false
    await phone.hand(qrOf(CODE))
    await phone.wake()
    phone.net.up = true
    phone.runtime.advance(SYNC_AGAIN_MS)
    for (let i = 0; i < 5; i++) await settle()
    expect(phone.model.waiting.value).toBe(0)
    expect(phone.model.online.value).toBe(true)
  })
})
