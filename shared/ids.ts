/** Names and numbers that identify things on the wire and in Redis. */

/** Rooms, viewers, brands, tasks: nothing else may reach a Redis key, so nobody can inject a hash tag. */
export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/

/** Names of requests that may be repeated, as servers choose them. */
export const IDEMPOTENCY_KEY_PATTERN = /^[A-Za-z0-9_-]{8,48}$/

/** Of redemptions: one that a viewer chose for a wish, or that the service gave a prize. */
export const REDEMPTION_PATTERN = /^[A-Za-z0-9_-]{1,60}$/

export const isId = (value: string): boolean => ID_PATTERN.test(value)

/** Account numbers are random and below 2^48: six bytes in records, exact in Lua and JavaScript. */
export const ACCOUNT_NUMBER_END = 2 ** 48

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
/** Two digits at once: keys are made of account numbers, many a second. */
const PAIRS = /* @__PURE__ */ pairsOf(ALPHABET)

function pairsOf(digits: string): string[] {
  return [...digits].flatMap((high) => [...digits].map((low) => high + low))
}

/**
 * An account number as people and keys see it: ten characters of Crockford's base 32, so that it can be
 * read out to support without confusing l and 1.
 */
export function formatAccount(account: number): string {
  let rest = account
  let text = ''
  for (let i = 0; i < 5; i++) {
    text = PAIRS[rest % PAIRS.length] + text
    rest = Math.floor(rest / PAIRS.length)
  }
  return text
}

/** The number behind `formatAccount`, or undefined where the text is not one. */
export function parseAccount(text: string): number | undefined {
  if (text.length !== 10) return undefined
  let account = 0
  for (const char of text) {
    const digit = ALPHABET.indexOf(char)
    if (digit < 0) return undefined
    account = account * 32 + digit
  }
  return account < ACCOUNT_NUMBER_END ? account : undefined
}
