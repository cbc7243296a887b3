import { expect, test } from 'vitest'
import { cleanText, clipGraphemes } from './text.ts'

test('[C38] 200 combining marks become three, also where zero-width characters hide among them', () => {
  expect(cleanText(`z${'\u0323'.repeat(200)}`)).toBe(`ẓ${'\u0323'.repeat(3)}`)
  expect(cleanText(`q${'\u0323\u200b'.repeat(200)}`)).toBe(`q${'\u0323'.repeat(3)}`)
})

test('[C37] right-to-left override, zero-width and control characters vanish', () => {
  expect(cleanText('ab\u202egnp\u200b.\u2066x\u0000\u0007\u{e0041}')).toBe('abgnp.x')
  expect(cleanText('one\n\r\n two\u2028three')).toBe('one two three')
  expect(cleanText('\u3164\u200b \u200d')).toBe('')
  expect(cleanText('\ud800x')).toBe('x')
})

test('[C38] marks without a base vanish: they would stand on the name before them', () => {
  expect(cleanText('\u1dc4\u1dc4x')).toBe('x')
  expect(cleanText('小 \u200b\u0e49\u0e49美')).toBe('小 美')
  expect(cleanText('\u0e49'.repeat(30))).toBe('')
})

test('[C37] what shows nothing is nothing', () => {
  for (const blank of [
    '\u2800'.repeat(24),
    '\u034f\u17b4\u17b5',
    '\ufe0f',
    '\u{e0100}',
    '\u2800 \ufe0f',
  ])
    expect(cleanText(blank)).toBe('')
})

test('emoji keep the joiner inside, letters do not', () => {
  expect(cleanText('👩🏽\u200d🦰 小\u200d美')).toBe('👩🏽\u200d🦰 小美')
  expect(cleanText('ＡＢＣ①')).toBe('ABC1')
})

test('the punctuation of Chinese stays as wide as it was written', () => {
  expect(cleanText('好喝！材料：盐，糖（少许）')).toBe('好喝！材料：盐，糖（少许）')
})

test('clipping counts what people see, not code units', () => {
  expect(clipGraphemes('👩🏽\u200d🦰小美好', 2)).toBe('👩🏽\u200d🦰小')
  expect(clipGraphemes('abc', 24)).toBe('abc')
})

test.each([
  ['joined emoji', '👨\u200d'.repeat(100)],
  ['Indic conjuncts', 'क्'.repeat(100)],
  ['Hangul consonants', '\u1100'.repeat(100)],
])(
  '[I5] %s without end are one character to machines and no longer than one to people',
  (_, text) => {
    expect([...clipGraphemes(text, 24)].length).toBeLessThanOrEqual(12)
    expect(clipGraphemes(text, 24)).not.toMatch(/\u200d$/)
  },
)

test('[I5] the longest emoji there are stay whole', () => {
  const [kiss, family] = ['👩🏽\u200d❤️\u200d💋\u200d👨🏿', '👨🏽\u200d👩🏽\u200d👧🏽\u200d👦🏽']
  expect(clipGraphemes(`${kiss}${family}小美`, 3)).toBe(`${kiss}${family}小`)
})
