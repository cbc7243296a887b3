/** The text of a pick-up QR code, the same for the server that signs it and the phone that verifies it. */

/** What the code says of the redemption. */
export interface PickupTicket {
  point: string
  /** The short code, as it can be typed. */
  code: string
  reward: string
  /** Good until then, Unix ms; whole seconds. */
  untilMs: number
}

const PREFIX = 'FF1'
/** ECDSA P-256 with SHA-256, r and s of 32 bytes each, base64url. */
const SIGNATURE = /^[A-Za-z0-9_-]{86}$/
const PART = /^[A-Za-z0-9_-]{1,64}$/

/** The part that is signed. */
export const ticketText = ({ point, code, reward, untilMs }: PickupTicket): string =>
  [PREFIX, point, code, reward, Math.floor(untilMs / 1000).toString(36)].join(':')

/** What a scanned text says, still to be verified over `signed`; undefined where it is no code of ours. */
export function readTicket(
  qr: string,
): { ticket: PickupTicket; signed: string; signature: string } | undefined {
  const [prefix, point = '', code = '', reward = '', until = '', signature = '', ...rest] =
    qr.split(':')
  const parts = [point, code, reward, until].every((part) => PART.test(part))
  if (prefix !== PREFIX || !parts || rest.length > 0 || !SIGNATURE.test(signature)) return undefined
  const untilMs = Number.parseInt(until, 36) * 1000
  if (!Number.isSafeInteger(untilMs)) return undefined
  const ticket = { point, code, reward, untilMs }
  return { ticket, signed: ticketText(ticket), signature }
}

/** Crockford's base 32: no I, L, O, U. */
export const CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
export const CODE_LENGTH = 10

/** Without what does not matter in a typed code: case, spaces, dashes, and the wide letters of a Chinese keyboard. */
export const typedChars = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}]/gu, '')

/** A code as somebody typed it; letters that look like digits are those. Undefined where it cannot be one. */
export function typedShort(text: string): string | undefined {
  const clean = typedChars(text).replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  return clean.length === CODE_LENGTH && [...clean].every((char) => CODE_ALPHABET.includes(char))
    ? clean
    : undefined
}

/** `7K4M 29QX 3R`: in groups, as people read numbers out. */
export const groupedCode = (code: string): string => code.replaceAll(/([^-]{4})(?=[^-])/g, '$1 ')
