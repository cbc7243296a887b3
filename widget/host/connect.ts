/** The client as the console sees it. */

import { signal } from '@preact/signals'
import type { HostPulse } from '../../shared/protocol/events.ts'
import type { RoomState } from '../../shared/room-state.ts'
import type { Client, ConnectionStatus } from '../client/index.ts'
import type { HostSource, Link } from './source.ts'

const LINKS: Record<ConnectionStatus['phase'], Link> = {
  idle: 'connecting',
  connecting: 'connecting',
  online: 'online',
  paused: 'online',
  ended: 'online',
  offline: 'reconnecting',
  refused: 'closed',
}

export function sourceOf(client: Client): HostSource {
  const room = signal<RoomState | undefined>(client.state.room)
  const pulse = signal<HostPulse | undefined>(client.state.host)
  const link = signal<Link>('connecting')
  client.on('changed', (state) => {
    const next = LINKS[state.status.phase]
    room.value = state.room
    pulse.value = state.host
    // Once there was a picture, trying again is reconnecting.
    link.value = next === 'connecting' && state.room ? 'reconnecting' : next
  })
  return {
    room,
    pulse,
    link,
    request: (name, input) => client.request(name, input),
    onMoment: (hear) => client.on('moment', hear),
    serverNow: () => client.serverNow(),
  }
}
