/** What the host is given to say. */

import { describe, expect, it } from 'vitest'
import type { Cue } from '../../shared/protocol/events.ts'
import { ladderOf } from '../dev/room-states.ts'
import { cueCard } from './cue.ts'
import { plain } from './phrase.ts'

const { rungs } = ladderOf()
const cue = (rest: Partial<Cue>): Cue => ({
  id: 'u1',
  ladder: 'cn-5',
  rung: 3,
  names: ['小美'],
  others: 37,
  sinceMs: 0,
  held: false,
  ...rest,
})
const said = (rest: Partial<Cue>, lang: 'zh' | 'en') => plain(cueCard(cue(rest), rungs, lang).say)

describe('cue card', () => {
  it('[001-39 001-26] gives the host a sentence with name, tier and a call to action', () => {
    expect(said({}, 'zh')).toBe(
      '恭喜小美和另外 37 位朋友升级为黄金会员！现在起享直播间专属价、生日礼包。',
    )
    expect(said({}, 'en')).toBe(
      '小美 and 37 others just reached Gold! Room-only prices and Birthday pack, from now on.',
    )
  })

  it('[004-08] asks to greet who has come in, and has nothing to announce', () => {
    const came = { greets: true as const, rung: 4, others: 0 }
    expect(said(came, 'zh')).toBe('欢迎黑钻会员小美！')
    expect(said(came, 'en')).toBe('Say hello to 小美, Black Diamond!')
    expect(cueCard(cue(came), rungs, 'zh').call).toBe('')
  })

  it('[001-39] says few names and counts the rest', () => {
    const names = ['小美', '老陈', 'momo']
    expect(said({ names, others: 4, rung: 1 }, 'zh')).toMatch(
      /^恭喜小美、老陈和另外 5 位朋友升级为青铜会员！/,
    )
    expect(said({ names, others: 0, rung: 1 }, 'en')).toMatch(
      /^小美, 老陈 and 1 other just reached Bronze!/,
    )
    expect(said({ names: ['小美'], others: 0 }, 'en')).toMatch(/^小美 just reached Gold!/)
  })

  it('[001-39] says the multiplier of a rung that gives nothing else', () => {
    expect(said({ others: 0, rung: 1 }, 'zh')).toBe('恭喜小美升级为青铜会员！现在起积分 ×1.1。')
    expect(said({ others: 0, rung: 1 }, 'en')).toBe(
      '小美 just reached Bronze! Points ×1.1 from now on.',
    )
  })

  it('[001-39] speaks of people where nobody wants to be named', () => {
    expect(said({ names: [], others: 3 }, 'zh')).toMatch(/^恭喜3 位朋友升级为黄金会员！/)
    expect(said({ names: [], others: 1 }, 'en')).toMatch(/^1 viewer just reached Gold!/)
  })

  it('[001-39] marks names and tier, and nothing else, as what changes', () => {
    const strong = cueCard(cue({}), rungs, 'zh').say.filter((part) => part.kind)
    expect(strong).toEqual([
      { text: '小美', kind: 'name' },
      { text: '黄金会员', kind: 'strong' },
    ])
  })

  it('names a rung that the ladder does not have by its number', () => {
    expect(said({ rung: 9 }, 'en')).toBe('小美 and 37 others just reached Lv.9!')
  })
})
