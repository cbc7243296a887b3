/** Scripts that come when they are first needed. Those of another origin can hand things over only by a global. */

export interface LateScript<T> {
  /** Called by the script itself. */
  announce(made: T): void
  /** Undefined where it did not come. */
  load(api: string): Promise<T | undefined>
}

/** `file` is its path at the service; `place` is the global where it leaves what it made. */
export function lateScript<T>(file: string, place: string): LateScript<T> {
  const places: Record<string, T | undefined> = globalThis as never
  return {
    announce(made) {
      places[place] = made
    },
    load: (api) =>
      new Promise((resolve) => {
        const script = document.createElement('script')
        script.src = api + file
        script.onload = script.onerror = () => {
          script.remove()
          resolve(places[place])
        }
        document.head.append(script)
      }),
  }
}
