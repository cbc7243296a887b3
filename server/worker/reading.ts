/** How consumers read elements: what concerns them, entry by entry, and never what this release cannot read. */

import { type About, eachScored, type SkimmedBatch, type SkimmedEntry } from '../scoring/index.ts'
import type { JournalElement } from './element.ts'

/** Both are undefined where this release cannot read the element. */
export interface Reading {
  about(element: JournalElement): About | undefined
  skim(element: JournalElement): SkimmedBatch | undefined
}

/** What an element says; undefined where it concerns nobody who asks. */
export type Skim = Reading['skim']

/** Throws what cannot be read. */
export const plainReading: Reading = {
  about: (element) => element.about(),
  skim: (element) => element.skim(),
}

/** Tells of what cannot be read, and passes over it. */
export function patientReading(
  onUnreadable: (error: unknown, element: JournalElement) => void,
): Reading {
  const tried =
    <T>(read: (element: JournalElement) => T) =>
    (element: JournalElement): T | undefined => {
      try {
        return read(element)
      } catch (error) {
        onUnreadable(error, element)
        return undefined
      }
    }
  return { about: tried(plainReading.about), skim: tried(plainReading.skim) }
}

/** Of elements that may be about something what they say; of others nothing is read. */
export const skimWhere =
  (reading: Reading, concerns: (about: About) => boolean): Skim =>
  (element) => {
    const about = reading.about(element)
    return about && concerns(about) ? reading.skim(element) : undefined
  }

/** Who reads all that elements say. */
export interface Reader {
  /** What a viewer did. The entry is the next one afterwards: whoever keeps something of it copies that. */
  scored(entry: SkimmedEntry): void
  /** What else there is; its `entries` were read already. */
  rest(batch: SkimmedBatch): void
}

/** Lets somebody read all of an element that this release can read. */
export function readAll(reading: Reading, element: JournalElement, reader: Reader): void {
  if (reading.about(element)?.scored) {
    eachScored(element.bytes, (entry) => reader.scored(entry))
    return
  }
  const batch = reading.skim(element)
  if (!batch) return
  for (const entry of batch.entries) reader.scored(entry)
  reader.rest(batch)
}
