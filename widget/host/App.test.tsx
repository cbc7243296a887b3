/** The console on screen: what a host sees and presses. */

import { signal } from '@preact/signals'
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { clubDeskOf } from '../dev/club.ts'
import { NOW_MS, pulseOf, roomOf } from '../dev/room-states.ts'
import { weekOf } from '../dev/week.ts'
import type { Lang } from '../ui/index.ts'
import { App } from './App.tsx'
import { CUE_GUARD_MS, END_SURE_MS, RESUME_HOLD_MS } from './limits.ts'
import { createHostModel } from './model.ts'
import { STRINGS } from './strings.ts'
import { settled, testRuntime, testSource } from './testing.ts'

afterEach(() => act(() => render(null, document.body)))

function open(lang: Lang = 'zh') {
  const runtime = testRuntime()
  const world = testSource(runtime)
  world.room.value = roomOf(lang, NOW_MS)
  world.pulse.value = pulseOf(lang, NOW_MS)
  const model = createHostModel({ ...world.source, serverNow: () => NOW_MS }, runtime)
  const theme = signal<'dark' | 'light'>('dark')
  act(() =>
    render(
      <App
        console={{
          model,
          runtime,
          lang,
          t: STRINGS[lang],
          theme: theme.value,
          setLang: () => {},
          setTheme: () => {},
          stageUrl: () => Promise.resolve('https://shop.test/stage#k=secret'),
        }}
      />,
      document.body,
    ),
  )
  act(() => runtime.pass(CUE_GUARD_MS))
  return { ...world, runtime, model }
}
const one = (selector: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(selector)
  if (!found) throw new Error(`nothing is ${selector}`)
  return found
}
const text = (selector: string) => one(selector).textContent
const tap = (selector: string) => act(() => one(selector).click())
const press = (key: string, type = 'keydown', on: EventTarget = document.body) =>
  act(() => {
    on.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, cancelable: true }))
  })

describe('cue card', () => {
  it('[001-39 001-26] shows the sentence to say, who waits behind, and for how long', () => {
    open()
    expect(text('.cue .say')).toBe(
      '恭喜小美和另外 37 位朋友升级为黄金会员！现在起享直播间专属价、生日礼包。',
    )
    expect([...document.querySelectorAll('.cue .say em')].map((em) => em.textContent)).toEqual([
      '小美',
      '黄金会员',
    ])
    expect(text('.cue .tag')).toBe('等了 12 秒')
    expect(document.querySelectorAll('.q li')).toHaveLength(3)
  })

  it('[001-39] Space announces with the call to action, H holds, S skips', async () => {
    const { runtime, asked } = open('en')
    for (const key of [' ', 'h', 's']) {
      press(key)
      act(() => runtime.pass(CUE_GUARD_MS))
    }
    await settled()
    expect(asked).toEqual([
      {
        name: 'cue.announce',
        input: { cue: 'u1', text: 'Room-only prices and Birthday pack, from now on' },
      },
      { name: 'cue.hold', input: { cue: 'u2' } },
      { name: 'cue.skip', input: { cue: 'u3' } },
    ])
  })

  it('says so when nothing is to be read out', () => {
    const { pulse } = open()
    act(() => {
      pulse.value = { ...pulseOf('zh', NOW_MS), cues: [] }
    })
    expect(text('.calm')).toContain('现在没有要念的')
  })

  it('shows a name as text, whatever is in it', () => {
    const { pulse } = open()
    const [cue] = pulseOf('zh', NOW_MS).cues
    if (!cue) throw new Error('no cue')
    act(() => {
      pulse.value = {
        ...pulseOf('zh', NOW_MS),
        cues: [{ ...cue, names: ['<img src=x onerror=alert(1)>'] }],
      }
    })
    expect(document.querySelector('.cue img')).toBeNull()
    expect(text('.cue .say bdi')).toBe('<img src=x onerror=alert(1)>')
  })
})

