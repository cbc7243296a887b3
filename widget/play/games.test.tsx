import { signal } from '@preact/signals'
import { render } from 'preact'
import { afterEach, expect, it } from 'vitest'
import { effectsOf } from '../dev/games.ts'
import { ladderOf } from '../dev/room-states.ts'
import { Draw } from './Games.tsx'
import type { PlayView } from './play-view.ts'
import { PLAY_STRINGS } from './strings.ts'

const NOW_MS = 1_700_000_000_000
const host = document.createElement('div')
afterEach(() => render(null, host))

const view = {
  p: PLAY_STRINGS.zh,
  lang: 'zh',
  play: {
    nowMs: signal(NOW_MS),
    told: signal({}),
    asked: signal(undefined),
    armed: signal(undefined),
    busy: signal(undefined),
    proofs: signal({}),
  },
  model: { state: signal({ room: { ladder: ladderOf() } }) },
} as unknown as PlayView

it('[004-12] a draw for members is locked for others: which tier, and how far it is; no way in is shown', () => {
  const found = effectsOf(NOW_MS).draws.find(({ tier }) => tier)
  if (!found) throw new Error('the fixture has one')
  render(<Draw view={view} draw={found} />, host)
  expect(host.querySelector('.t')?.textContent).toContain('黄金会员专享')
  const buttons = [...host.querySelectorAll('button')]
  expect(buttons.map(({ disabled, textContent }) => [disabled, textContent])).toEqual([
    [true, '黄金会员可参与'],
  ])
  expect(host.querySelector('.row')?.textContent).toContain('还差 916 成长值')
})
