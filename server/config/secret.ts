/** Secrets of the configuration, which no log and no document shows. */

import { inspect } from 'node:util'

/** Text that does not get into a log by accident; only `reveal()` gives it. */
export class Secret {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  reveal(): string {
    return this.#text
  }
  toString(): string {
    return '[secret]'
  }
  toJSON(): string {
    return '[secret]'
  }
  [inspect.custom](): string {
    return '[secret]'
  }
}

/** A signing key: `kid` is what a signature names, `brand` the only brand it may speak for. */
export interface Key {
  kid: string
  brand: string
  secret: Secret
}