describe('safe mode', () => {
  it('is on with one touch and off only after a press of one second', () => {
    const { model, runtime } = open()
    tap('.safe [role="switch"]')
    expect(model.safe.value).toBe(true)
    const pointer = (type: string) =>
      act(() => {
        one('.safebar button').dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0 }))
      })
    pointer('pointerdown')
    act(() => runtime.pass(RESUME_HOLD_MS - 1))
    pointer('pointerup')
    expect(model.safe.value).toBe(true)
    pointer('pointerdown')
    act(() => runtime.pass(RESUME_HOLD_MS))
    expect(model.safe.value).toBe(false)
  })

  it('is left with the keyboard by holding Enter, not by pressing it', () => {
    const { model, runtime } = open()
    act(() => model.setSafe(true))
    press('Enter', 'keydown', one('.safebar button'))
    press('Enter', 'keyup', one('.safebar button'))
    act(() => runtime.pass(RESUME_HOLD_MS))
    expect(model.safe.value).toBe(true)
    press('Enter', 'keydown', one('.safebar button'))
    act(() => runtime.pass(RESUME_HOLD_MS))
    expect(model.safe.value).toBe(false)
  })

  it('[001-39] stops announcing; hold and skip go on', () => {
    const { model, asked } = open()
    act(() => model.setSafe(true))
    press(' ')
    expect(asked.map((a) => a.name)).toEqual(['stage.setSafe'])
    press('s')
    expect(asked.map((a) => a.name)).toEqual(['stage.setSafe', 'cue.skip'])
  })
})

describe('launch', () => {
  it('[001-27] a tile says what it costs at most; two taps start it with what the steppers say', async () => {
    const { asked } = open()
    expect(text('.tile:first-child small')).toBe('50 名 · 5,000 分')
    tap('.tile:first-child')
    expect(text('.dlg .sent')).toBe('最后 10 分钟，分享直播间得 100 分，前 50 名。')
    tap('.dlg .step:nth-of-type(1) button:last-child')
    tap('.dlg .step:nth-of-type(2) button:last-child')
    expect(text('.dlg .cost')).toBe('最多花 6,000 分')
    expect(text('.dlg .sent')).toBe('最后 15 分钟，分享直播间得 120 分，前 50 名。')
    await act(async () => {
      one('.dlg .pri').click()
      await settled()
    })
    expect(asked).toMatchObject([
      {
        name: 'task.start',
        input: { action: 'share', goal: 1, points: 120, seconds: 900, quota: 50 },
      },
    ])
    expect(document.querySelector('.dlg')).toBeNull()
  })

  it('[001-27] asks with the same request id until the draft changes', async () => {
    const { asked, script } = open()
    script.answer = () => ({ ok: false, code: 'busy', retry: 'later' })
    tap('.tile:first-child')
    const start = () =>
      act(async () => {
        one('.dlg .pri').click()
        await settled()
      })
    await start()
    await start()
    tap('.dlg .step:nth-of-type(1) button:last-child')
    await start()
    const ids = asked.map((a) => (a.input as { requestId: string }).requestId)
    expect(ids[0]).toBe(ids[1])
    expect(ids[2]).not.toBe(ids[0])
    expect(text('.notice')).toBe(STRINGS.zh.refusals.busy)
  })

  it('leaves the focus on a stepper while the seconds pass behind it', () => {
    const { runtime, room } = open()
    tap('.tile:first-child')
    expect(document.activeElement).toBe(one('.dlg .pri'))
    act(() => one('.dlg .step button').focus())
    act(() => runtime.pass(3000))
    act(() => {
      room.value = { ...roomOf('zh', NOW_MS), audience: 1 }
    })
    expect(document.activeElement).toBe(one('.dlg .step button'))
  })

  it('Escape closes the sentence and nothing is started; keys do not reach the cue', () => {
    const { asked } = open()
    tap('.tile:nth-child(2)')
    press('s', 'keydown', one('.dlg .pri'))
    press('Escape', 'keydown', one('.dlg .pri'))
    expect(document.querySelector('.dlg')).toBeNull()
    expect(asked).toEqual([])
  })

  it('a vote cannot start before it has options, so the focus goes to the first of them and Escape is heard', () => {
    open()
    tap('.games .tile:nth-child(3)')
    const first = one('.dlg [data-first]')
    expect([first.tagName, document.activeElement === first]).toEqual(['INPUT', true])
    press('Escape', 'keydown', first)
    expect(document.querySelector('.dlg')).toBeNull()
  })

  it('[001-27] running items show the time left and the places taken; one ends with two taps, once', async () => {
    const { asked, runtime } = open()
    expect([...document.querySelectorAll('.run small')].map((s) => s.textContent)).toEqual([
      '6:10',
      '9:42 · 12/50',
    ])
    const end = '.run li:nth-child(2) button'
    tap(end)
    expect(text(end)).toBe('确认结束')
    act(() => runtime.pass(END_SURE_MS))
    expect(text(end)).toBe('结束')
    tap(end)
    expect(asked).toEqual([])
    tap(end)
    tap(end)
    await settled()
    expect(asked).toEqual([{ name: 'task.end', input: { task: 3 } }])
  })
})

