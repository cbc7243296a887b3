import { describe, expect, test } from 'vitest'
import { LADDERS } from './ladders.ts'
import { PRESETS } from './presets.ts'
import {
  birthdayFactor,
  countedRung,
  ladderView,
  packOf,
  privilegesOf,
  rungWith,
} from './privileges.ts'
import { Ladder, Rulebook } from './schema.ts'
import { sentences } from './sentences.ts'

const cn5 = Ladder.parse(LADDERS['cn-5'])
const [, , SILVER = 0, GOLD = 0, BLACK = 0] = cn5.rungs.map((_, i) => i)
const ids = (ladder: Ladder, of: { rung: number; boost?: number }) =>
  privilegesOf(ladder, of).map(({ id }) => id)
const withRung = (rung: number, privileges: unknown[]) =>
  Ladder.safeParse({
    ...LADDERS['cn-5'],
    rungs: LADDERS['cn-5'].rungs.map((one, i) => (i === rung ? { ...one, privileges } : one)),
  })

describe('what an account has', () => {
  test('[PV1 000-24 001-01] a privilege counts from its rung on, and a higher rung only adds', () => {
    const held = cn5.rungs.map((_, rung) => ids(cn5, { rung }))
    held.forEach((list, rung) => {
      for (const id of held[rung - 1] ?? []) expect(list).toContain(id)
    })
    expect(held.map((list) => list.length)).toEqual([0, 0, 2, 5, 10])
  })

  test('[PV1 002-35 004-06 004-04] the three ladders give what their sources name', () => {
    const cn3 = Ladder.parse(LADDERS['cn-3'])
    expect(ids(cn3, { rung: 0 })).toEqual(['newcomer_pack'])
    expect(packOf(cn3, 'newcomer_pack', 0)?.gifts.map(({ label }) => label.zh)).toEqual(['运费券'])
    expect(ids(cn3, { rung: 2 })).toEqual(
      expect.arrayContaining(['vip_support', 'early_access', 'offline_event', 'room_price']),
    )
    const card = Ladder.parse(LADDERS['card-2'])
    expect(ids(card, { rung: 1 })).toEqual(['first_taste', 'vip_support'])
    expect(card.rungs[1]?.factor).toBeGreaterThan(1)
  })

  test('[PV2] of the same privilege on two rungs the higher one counts', () => {
    expect(packOf(cn5, 'birthday_pack', SILVER)?.points).toBe(100)
    expect(packOf(cn5, 'birthday_pack', GOLD)?.points).toBe(200)
    expect(packOf(cn5, 'newcomer_pack', GOLD)).toBeUndefined()
    expect(birthdayFactor(cn5, GOLD)).toBe(2)
    expect(birthdayFactor(cn5, SILVER)).toBe(1)
  })

  test('[PV3] a day pass brings what the ladder lets it bring, marked; never a pack or what a merchant honours', () => {
    const held = privilegesOf(cn5, { rung: SILVER, boost: 1 })
    expect(held.find(({ id }) => id === 'room_price')).toMatchObject({ rung: GOLD, by: 'dayPass' })
    expect(held.find(({ id }) => id === 'member_draw')).toMatchObject({ by: 'tier' })
    expect(held.find(({ id }) => id === 'birthday_pack')).toMatchObject({
      by: 'tier',
      rung: SILVER,
    })
    expect(ids(cn5, { rung: SILVER, boost: 1 })).not.toContain('birthday_points')
    expect(ids(cn5, { rung: GOLD, boost: 1 })).toContain('early_access')
    expect(ids(cn5, { rung: GOLD, boost: 1 })).not.toContain('vip_support')
  })

  test('[PV4] the rung that counts: the own one, or a day pass where the ladder says so', () => {
    expect(countedRung(cn5, 'room_price', { rung: SILVER, boost: 1 })).toBe(GOLD)
    expect(countedRung(cn5, 'room_price', { rung: SILVER })).toBe(SILVER)
    const strict = withRung(GOLD, [{ kind: 'room_price', dayPass: false }])
    if (!strict.success) throw strict.error
    expect(countedRung(strict.data, 'room_price', { rung: SILVER, boost: 1 })).toBe(SILVER)
    expect(countedRung(strict.data, 'member_sale', { rung: SILVER, boost: 1 })).toBe(GOLD)
    expect(countedRung(cn5, 'private_room', { rung: BLACK, boost: 1 })).toBe(BLACK)
    expect(rungWith(cn5, 'early_access')).toBe(BLACK)
    expect(rungWith(strict.data, 'member_sale')).toBeUndefined()
  })

  test('[PV5] a rung names a privilege once, and no perk takes the name of what the service keeps', () => {
    const perk = {
      kind: 'perk',
      id: 'x',
      label: { zh: '甲', en: 'A' },
      how: { zh: '用', en: 'Use' },
    }
    expect(withRung(GOLD, [perk, { ...perk, id: 'y' }]).success).toBe(true)
    expect(withRung(GOLD, [perk, perk]).success).toBe(false)
    expect(withRung(GOLD, [{ ...perk, id: 'room_price' }]).success).toBe(false)
    expect(withRung(GOLD, [{ ...perk, link: 'http://shop.test' }]).success).toBe(false)
    expect(withRung(GOLD, [{ kind: 'flying' }]).success).toBe(false)
  })

  test('[PV6] rooms are shown what begins on a rung first, then what was there before', () => {
    const gold = ladderView(cn5).rungs[GOLD]
    expect(gold?.benefits.map(({ en }) => en)).toEqual([
      'Room-only prices',
      'Birthday pack',
      'Members’ flash sales',
      'Points ×2 on your birthday',
      'Members’ draws',
    ])
    expect(ladderView(cn5)).toBe(ladderView(cn5))
  })
})

test('[PV7] each privilege reads as a sentence: from where, how it is used, whether a day pass brings it', () => {
  const texts = (lang: 'zh' | 'en') =>
    new Map(sentences(Rulebook.parse(PRESETS.live), lang).map(({ key, text }) => [key, text]))
  expect(texts('zh').get('tier.gold.room_price')).toBe(
    '黄金会员起，等级体验也可用：直播间专属价，兑换时自动按会员价',
  )
  expect(texts('en').get('tier.gold.birthday_pack')).toBe(
    'From Gold on: Birthday pack. Come into a live within 7 days from your birthday for 200 points, once a year',
  )
  expect(texts('en').get('tier.black_diamond.vip_support')).toBe(
    'From Black Diamond on: VIP support. Contact the shop and say your account number; you are served first',
  )
})
