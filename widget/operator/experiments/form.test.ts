import { expect, test } from 'vitest'
import { EMPTY_ARM, evenShare, type Filled, planOf } from './form.ts'

const arm = (name: string, value: string) => ({
  name,
  changes: [{ field: 'redemption.factor', value }, ...EMPTY_ARM.changes],
})
const filled = (more: Partial<Filled> = {}): Filled => ({
  ...{ id: 'ratio', name: 'Ratio', unit: 'account', goal: 'inflation' },
  ...{ share: '25', days: '14', from: '100', profiles: '', rooms: '', cost: '10', inflation: '' },
  arms: [arm('A', '1.2'), arm('B', '1.5'), arm('C', '2')],
  ...more,
})

test('[X17] each arm has the share of the control, a name of its own and what it changes', () => {
  expect(planOf(filled())).toEqual({
    ...{ id: 'ratio', name: 'Ratio', unit: 'account', goal: 'inflation', days: 14, control: 250 },
    arms: [
      ['arm', 'A', 1.2],
      ['arm-2', 'B', 1.5],
      ['arm-3', 'C', 2],
    ].map(([id, name, value]) => ({
      ...{ id, name, share: 250 },
      changes: [{ field: 'redemption.factor', value }],
    })),
    guards: { costMille: 100, fromViewers: 100 },
  })
})

test('[X17] nothing is sent while an arm lacks its name or what it changes', () => {
  for (const lacking of [arm('', '2'), { name: 'D', changes: EMPTY_ARM.changes }, arm('D', '')])
    expect(planOf(filled({ arms: [arm('A', '1.2'), lacking] }))).toBeUndefined()
})

test('[X17] a pilot has one arm, whatever else was filled in before', () => {
  const plan = planOf(
    filled({ unit: 'room', rooms: 'r1, r2', arms: [arm('A', '1.2'), arm('', '')] }),
  )
  expect(plan).toMatchObject({ control: 0, where: { rooms: ['r1', 'r2'] } })
  expect(plan?.arms).toMatchObject([{ id: 'arm', share: 0 }])
})

test('[X17] arms and control together are never more than everybody', () => {
  for (const arms of [1, 2, 3, 4]) expect(evenShare(arms) * (arms + 1)).toBeLessThanOrEqual(100)
})
