/** What a template says and what it costs at most. */

import { describe, expect, it } from 'vitest'
import { hostCommands } from '../../shared/protocol/host.ts'
import { plain } from './phrase.ts'
import {
  type CampaignDraft,
  campaignInput,
  costOf,
  fieldsOf,
  sentenceOf,
  step,
  type TaskDraft,
  TEMPLATES,
  taskInput,
} from './templates.ts'

const share: TaskDraft = {
  kind: 'task',
  action: 'share',
  goal: 1,
  points: 100,
  seconds: 600,
  quota: 50,
}
const double: CampaignDraft = { kind: 'campaign', action: 'share', factor: 2, seconds: 600 }
const room = { audience: 320, perMinute: 420 }

describe('templates', () => {
  it('[001-27] says the countdown task as one sentence in both languages', () => {
    expect(plain(sentenceOf(share, 'zh'))).toBe('最后 10 分钟，分享直播间得 100 分，前 50 名。')
    expect(plain(sentenceOf(share, 'en'))).toBe(
      'Last 10 minutes: share the room for 100 points, first 50.',
    )
  })

  it('[000-04] says a campaign as one sentence in both languages', () => {
    expect(plain(sentenceOf(double, 'zh'))).toBe('接下来 10 分钟，分享积分 ×2。')
    expect(plain(sentenceOf(double, 'en'))).toBe('For 10 minutes: shares ×2.')
  })

  it('[000-06] a key moment says what weighs more and what less, and asks for these weights', () => {
    const { draft } = TEMPLATES.find(({ id }) => id === 'key-moment') ?? {}
    if (draft?.kind !== 'campaign') throw new Error('no template')
    expect(plain(sentenceOf(draft, 'zh'))).toBe('接下来 3 分钟，评论、提问、分享 ×2，观看 ×0.5。')
    expect(plain(sentenceOf(draft, 'en'))).toBe(
      'For 3 minutes: comments, questions and shares ×2, watching ×0.5.',
    )
    expect(campaignInput({ ...draft, factor: 3 }, 'request-1')).toMatchObject({
      weights: { comment: 3, question: 3, share: 3, watch: 0.5 },
      seconds: 180,
      title: { zh: '评论、提问、分享 ×3，观看 ×0.5' },
    })
  })

  it('costs places times points, whatever the room does', () => {
    expect(costOf(share, room)).toEqual({ most: 5000, exact: true })
    expect(costOf(share, { audience: 0, perMinute: undefined })).toEqual({
      most: 5000,
      exact: true,
    })
  })

  it('costs everybody who is here where there are no places, as an estimate', () => {
    const { quota: _, ...everybody } = share
    expect(costOf(everybody, room)).toEqual({ most: 32_000, exact: false })
  })

  it('costs what a factor adds to the present pace', () => {
    expect(costOf(double, room)).toEqual({ most: 4200, exact: false })
    expect(costOf({ ...double, factor: 3 }, room)).toEqual({ most: 8400, exact: false })
    expect(costOf(double, { audience: 320, perMinute: undefined }).most).toBeUndefined()
  })

  it('steps through values and stops at both ends; after the last places come all', () => {
    expect(step(share, 'points', 1)).toMatchObject({ points: 120 })
    expect(step(share, 'seconds', -1)).toMatchObject({ seconds: 480 })
    const least: TaskDraft = { ...share, seconds: 60 }
    expect(step(least, 'seconds', -1)).toBe(least)
    const everybody = step({ ...share, quota: 5000 }, 'quota', 1)
    expect('quota' in everybody).toBe(false)
    expect(step(everybody, 'quota', 1)).toBe(everybody)
    expect(step(everybody, 'quota', -1)).toMatchObject({ quota: 5000 })
  })

  it('never asks for more watching than the task is long', () => {
    const watch: TaskDraft = { ...share, action: 'watch', goal: 600, seconds: 600 }
    expect(step(watch, 'seconds', -1)).toMatchObject({ seconds: 480, goal: 480 })
    expect(step(watch, 'goal', 1)).toBe(watch)
  })

  it('[001-27] every template, at both ends of every stepper, is a command the server takes', () => {
    for (const { draft } of TEMPLATES)
      for (const field of fieldsOf(draft))
        for (const by of [1, -1] as const) {
          let at = draft
          for (let i = 0; i < 30; i++) at = step(at, field, by)
          const parsed =
            at.kind === 'task'
              ? hostCommands['task.start'].input.safeParse(taskInput(at, 'request-1'))
              : hostCommands['campaign.start'].input.safeParse(campaignInput(at, 'request-1'))
          expect(parsed.error?.issues ?? []).toEqual([])
        }
  })
})
