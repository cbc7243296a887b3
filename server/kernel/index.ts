/** What everything stands on: clock, chance, log, metrics, assertions, and bytes packed and read. */

export * from './assert.ts'
export * from './batches.ts'
export * from './clock.ts'
export * from './counts.ts'
export * from './field.ts'
export * from './json-bytes.ts'
export * from './json-text.ts'
export * from './log.ts'
export * from './metrics.ts'
export * from './packer.ts'
export * from './random.ts'
