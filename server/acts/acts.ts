import { accountAdd } from './account-add.ts'
import { accountExcuse } from './account-excuse.ts'
import { accountInvite } from './account-invite.ts'
import { accountInviteMany } from './account-invite-many.ts'
import { accountNote } from './account-note.ts'
import { accountRemoveCodes } from './account-remove-codes.ts'
import { accountSet } from './account-set.ts'
import { accountSignOut } from './account-sign-out.ts'
import { accountResume, accountSuspend } from './account-suspend.ts'
import { accountViewAs } from './account-view-as.ts'
import type { AnyAct } from './act.ts'
import { alertsAcknowledge } from './alerts-acknowledge.ts'
import { announcementEnd, announcementPublish } from './announcement-publish.ts'
import { announcementAdd, announcementSet, announcementWrite } from './announcement-set.ts'
import { changelogAdd, changelogRemove, changelogWrite } from './changelog-set.ts'
import { incidentOpen, incidentSettle, incidentUpdate, incidentWrite } from './incident-set.ts'
import { approvalAccept } from './approval-accept.ts'
import { approvalDecline } from './approval-decline.ts'
import { bonusGive } from './bonus-give.ts'
import { categorySet } from './category-set.ts'
import { cancelAskAgain } from './cancel-ask-again.ts'
import { cancelDecline } from './cancel-decline.ts'
import { fund } from './fund.ts'
import { groupAdd } from './group-add.ts'
import { groupMove } from './group-move.ts'
import { groupRates } from './group-rates.ts'
import { groupRemove } from './group-remove.ts'
import { groupSet } from './group-set.ts'
import { handOffDecide } from './hand-off-decide.ts'
import { houseRuleAdd } from './house-rule-add.ts'
import { houseRuleRemove } from './house-rule-remove.ts'
import { jobAdd } from './job-add.ts'
import { jobStop } from './job-stop.ts'
import { keyAdd } from './key-add.ts'
import { keyRevoke } from './key-revoke.ts'
import { keySet } from './key-set.ts'
import { logUndo } from './log-undo.ts'
import { movingAdd } from './moving-add.ts'
import { movingLook } from './moving-look.ts'
import { movingOut } from './moving-out.ts'
import { movingRemove } from './moving-remove.ts'
import { movingRun } from './moving-run.ts'
import { movingStop } from './moving-stop.ts'
import { orderAdd } from './order-add.ts'
import { orderCancel } from './order-cancel.ts'
import { orderComplete } from './order-complete.ts'
import { orderExport } from './order-export.ts'
import { orderNote } from './order-note.ts'
import { orderPartial } from './order-partial.ts'
import { orderSendTo } from './order-send-to.ts'
import { orderSet } from './order-set.ts'
import { pagePublish, pageRemove } from './page-publish.ts'
import { pageRestore } from './page-restore.ts'
import { pageSet } from './page-set.ts'
import { paymentApprove } from './payment-approve.ts'
import { paymentDecide } from './payment-decide.ts'
import { paymentDecline } from './payment-decline.ts'
import { paymentGiveBack } from './payment-give-back.ts'
import { paymentLook } from './payment-look.ts'
import { childAdd } from './child-add.ts'
import { childClose, childDrop } from './child-close.ts'
import { childSet } from './child-set.ts'
import { childRenewKey } from './child-renew-key.ts'
import { childSetupLink } from './child-setup-link.ts'
import { childResume, childSuspend } from './child-suspend.ts'
import { couponAdd } from './coupon-add.ts'
import { couponSet } from './coupon-set.ts'
import { providerRemove } from './provider-remove.ts'
import { providerSet } from './provider-set.ts'
import { providerTest } from './provider-test.ts'
import { couponEnd } from './coupon-end.ts'
import { rateSet } from './rate-set.ts'
import { rateSource } from './rate-source.ts'
import { reconcileLook } from './reconcile-look.ts'
import { reconcileSettle } from './reconcile-settle.ts'
import { paymentMethodAdd } from './payment-method-add.ts'
import { paymentMethodSet } from './payment-method-set.ts'
import { paymentMethodTest } from './payment-method-test.ts'
import { paymentMethodOff, paymentMethodOn } from './payment-method-switch.ts'
import { referralEnd } from './referral-end.ts'
import { referrerAllow, referrerRefuse, referrerSet } from './referrer-set.ts'
import { reportExport } from './report-export.ts'
import { refillAccept } from './refill-accept.ts'
import { refillAskAgain } from './refill-ask-again.ts'
import { refillDecline } from './refill-decline.ts'
import { roleDemandCode } from './role-demand-code.ts'
import { serviceBind } from './service-bind.ts'
import { serviceDuplicate } from './service-duplicate.ts'
import { serviceImport } from './service-import.ts'
import { categoryMove, serviceMove } from './service-move.ts'
import { serviceReprice } from './service-reprice.ts'
import { serviceSetMany } from './service-set-many.ts'
import { servicePrefer } from './service-prefer.ts'
import { serviceSet } from './service-set.ts'
import { serviceUnbind } from './service-unbind.ts'
import { serviceUndo } from './service-undo.ts'
import { serviceWhenCostPasses } from './service-when-cost-passes.ts'
import { serviceWords } from './service-words.ts'
import { settingsSet } from './settings-set.ts'
import { setupLink } from './setup-link.ts'
import { setupOwner } from './setup-owner.ts'
import { setupSkip } from './setup-skip.ts'
import { staffAdd } from './staff-add.ts'
import { staffEnd } from './staff-end.ts'
import { staffInvite } from './staff-invite.ts'
import { staffKeyAdd } from './staff-key-add.ts'
import { staffKeyRevoke } from './staff-key-revoke.ts'
import { staffRemoveCodes } from './staff-remove-codes.ts'
import { staffRescue } from './staff-rescue.ts'
import { staffSet } from './staff-set.ts'
import { staffSignOut } from './staff-sign-out.ts'
import { staffTokenAdd } from './staff-token-add.ts'
import { staffTokenRevoke } from './staff-token-revoke.ts'
import { savedReplyAdd, savedReplyRemove, savedReplySet } from './saved-reply.ts'
import { speedUpAnswer } from './speed-up-answer.ts'
import { subscriptionChild } from './subscription-child.ts'
import { subscriptionPost } from './subscription-post.ts'
import { supplierAdd } from './supplier-add.ts'
import { supplierCurrency } from './supplier-currency.ts'
import { supplierImport } from './supplier-import.ts'
import { supplierPrices } from './supplier-prices.ts'
import { supplierRemove } from './supplier-remove.ts'
import { supplierSet } from './supplier-set.ts'
import { supplierSync } from './supplier-sync.ts'
import { supplierTry } from './supplier-try.ts'
import { ticketAssign } from './ticket-assign.ts'
import { ticketClose, ticketReopen } from './ticket-close.ts'
import { ticketMerge, ticketPart } from './ticket-merge.ts'
import { ticketNote } from './ticket-note.ts'
import { ticketOpen } from './ticket-open.ts'
import { ticketReply } from './ticket-reply.ts'
import { ticketSet } from './ticket-set.ts'
import { viewDrop } from './view-drop.ts'
import { viewKeep } from './view-keep.ts'
import { webhookAdd } from './webhook-add.ts'
import { webhookBalanceLow } from './webhook-balance-low.ts'
import { webhookPause } from './webhook-pause.ts'
import { webhookRemove } from './webhook-remove.ts'
import { webhookReplay } from './webhook-replay.ts'
import { webhookResume } from './webhook-resume.ts'
import { webhookRotate } from './webhook-rotate.ts'
import { webhookTest } from './webhook-test.ts'
import { workClaim } from './work-claim.ts'
import { workRelease } from './work-release.ts'

