export * from './keys.ts'
export * from './movements.ts'
export * from './sweep-session.ts'
export * from './totals.ts'
