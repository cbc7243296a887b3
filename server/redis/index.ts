export * from './connect.ts'
export * from './keys.ts'
export * from './script.ts'
export * from './slots.ts'
