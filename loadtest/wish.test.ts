import { expect, test } from 'vitest'
import { readWish } from './wish.ts'

test('help is an answer and no fault', () => {
  expect(readWish(['--help'])).toMatchObject({
    code: 0,
    text: expect.stringMatching(/^npm run load/),
  })
})

test.each([
  [[], 'one scenario'],
  [['nowhere'], 'no scenario: nowhere'],
  [['steady-room', '--viewers', '0'], '--viewers: 1 to'],
  [['steady-room', '--seed', 'x'], '--seed'],
  [['steady-room', '--runner', 'k7'], 'k6 or node, not k7'],
  [['steady-room', '--shorter'], "Unknown option '--shorter'"],
  [['steady-room', '--require', 'evt_ack p(95)<1'], 'no threshold: evt_ack'],
] as [string[], string][])('%j: what is wrong stands first', (argv, first) => {
  const said = readWish(argv)
  expect(said).toMatchObject({ code: 2 })
  expect('text' in said && said.text.split('\n', 1)[0]).toContain(first)
})

test('both ways to write an option', () => {
  const of = (...argv: string[]) => readWish(['like-burst', '--short', ...argv])
  expect(of('--runner=node', '--viewers=7')).toEqual(of('--runner', 'node', '--viewers', '7'))
})