/** All acts, in the order of the documentation. */
export const acts: readonly AnyAct[] = [
  accountAdd,
  accountSet,
  accountSuspend,
  accountResume,
  accountInvite,
  accountInviteMany,
  accountSignOut,
  accountRemoveCodes,
  accountNote,
  accountViewAs,
  fund,
  bonusGive,
  accountExcuse,
  paymentDecide,
  paymentApprove,
  paymentDecline,
  paymentLook,
  paymentGiveBack,
  paymentMethodAdd,
  paymentMethodSet,
  paymentMethodTest,
  paymentMethodOn,
  paymentMethodOff,
  couponAdd,
  couponSet,
  couponEnd,
  referrerSet,
  referrerRefuse,
  referrerAllow,
  referralEnd,
  announcementAdd,
  announcementWrite,
  announcementSet,
  announcementPublish,
  announcementEnd,
  incidentOpen,
  incidentUpdate,
  incidentWrite,
  incidentSettle,
  changelogAdd,
  changelogWrite,
  changelogRemove,
  rateSet,
  rateSource,
  reconcileLook,
  reconcileSettle,
  approvalAccept,
  approvalDecline,
  reportExport,
  logUndo,
  groupAdd,
  groupSet,
  groupRates,
  groupMove,
  groupRemove,
  keyAdd,
  keySet,
  keyRevoke,
  viewKeep,
  viewDrop,
  webhookAdd,
  webhookTest,
  webhookRotate,
  webhookPause,
  webhookResume,
  webhookReplay,
  webhookRemove,
  webhookBalanceLow,
  serviceImport,
  serviceSet,
  serviceSetMany,
  serviceReprice,
  serviceUndo,
  serviceDuplicate,
  serviceMove,
  categorySet,
  categoryMove,
  serviceWords,
  serviceBind,
  servicePrefer,
  serviceUnbind,
  serviceWhenCostPasses,
  supplierAdd,
  supplierSet,
  supplierTry,
  supplierRemove,
  supplierImport,
  supplierSync,
  supplierPrices,
  supplierCurrency,
  orderAdd,
  orderSet,
  orderComplete,
  orderPartial,
  orderCancel,
  orderSendTo,
  orderExport,
  orderNote,
  speedUpAnswer,
  ticketOpen,
  ticketReply,
  ticketNote,
  ticketAssign,
  ticketSet,
  ticketClose,
  ticketReopen,
  ticketMerge,
  ticketPart,
  savedReplyAdd,
  savedReplySet,
  savedReplyRemove,
  workClaim,
  workRelease,
  cancelDecline,
  cancelAskAgain,
  refillAccept,
  refillDecline,
  refillAskAgain,
  jobAdd,
  jobStop,
  handOffDecide,
  subscriptionPost,
  subscriptionChild,
  alertsAcknowledge,
  houseRuleAdd,
  houseRuleRemove,
  childAdd,
  childSet,
  childSuspend,
  childResume,
  childClose,
  childDrop,
  childRenewKey,
  childSetupLink,
  settingsSet,
  providerSet,
  providerTest,
  providerRemove,
  pageSet,
  pagePublish,
  pageRestore,
  pageRemove,
  movingAdd,
  movingLook,
  movingRun,
  movingStop,
  movingRemove,
  movingOut,
  setupLink,
  setupOwner,
  setupSkip,
  staffKeyAdd,
  staffKeyRevoke,
  staffAdd,
  staffInvite,
  staffSet,
  staffSignOut,
  staffRemoveCodes,
  staffEnd,
  staffRescue,
  roleDemandCode,
  staffTokenAdd,
  staffTokenRevoke,
]
