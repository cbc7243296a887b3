/**
 * Signals in thirty lines: one effect renders the whole overlay, so nothing of a library's fine-grained updates
 * would be used, and the library and Preact's hooks are a seventh of what every viewer may have to download.
 */

export interface ReadonlySignal<T> {
  /** Whoever reads it inside an effect is run again when it changes. */
  readonly value: T
}
export interface Signal<T> extends ReadonlySignal<T> {
  value: T
}

interface Reader {
  run(): void
  /** The sets this reader stands in. */
  read: Set<Set<Reader>>
}

/** Effects that cause each other for ever are a fault, not a reason to hang the page. */
const RUNS_MAX = 1000

let reader: Reader | undefined
let depth = 0
const due = new Set<Reader>()

function flush(): void {
  if (depth > 0) return
  let runs = 0
  // Effects that are caused on the way join this loop.
  depth++
  try {
    for (const next of due) {
      due.delete(next)
      if (++runs > RUNS_MAX) throw new Error('Effects cause each other without end.')
      next.run()
    }
  } finally {
    depth--
  }
}

/** What `run` changes is told once, when it is done. */
export function batch(run: () => void): void {
  depth++
  try {
    run()
  } finally {
    depth--
  }
  flush()
}

export function signal<T>(first: T): Signal<T> {
  let current = first
  const readers = new Set<Reader>()
  return {
    get value() {
      if (reader) {
        readers.add(reader)
        reader.read.add(readers)
      }
      return current
    },
    set value(next) {
      if (Object.is(next, current)) return
      current = next
      for (const each of readers) due.add(each)
      flush()
    },
  }
}

/** Worked out whenever it is read. */
export const computed = <T>(work: () => T): ReadonlySignal<T> => ({
  get value() {
    return work()
  },
})

/** Runs now, and again whenever something it read has changed. The answer ends it. */
export function effect(run: () => void): () => void {
  const forget = () => {
    for (const readers of self.read) readers.delete(self)
    self.read.clear()
    due.delete(self)
  }
  const self: Reader = {
    read: new Set(),
    run: () => {
      forget()
      // What it changes itself waits until it is done.
      batch(() => {
        const outer = reader
        reader = self
        try {
          run()
        } finally {
          reader = outer
        }
      })
    },
  }
  self.run()
  return forget
}
