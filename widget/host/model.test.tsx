/** What the console does with the queue, with comments and with safe mode. */

import { describe, expect, it } from 'vitest'
import type { CommentLine } from '../../shared/room-state.ts'
import { NOW_MS, pulseOf, roomOf } from '../dev/room-states.ts'
import { CUE_GUARD_MS, HOST_COMMENTS_MAX } from './limits.ts'
import { createHostModel, mergeComments, runningOf } from './model.ts'
import { settled, testRuntime, testSource } from './testing.ts'

function console_() {
  const runtime = testRuntime()
  const world = testSource(runtime)
  world.room.value = roomOf('zh', NOW_MS)
  world.pulse.value = pulseOf('zh', NOW_MS)
  const model = createHostModel(world.source, runtime)
  const ids = () => model.cues.value.map((cue) => cue.id)
  return { ...world, runtime, model, ids }
}
const line = (id: number): CommentLine => ({
  id,
  handle: 'h',
  name: 'n',
  rung: 0,
  text: `t${id}`,
  atMs: id,
})

describe('cues', () => {
  it('[001-39] an announced cue leaves at once and takes its call to action along', async () => {
    const { model, runtime, asked, ids } = console_()
    runtime.pass(CUE_GUARD_MS)
    model.act('announce', '现在下单立减 10 元')
    expect(ids()).toEqual(['u2', 'u3', 'u4'])
    await settled()
    expect(asked).toEqual([
      { name: 'cue.announce', input: { cue: 'u1', text: '现在下单立减 10 元' } },
    ])
  })

  it('[001-39] a double press acts on one cue', () => {
    const { model, runtime, asked, ids } = console_()
    runtime.pass(CUE_GUARD_MS)
    model.act('skip', '')
    runtime.pass(CUE_GUARD_MS - 1)
    model.act('skip', '')
    expect(asked).toHaveLength(1)
    runtime.pass(1)
    model.act('skip', '')
    expect(ids()).toEqual(['u3', 'u4'])
  })

  it('[001-39] a held cue goes to the end and is marked', () => {
    const { model, runtime, ids } = console_()
    runtime.pass(CUE_GUARD_MS)
    model.act('hold', '')
    expect(ids()).toEqual(['u2', 'u3', 'u4', 'u1'])
    expect(model.cues.value.at(-1)?.held).toBe(true)
  })

  it('a refused announcement brings the cue back and says why', async () => {
    const { model, runtime, script, ids } = console_()
    script.answer = () => ({ ok: false, code: 'busy', retry: 'later' })
    runtime.pass(CUE_GUARD_MS)
    model.act('announce', '')
    await settled()
    expect(ids()[0]).toBe('u1')
    expect(model.notice.value).toBe('busy')
  })

  it('a cue that another console dealt with stays away without a word', async () => {
    const { model, runtime, script, ids } = console_()
    script.answer = () => ({ ok: false, code: 'cue_gone', retry: 'never' })
    runtime.pass(CUE_GUARD_MS)
    model.act('hold', '')
    await settled()
    expect(ids()).toEqual(['u2', 'u3', 'u4'])
    expect(model.notice.value).toBeUndefined()
  })
})

describe('safe mode', () => {
  it('is on at once, before the server has answered', () => {
    const { model, asked } = console_()
    model.setSafe(true)
    expect(model.safe.value).toBe(true)
    expect(model.safePending.value).toBe(true)
    expect(asked).toEqual([{ name: 'stage.setSafe', input: { safe: true } }])
  })

  it('is sent again until the room says so, across a cut', async () => {
    const { model, runtime, room, link, script, asked } = console_()
    script.answer = () => ({ ok: false, code: 'busy', retry: 'later' })
    link.value = 'reconnecting'
    model.setSafe(true)
    await settled()
    runtime.pass(1000)
    await settled()
    expect(asked.length).toBeGreaterThan(1)
    script.answer = () => ({ ok: true })
    link.value = 'online'
    runtime.pass(1000)
    await settled()
    room.value = { ...roomOf('zh', NOW_MS), safe: true }
    const sent = asked.length
    runtime.pass(10_000)
    await settled()
    expect(asked.length).toBe(sent)
    expect(model.safe.value).toBe(true)
    expect(model.safePending.value).toBe(false)
  })

  it('follows the room where another console switched it', () => {
    const { model, room } = console_()
    room.value = { ...roomOf('zh', NOW_MS), safe: true }
    expect(model.safe.value).toBe(true)
  })
})

describe('what runs', () => {
  it('[002-49] lists what ends first in front and forgets what is over', () => {
    const room = roomOf('zh', NOW_MS)
    expect(runningOf(room, NOW_MS).map((r) => r.id)).toEqual(['c2', 't3'])
    expect(runningOf(room, NOW_MS + 400_000).map((r) => r.id)).toEqual(['t3'])
  })

  it('ends a task once, however often it is pressed', async () => {
    const { model, asked } = console_()
    const [, task] = runningOf(roomOf('zh', NOW_MS), NOW_MS)
    if (!task) throw new Error('no task')
    model.end(task)
    model.end(task)
    await settled()
    expect(asked).toEqual([{ name: 'task.end', input: { task: 3 } }])
  })
})

describe('comments', () => {
  it('merges both sources by number and keeps the newest', () => {
    const many = Array.from({ length: HOST_COMMENTS_MAX }, (_, i) => line(i))
    const merged = mergeComments(many, [line(49), line(51), line(50)])
    expect(merged).toHaveLength(HOST_COMMENTS_MAX)
    expect(merged.map((c) => c.id).slice(-3)).toEqual([49, 50, 51])
  })

  it('[000-10] picks a comment once and takes the mark back where that is refused', async () => {
    const { model, script, asked } = console_()
    model.spotlight(110)
    model.spotlight(110)
    await settled()
    expect(asked).toHaveLength(1)
    expect(model.spotlit.value.has(110)).toBe(true)
    script.answer = () => ({ ok: false, code: 'not_found', retry: 'never' })
    model.spotlight(109)
    await settled()
    expect(model.spotlit.value.has(109)).toBe(false)
    expect(model.notice.value).toBe('not_found')
  })
})
