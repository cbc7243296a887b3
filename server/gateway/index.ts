/** Sockets of viewers, hosts and stages: lets them in, takes their commands, shows them the room. */

export { Gateway, type GatewayOptions } from './gateway.ts'
export { createOriginCheck } from './origins.ts'
export { createTransport } from './transport.ts'
