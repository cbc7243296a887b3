/** The part of uWebSockets.js that the references use; the package is optional, so its types are not imported. */
export interface UwsSocket {
  send(message: ArrayBuffer | string, isBinary?: boolean): number
  subscribe(topic: string): boolean
}
export interface UwsApp {
  ws(
    path: string,
    behaviour: {
      open?: (socket: UwsSocket) => void
      message?: (socket: UwsSocket, message: ArrayBuffer) => void
      close?: (socket: UwsSocket) => void
    },
  ): UwsApp
  get(
    path: string,
    handle: (
      answer: { end(text: string): void; onAborted(run: () => void): void },
      request: { getQuery(name: string): string | undefined },
    ) => void,
  ): UwsApp
  publish(topic: string, message: string): boolean
  listen(port: number, done: (token: unknown) => void): void
}
export interface Uws {
  App(): UwsApp
}
