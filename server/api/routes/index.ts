/** The route table: dispatch and OpenAPI derive from it. */

import type { Route } from '../route.ts'
import { accountRoutes } from './accounts.ts'
import { boardRoutes } from './boards.ts'
import { checkoutRoutes } from './checkout.ts'
import { clubRoutes } from './clubs.ts'
import { deliveryRoutes } from './deliveries.ts'
import { demoShopRoutes } from './demo-shop.ts'
import { dryRunRoutes } from './dry-runs.ts'
import { economyRoutes } from './economy.ts'
import { experimentRoutes } from './experiments.ts'
import { giftRoutes } from './gifts.ts'
import { identityRoutes } from './identities.ts'
import { inviteRoutes } from './invites.ts'
import { issuanceRoutes } from './issuance.ts'
import { liveRoutes } from './lives.ts'
import { mergeRoutes } from './merges.ts'
import { operatorRoutes } from './operators.ts'
import { orderRoutes } from './orders.ts'
import { pickupCodeRoutes } from './pickup-codes.ts'
import { pickupListRoutes } from './pickup-lists.ts'
import { pickupPointRoutes } from './pickup-points.ts'
import { playRoutes } from './play.ts'
import { privilegeRoutes } from './privileges.ts'
import { redemptionRoutes } from './redemptions.ts'
import { replayRoutes } from './replays.ts'
import { rewardEventRoutes } from './reward-events.ts'
import { rewardRoutes } from './rewards.ts'
import { roomRoutes } from './rooms.ts'
import { rulebookRoutes } from './rulebook.ts'
import { draftRoutes } from './rulebook-draft.ts'
import { segmentRoutes } from './segments.ts'
import { serviceRoutes } from './service.ts'
import { settlementRoutes } from './settlement.ts'
import { statementRoutes } from './statements.ts'
import { stockRoutes } from './stock.ts'
import { ticketRoutes } from './tickets.ts'
import { walletRoutes } from './wallets.ts'
import { webhookRoutes } from './webhooks.ts'

export { gatewayUrl } from './service.ts'

export const routes: readonly Route[] = [
  ...serviceRoutes,
  ...demoShopRoutes,
  ...ticketRoutes,
  ...roomRoutes,
  ...liveRoutes,
  ...replayRoutes,
  ...playRoutes,
  ...operatorRoutes,
  ...accountRoutes,
  ...walletRoutes,
  ...giftRoutes,
  ...statementRoutes,
  ...settlementRoutes,
  ...economyRoutes,
  ...issuanceRoutes,
  ...boardRoutes,
  ...clubRoutes,
  ...checkoutRoutes,
  ...identityRoutes,
  ...orderRoutes,
  ...inviteRoutes,
  ...mergeRoutes,
  ...privilegeRoutes,
  ...segmentRoutes,
  ...rewardRoutes,
  ...stockRoutes,
  ...rewardEventRoutes,
  ...redemptionRoutes,
  ...pickupPointRoutes,
  ...pickupListRoutes,
  ...pickupCodeRoutes,
  ...rulebookRoutes,
  ...draftRoutes,
  ...dryRunRoutes,
  ...experimentRoutes,
  ...webhookRoutes,
  ...deliveryRoutes,
]
