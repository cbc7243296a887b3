/** One line about the multipliers, that promises no more than they hold. */

import { describe, expect, it } from 'vitest'
import { headlineOf } from './heat.ts'

describe('headline', () => {
  it('[000-03] says all only where watching is multiplied as well', () => {
    const lively = { like: 1500, comment: 1500, share: 1500 }
    expect(headlineOf({ multipliers: { ...lively, watch: 1500 } })).toEqual({
      scope: 'all',
      factor: 1500,
    })
    expect(headlineOf({ multipliers: lively })).toEqual({ scope: 'interactions', factor: 1500 })
    expect(headlineOf({ multipliers: {} })).toEqual({ scope: 'all', factor: 1000 })
  })

  it('[000-04] names the action that pays most where they differ', () => {
    const multipliers = { like: 1500, comment: 1500, share: 3000 }
    expect(headlineOf({ multipliers })).toEqual({ scope: 'share', factor: 3000 })
  })
})
