import { describe, expect, test } from 'vitest'
import { PRESETS } from '../../../shared/rulebook/presets.ts'
import { Rulebook } from '../../../shared/rulebook/schema.ts'
import { playAttached } from './attached.ts'

const book = Rulebook.parse(PRESETS.live)
const of = { asked: { fromMs: 1, toMs: 2, oneOf: 3, room: 'kitchen' }, book }

/** A program that does what the script says once its first line came; `say` writes a line, `book` is what it was given. */
const play = (
  script: string,
  how = { progress: (_: object) => undefined, signal: new AbortController().signal },
) =>
  playAttached(process.execPath, [
    '-e',
    `const say = (line) => console.log(JSON.stringify(line))
     const lines = require('node:readline').createInterface(process.stdin)
     lines.once('line', (line) => { const book = JSON.parse(line); ${script} })`,
  ])(of, how)

describe('a dry run in a process of its own', () => {
  test('[DR7] is given the book and what was asked, says how far it is, and answers what it found', async () => {
    const heard: object[] = []
    const found = await play(
      `say({ progress: { done: 1, of: 2 } })
       say({ report: { preset: book.preset, argv: process.argv.slice(1) } })
       lines.close()`,
      { progress: (one) => void heard.push(one), signal: new AbortController().signal },
    )
    expect(heard).toEqual([{ done: 1, of: 2 }])
    expect(found).toEqual({
      preset: 'live',
      argv: [
        'dry-run',
        '--attached',
        '--from',
        '1',
        '--to',
        '2',
        '--one-of',
        '3',
        '--room',
        'kitchen',
      ],
    })
  })

  test('[DR5] that has no result says why, and one that dies has failed', async () => {
    await expect(
      play(`say({ why: 'too_much', text: 'more than enough' }); lines.close()`),
    ).rejects.toMatchObject({ why: 'too_much', message: 'more than enough' })
    await expect(play('process.exit(3)')).rejects.toMatchObject({ why: 'failed' })
    await expect(play('say({}); console.log("no JSON"); process.exit(0)')).rejects.toMatchObject({
      why: 'failed',
    })
  })

  test('[DR5] hears that it was cancelled because its input ends', async () => {
    const cancelled = new AbortController()
    const progress = () => void cancelled.abort()
    await expect(
      play(
        `say({ progress: { done: 0, of: 1 } })
         lines.once('close', () => say({ why: 'cancelled', text: 'as asked' }))`,
        { progress, signal: cancelled.signal },
      ),
    ).rejects.toMatchObject({ why: 'cancelled' })
  })
})
