/** Listeners by event. */

export type Emitter<Events extends object> = ReturnType<typeof createEmitter<Events>>

export function createEmitter<Events extends object>(failed: (error: unknown) => void) {
  type Listeners = { [E in keyof Events]?: Set<(body: Events[E]) => void> }
  const listeners: Listeners = {}
  return {
    /** The answer takes the listener off again. */
    on<E extends keyof Events>(event: E, listener: (body: Events[E]) => void): () => void {
      const all: Set<(body: Events[E]) => void> = listeners[event] ?? new Set()
      listeners[event] = all
      all.add(listener)
      return () => {
        all.delete(listener)
      }
    },
    /** A listener that throws harms neither the others nor the client. */
    emit<E extends keyof Events>(event: E, body: Events[E]): void {
      for (const listener of listeners[event] ?? []) {
        try {
          listener(body)
        } catch (error) {
          failed(error)
        }
      }
    },
  }
}
