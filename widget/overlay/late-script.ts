/** Scripts that come when they are first needed. Those of another origin can hand things over only by a global. */

export interface LateScript<T> {
  /** Called by the script itself. */
  announce(made: T): void
  /** Once for a page; undefined where it did not come. */
  load(api: string): Promise<T | undefined>
}

/** The service has it as `/fanfare-NAME.js`; what it made it leaves in a global of that name. */
export function lateScript<T>(name: string): LateScript<T> {
  const place = `fanfare-${name}`
  const places: Record<string, T | undefined> = globalThis as never
  return {
    announce(made) {
      places[place] = made
    },
    load: (api) =>
      new Promise((resolve) => {
        if (places[place]) return resolve(places[place])
        const script = document.createElement('script')
        script.src = `${api}/${place}.js`
        script.onload = script.onerror = () => {
          script.remove()
          resolve(places[place])
        }
        document.head.append(script)
      }),
  }
}