describe('stage link', () => {
  it('is made when it is asked for, and stands in a field to copy', async () => {
    open()
    tap('.bar .looks button')
    await act(settled)
    expect(document.querySelector<HTMLInputElement>('.dlg .url')?.value).toBe(
      'https://shop.test/stage#k=secret',
    )
    press('Escape', 'keydown', one('.dlg .pri'))
    expect(document.querySelector('.dlg')).toBeNull()
  })
})

describe('room', () => {
  it('[000-03 000-07] shows level, multiplier, why, and what holds the level back', () => {
    const { room } = open()
    expect(text('.hot b')).toBe('3')
    expect(text('.hot .big')).toBe('×1.5')
    expect(text('.why')).toBe('点赞46%评论27%分享18%进场9%')
    act(() => {
      const now = roomOf('zh', NOW_MS)
      room.value = { ...now, heat: { ...now.heat, held: 'actors' } }
    })
    expect(text('.held')).toBe(STRINGS.zh.held.actors)
  })

  it('[002-49] shows the board', () => {
    open()
    expect(document.querySelectorAll('.board li')).toHaveLength(10)
    expect(text('.board li:first-child')).toBe('1林深4,920')
  })

  it('[000-10] picks a comment for its author', async () => {
    const { asked } = open()
    tap('.spot li:last-child button')
    await settled()
    expect(asked).toEqual([{ name: 'comment.spotlight', input: { comment: 110 } }])
    expect(text('.spot li:last-child .on')).toBe('已点亮')
  })

  it('[FC16] says what an author is in the club, and which badge it wears', () => {
    const { pulse } = open()
    act(() => {
      const now = pulseOf('zh', NOW_MS)
      const worn = { club: { zh: '铁粉', en: 'Fan' }, star: { zh: '互动之星', en: 'Star' } }
      const fresh = { ...now.comments[0], ...worn, id: 200 } as (typeof now.comments)[0]
      pulse.value = { ...now, atMs: NOW_MS + 1, comments: [fresh] }
    })
    expect([text('.spot .club'), text('.spot .star')]).toEqual(['♥ 铁粉', '★ 互动之星'])
    expect(document.querySelectorAll('.spot .club')).toHaveLength(1)
  })

  it('holds the list still while somebody is about to press, and counts what is new', () => {
    const { pulse } = open()
    act(() => {
      one('.spot .list').dispatchEvent(new FocusEvent('focusin', { bubbles: true }))
    })
    act(() => {
      const now = pulseOf('zh', NOW_MS)
      const fresh = { ...now.comments[0], id: 200, text: '新的' } as (typeof now.comments)[0]
      pulse.value = { ...now, atMs: NOW_MS + 1, comments: [fresh] }
    })
    expect(one('.spot ul').textContent).not.toContain('新的')
    tap('.spot .pill')
    expect(one('.spot ul').textContent).toContain('新的')
  })
})

describe('records', () => {
  const [day] = [NOW_MS]
  it('[B12 002-49] the redemptions of the room, page after page, by keyboard too', async () => {
    const world = open()
    const line = {
      ...{ atMs: day, title: { zh: '土鸡蛋', en: 'Eggs' }, points: 888, cashFen: 0 },
      state: 'used' as const,
    }
    world.script.answer = ({ input }) => {
      const { before } = input as { before?: string }
      return before === undefined
        ? { ok: true, redemptions: [{ ...line, name: '小**' }], next: 'older' }
        : { ok: true, redemptions: [{ ...line, name: '老**' }] }
    }
    tap('[data-records=redeemed]')
    await act(settled)
    expect(text('.log ul')).toContain('小** 土鸡蛋')
    expect(text('.log ul')).toContain('已使用')
    tap('.log .rows .ff-btn')
    await act(settled)
    expect(document.querySelectorAll('.log ul li')).toHaveLength(2)
    expect(document.querySelector('.log .rows .ff-btn')).toBeNull()
    expect(world.asked.map(({ input }) => input)).toEqual([{}, { before: 'older' }])
    press('Escape', 'keydown', one('.log'))
    expect(document.querySelector('.log')).toBeNull()
  })

  it('[B9 003-21] the boards of the week with prizes; what cannot be read says so', async () => {
    const world = open('en')
    world.script.answer = () => weekOf('en', NOW_MS)
    tap('[data-records=week]')
    await act(settled)
    expect(text('.log ol li')).toBe('1Mei12,480+888')
    press('Escape', 'keydown', one('.log'))
    world.script.answer = () => ({ ok: false, code: 'busy', retry: 'later' })
    tap('[data-records=week]')
    await act(settled)
    expect(text('.log .rows')).toContain('Cannot be read now')
  })
})

describe('fan club', () => {
  it('[FC9 FC14 004-14] the host sees members by rank, writes a task within the budget, and ends one', async () => {
    const world = open()
    const answers: Record<string, unknown> = {
      'club.desk': clubDeskOf(NOW_MS),
      'clubTask.start': { ok: false, code: 'club_limit', field: 'points', have: 8000 },
      'clubTask.end': { ok: true },
    }
    world.script.answer = ({ name }) => answers[name] as { ok: true }
    tap('[data-records=club]')
    await act(settled)
    expect(text('.club-count')).toBe('1,283 位成员')
    expect(text('.club-dlg .why')).toBe('新团员812铁粉366真爱粉97挚爱8')
    expect(text('.club-tasks li')).toContain('前 200 名各 50 分 · 57 人已得')
    expect(document.querySelectorAll('.club-tasks button')).toHaveLength(1)
    expect(text('.club-form .cost')).toBe('最多发 1,000 分，今天还可以承诺 8,000 分')
    tap('.club-acts button:nth-child(2)')
    tap('.club-form .step button:last-child')
    tap('.club-form [type=submit]')
    await act(settled)
    expect(text('.club-form .cost')).toBe('超过今天剩下的 8,000 分')
    answers['clubTask.start'] = { ok: true, task: {} }
    tap('.club-form [type=submit]')
    await act(settled)
    const starts = world.asked.filter(({ name }) => name === 'clubTask.start')
    const [first, second] = starts.map(({ input }) => input)
    expect(first).toMatchObject({
      action: 'comment',
      goal: 15,
      points: 20,
      places: 50,
      minutes: 60,
    })
    expect(second).toEqual(first)
    tap('.club-tasks button')
    tap('.club-tasks button')
    await act(settled)
    expect(world.asked.at(-2)).toMatchObject({ name: 'clubTask.end', input: { task: 1 } })
  })
})
