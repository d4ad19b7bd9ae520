import { call, type RefusalRow, request as no } from '../contract/refusals.ts'

/** A refusal outside of the published protocol. `staffNumber`: its `error_code` in the admin API, where that is not 400. */
interface StaffRow extends RefusalRow {
  readonly staffNumber?: 404 | 409
}

type Text = RefusalRow['text']

function gone<const T extends Text>(text: T) {
  return { ...no(text), staffNumber: 404 } as const
}

function conflict<const T extends Text>(text: T) {
  return { ...no(text), staffNumber: 409 } as const
}

/** All refusals outside of the published protocol: commands and the admin API print the text, pages show their own by the code, in the reader's
 * language. They are separate from `contract/refusals.ts` because nothing here is published: they are not in the documentation, their texts name
 * commands, and they may change. No code is in both tables. */
export const staffRefusals = {
  // The admin API
  invalid_staff_key: call('Invalid API key', 401),
  no_json_object: no('Send a JSON object'),
  unknown_order: gone('Incorrect order ID'),
  unknown_subscription: gone('Incorrect subscription ID'),
  field_required: no((name: string) => `${name} is required`),
  incorrect_field: no((name: string) => `Incorrect ${name}`),
  incorrect_input: no('Incorrect request'),
  value_does_not_fit: no('A number or a day is larger than any that is kept, or a text has a character that no text may have'),
  unknown_status: no((json: string) => `Unknown status ${json}`),
  too_many_at_once: no((most: number) => `Too many: at most ${most} at once`),
  staff_key_may_not_fund: call('This key may not add payments: "docket staff-key add --funds 1000" makes one that may', 403),
  staff_key_funds_no_more: conflict(
    (most: string, currency: string) => `This key may add ${most} ${currency} a day, and this would be more`,
  ),
  unknown_user: gone('User not found'),
  another_currency: no((currency: string) => `The account is in ${currency}`),
  payment_name_used: conflict((name: string) => `Another payment was added under this name already: ${name}`),
  given_twice: no('This call has the same ID twice'),
  partial_needs_remains: no('Partial needs remains: use set-partial'),
  changed_by_its_orders: conflict((kind: string) => `A ${kind} is changed through the orders it places`),
  order_ended: conflict((status: string) => `The order is ${status} already`),
  remains_too_early: conflict('Remains update is not allowed'),
  cancel_asked_already: conflict('Its supplier was asked to cancel it already'),
  not_handed_over_yet: conflict('No supplier has the order yet, so there is nothing to count'),
  hand_off_under_way: conflict('It is being handed to its supplier at this moment: try again in a minute'),
  supplier_may_have_it: conflict('Its supplier has the order, or may have it: "docket hand-off decide" or "docket order cancel" first'),
  test_order_stays: conflict('An order of a test key stays with the simulated supplier'),
  no_cancel_asked: conflict('No cancel was requested'),
  no_supplier_to_ask: conflict('No supplier can be asked about it: decide it by hand'),
  not_done_by_hand: conflict('Nobody does this order by hand: its supplier is a program'),
  work_claimed: conflict((who: string, until: string) => `${who} works on it until ${until}, or until it is given back`),
  work_with_program: conflict('A program pulled it over /adminapi/v2 and may work on it: take it over if it does not'),
  work_not_yours: conflict('You do not have this order, or not any more'),
  unknown_refill: gone('Refill not found'),
  refill_ended: conflict((status: string) => `The refill is ${status} already`),
  incorrect_label: no((longest: number) => `A staff key needs a label of at most ${longest} characters: it names its owner in timelines`),
  unknown_staff_key: no((id: number) => `There is no staff key ${id}: "docket staff-key list" shows all`),

  // Staff
  invalid_token: call('Send a token of yours: Authorization: Bearer TOKEN', 401),
  incorrect_request_key: no((longest: number) => `An idempotency key has 1 to ${longest} characters`),
  unknown_staff: gone((id: number) => `There is no member of staff ${id}: "docket staff list" shows all`),
  staff_has_left: conflict((email: string) => `${email} has no access any more: "docket staff add" gives it back`),
  staff_email_taken: conflict((email: string) => `There is a member of staff with the address ${email} already`),
  incorrect_staff_name: no((longest: number) => `A name has 1 to ${longest} characters, on one line`),
  unknown_role: no((role: string, all: string) => `There is no role "${role}": there are ${all}`),
  no_owner: conflict('The first member of staff is an owner, who can then add others: --role owner'),
  last_owner: conflict('This is the last owner: make somebody else an owner first'),
  no_code_of_staff: conflict((email: string) => `${email} has no authenticator app`),
  code_demanded: conflict((role: string) => `Everybody with the role ${role} must have an authenticator app`),
  unknown_log_line: gone((line: bigint) => `There is no line ${line} in the log`),
  unknown_token: gone((id: number) => `There is no token ${id}: "docket staff-token list" shows all`),
  only_on_the_machine: call('This is done by a command on the machine itself: "docket staff rescue"', 403),
  own_tokens_only: call('A token is made by its owner, or by a command on the machine', 403),
  token_needs_code: call((email: string) => `The role of ${email} demands a sign-in code: set it up in the desk first`, 403),
  too_many_tokens: no((most: number) => `A member of staff has at most ${most} tokens in use`),

  // Child panels
  unknown_child_panel: gone((host: string) => `There is no child panel ${host}: "docket child list" shows all`),
  child_host_taken: conflict((host: string) => `There is a panel at ${host} already`),
  incorrect_child_url: no('Give the address of its pages like https://shop.example, without a path'),
  child_is: conflict((host: string, state: string) => `${host} is ${state}`),
  child_is_kept: conflict((host: string, until: string) => `The data of ${host} are kept until ${until}`),
  child_has_open_orders: conflict((host: string, orders: number) => `${host} has ${orders} orders that have not ended`),
  key_of_child_panel: conflict(
    (host: string) => `${host} orders with this key, so it is neither revoked nor limited: "docket child renew-key ${host}" replaces it`,
  ),
  too_many_children: no((most: number) => `An account has at most ${most} panels`),
  supplier_locked: conflict((name: string) => `${name} is the panel that made this one: its address and key are set there, and it stays`),

  unknown_approval: gone((id: number) => `There is no approval ${id}: "docket approval list" shows all`),
  approval_decided: conflict((who: string) => `${who} has decided about it already`),
  own_approval: call('A second person decides, not the one who asked', 403),

  // Seeing the pages of a customer
  only_looking: call('You see this account as its customer does, and may change nothing: end the view first', 403),
  not_for_viewers: call('This page may show a secret of the customer, so nobody else sees it', 403),

  // Jobs
  unknown_job: gone((id: number) => `There is no job ${id}: "docket job list" shows all`),
  job_has_ended: conflict('The job has ended already'),
  too_wide_a_filter: no('Too many orders must be looked at to find all that match: narrow the filter'),
  too_many_views: no('There are too many views: drop one first'),
  not_what_was_tried: no((trial: number) => `Job ${trial} did not try this: only what a trial has shown is done to its orders`),
  no_orders_chosen: no('There is no such order'),
  too_many_orders: no((most: number) => `A job has at most ${most} orders`),

  // Acts of staff
  act_not_allowed: call((act: string, permission: string) => `You may not do "${act}": it needs the permission ${permission}`, 403),
  unknown_field: no((name: string) => `There is no field "${name}" here`),
  unknown_view: no((view: number) => `There is no view ${view} of yours`),
  own_views_only: no('Everybody keeps views of their own: on the machine, say whose with --staff'),
  unknown_export: gone((file: number) => `There is no file ${file}. Files are kept for 7 days`),
  incorrect_act_field: no((name: string, why: string) => `${name}: ${why}`),
  account_and_custom_rate: no('--account and --custom-rate go together'),
  changed_meanwhile: conflict('Somebody has changed this since you looked: look at a dry run again'),
  request_key_used: conflict((key: string) => `The idempotency key "${key}" belongs to another request`),

  // Accounts, people and keys
  unknown_group: no((id: number) => `There is no group ${id}: "docket group list" shows all`),
  group_name_taken: no((name: string) => `There is a group "${name}" already`),
  too_many_group_rates: no((most: number) => `A group has at most ${most} rates of its own: give it a discount instead`),
  unknown_account: no((id: number) => `There is no account ${id}: "docket account list" shows all`),
  account_suspended: no((id: number) => `Account ${id} is suspended: "docket account resume" first`),
  negative_balance: no('A first balance cannot be negative'),
  email_taken: no((email: string) => `There is an account for ${email} already: add a key to it with "docket key add --account N"`),
  email_of_another: no((account: number) => `The address of account ${account} belongs to a person of another account`),
  no_second_factor: no((account: number) => `Account ${account} has no second factor`),
  referrals_are_off: no('Customers get nothing for bringing customers now: "docket settings set --referrals yes" switches it on'),
  unknown_announcement: gone((id: number) => `There is no announcement ${id}: "docket announcement list" shows all`),
  announcement_ended: conflict((id: number) => `Announcement ${id} has ended`),
  announcement_published: conflict((id: number) => `Announcement ${id} is public already`),
  announcement_says_nothing: no((id: number) => `Announcement ${id} says nothing yet: "docket announcement write ${id}"`),
  announcement_needs_title_and_text: no('An announcement needs a title and a text, or neither'),
  announcement_needs_service: no('Tell which service they ordered'),
  announcement_needs_beginning: no('A public announcement has a beginning'),
  announcement_ends_before_it_begins: no('It would end before it begins'),
  no_referrer: no((account: number) => `Account ${account} has no link to bring customers with`),
  referrer_refused: conflict((account: number) => `The link of account ${account} is refused already`),
  referrer_not_refused: conflict((account: number) => `The link of account ${account} is not refused`),
  unknown_referral: gone((referral: number) => `There is no referral ${referral}: "docket referral list" shows all`),
  referral_ended: conflict((referral: number) => `Referral ${referral} has ended already`),
  report_not_kept: no('No sums are kept of these together: ask by service, category or supplier, or by customer'),
  incorrect_email: no((text: string) => `"${text}" is not a valid e-mail address`),
  incorrect_currency: no((text: string) => `"${text}" is not a valid currency code like USD`),
  unknown_language: no('There is no such language'),
  password_too_short: no((least: number) => `A password needs at least ${least} characters`),
  password_too_long: no((most: number) => `A password has at most ${most} characters`),
  password_like_email: no('The password must not be your e-mail address'),
  password_too_common: no('This password is too easy to guess'),
  unknown_key: no((id: number) => `There is no key ${id}: "docket key list" shows all`),
  too_many_keys: no((most: number) => `An account has at most ${most} keys in use`),
  key_form_used: no('This form has made a key already'),
  incorrect_daily_cap: no('A daily cap is an amount above zero'),
  expiry_is_past: no('The expiry date of a key must be in the future'),
  expiry_is_no_day: no('This is not a valid date'),
  unknown_scope: no((scope: string, known: string) => `There is no scope "${scope}": ${known}`),
  incorrect_services: no((most: number) => `Allow between one and ${most} services, or all`),
  services_are_no_numbers: no('These are not numbers and ranges like 1,4,10-20'),
  no_such_service: no((id: number) => `There is no service ${id}`),
  incorrect_networks: no((most: number) => `Allow between one and ${most} networks, or any`),
  incorrect_network: no((text: string) => `"${text}" is not a valid address or network like 203.0.113.0/24`),

  // Services, prices and favourites
  not_bound: conflict('This supplier does not fulfil the service: "docket service bind" first'),
  unknown_service: no((id: number | string) => `There is no service ${id}: "docket service list" shows all`),
  contradictory_service: no((sentence: string) => `Nothing was changed. ${sentence}`),
  services_changed_meanwhile: conflict(
    (clashes: string, further: number) =>
      `Nothing was changed, as somebody else was here meanwhile.\n${clashes}${further > 0 ? `\nand ${further} more` : ''}`,
  ),
  given_twice_here: no((service: number) => `Service ${service} is given twice`),
  below_cost: conflict(
    (prices: string, further: number) =>
      `Nothing was changed, as these would be sold below cost: say below-cost if they shall.\n${prices}${further > 0 ? `\nand ${further} more` : ''}`,
  ),
  one_way_to_price: no('Give either a margin over the cost, or a change of the price'),
  no_services_chosen: no('There is no such service'),
  not_a_price: no((service: number, price: string) => `Service ${service} would cost ${price}, which is no price`),
  unknown_category: no((name: string) => `There is no service in the category "${name}"`),
  another_category: no(
    (service: number, category: string) => `Service ${service} is in the category "${category}": services are put in order within theirs`,
  ),
  no_such_line: gone((line: bigint) => `There is no line ${line} in the log`),
  not_undoable: no((line: bigint, act: string) => `Line ${line}, "${act}", cannot be undone`),
  changed_since: no((line: bigint) => `What line ${line} changed has been changed again since`),
  too_many_favourites: no((most: number) => `There are ${most} favourites already`),
  no_json_file: no((fault: string) => `The file is not valid JSON: ${fault}`),
  malformed_file: no((faults: string) => `Nothing was imported.${faults}`),
  incorrect_language: no((text: string) => `"${text}" is not a valid language code: write it like sl, zh-HK or pt-BR`),
  not_shared: no('Services of a category share only the name of the category: set name and description for each service'),
  empty_words: no((word: string) => `The ${word} is empty: "none" removes it`),
  words_too_long: no((word: string, most: number) => `The ${word} is longer than ${most} characters`),
  words_with_null: no((word: string) => `The ${word} has a character that cannot be stored`),
  incorrect_decimal: no((expectation: string, text: string) => `${expectation}, not "${text}"`),
  zero_step: no('The step that prices are rounded up to must be above zero'),
  incorrect_exchange_rate: no((text: string) => `"${text}" is not a valid exchange rate: digits and one dot, like 1.08`),
  list_being_read: no('Its list is being read at this moment: try again in a minute'),
  list_not_believed: no((nothing: 'changed' | 'would change', why: string) => `Nothing ${nothing}. ${why}`),
  list_read_again: no('It took so long that another reading began: nothing changed'),
  supplier_without_list: no((name: string) => `${name} has no list to read: only suppliers of the protocol api-v2 do`),
  supplier_paused: no((name: string) => `${name} is paused, so it is not called`),

  // Rules of the panel
  no_reason: no('Give a reason: it is for staff, and customers do not see it'),
  incorrect_pattern: no((sentence: string) => sentence),
  rule_exists: no((kind: string, pattern: string) => `There is a rule for the ${kind} ${pattern} already`),
  unknown_rule: no((id: number) => `There is no rule ${id}: "docket house-rule list" shows all`),

  // Settings and set-up
  setting_is_fixed: conflict((key: string, variable: string) => `${key} is fixed by ${variable} in the environment of this machine`),
  no_rate_to_show: no(
    (codes: string, base: string, first: string) =>
      `There is no exchange rate from ${base} to ${codes}: say one, like "docket rate set ${base} ${first} 1.08", or choose where rates come from with "docket rate source"`,
  ),
  setting_changed_meanwhile: conflict(
    (key: string, theirs: string, who: string, yours: string) =>
      `${who} has changed ${key} meanwhile to "${theirs}"; you asked for "${yours}"`,
  ),

  house_has_owner: conflict(
    'An owner has signed in already: owners add whoever else works here, and "docket staff rescue" makes one on the machine',
  ),
  setup_link_is_void: no('This link is used up or too old: "docket setup-link" prints a new one'),

  // Money
  unknown_line: gone('There is no such line in the books'),
  zero_amount: no('The amount is zero: nothing to book'),
  balance_too_low: no('The balance is too low to take that much'),
  // Payments
  payment_method_off: no('This way to pay is not offered'),
  payment_too_small: no((least: string, currency: string) => `At least ${least} ${currency} can be paid this way`),
  payment_too_large: no((most: string, currency: string) => `At most ${most} ${currency} can be paid this way`),
  payment_key_used: conflict('This form has started another payment already: open the page again'),
  too_many_open_payments: no((most: number) => `There are ${most} open payments already: pay or leave one of them first`),
  payment_gateway_away: no((name: string) => `${name} does not answer at the moment: nothing was paid, please try again`),
  payment_refused_there: no((name: string) => `${name} does not take this payment: nothing was paid, please choose another way`),
  unknown_coupon: gone((id: number) => `There is no coupon ${id}: "docket coupon list" shows all`),
  coupon_code_taken: conflict((code: string) => `There is, or was, a coupon with the code ${code}`),
  coupon_most_needs_currency: no('The most for one deposit needs the currency that it is in'),
  coupon_has_ended: conflict('The coupon has ended'),
  rate_source_unreadable: no((words: string) => `Its rates cannot be read: ${words}`),
  nothing_reported: gone((id: string) => `There is no payment ${id} in its reports`),
  difference_settled: conflict('Somebody has explained it already'),
  picture_too_large: no((megabytes: number) => `The picture may have at most ${megabytes} MB`),
  picture_has_too_many_pixels: no((millions: number) => `The picture may have at most ${millions} million pixels`),
  picture_unreadable: no('Send a picture: PNG, JPEG or WebP'),
  pictures_busy: {
    text: 'Too many pictures arrive at this moment: try again in a minute',
    kind: 'now',
    status: 503,
    retryAfter: 60,
    about: null,
  },
  payment_takes_no_proof: no('This payment needs no picture'),
  no_fresh_rate: no((currency: string) => `There is no exchange rate for ${currency} at the moment`),
  deposit_needs_amount: no('Send the amount, like 50 or 49.99'),
  deposit_needs_method: no((methods: string) => `Choose a method by its number: ${methods}`),
  deposit_needs_key: no('Send an idempotency_key of 1 to 255 characters: sent again, it starts the same deposit'),
  deposit_of_test_key: no('Test keys have test money: deposits need a live key'),
  unknown_deposit: gone('There is no such deposit'),
  coupon_not_valid: no('This coupon cannot be used'),
  unknown_gateway: gone((name: string) => `There is no gateway ${name} in this version`),
  unknown_payment_method: gone((id: number) => `There is no way to pay ${id}: "docket payment-method list" shows all`),
  payment_method_name_taken: conflict((name: string) => `There is a way to pay with the name ${name} already`),
  payment_limits_do_not_fit: no('The least must be above zero, and the most not below it'),
  payment_method_untested: conflict('Test it first: it is offered once its settings have worked'),
  payment_method_fails: no((words: string) => `It is on, and with these settings it would not work: ${words}`),
  unknown_payment: gone((id: bigint) => `There is no payment ${id}`),
  payment_decided: conflict((state: string) => `The payment is ${state} already`),
  payment_has_receipt: conflict('Money came for it: decide about the receipt'),
  not_a_manual_payment: no('Only manual payments are approved by staff: this one is credited when its gateway says so'),
  payment_cannot_be_asked: no('This gateway cannot be asked: it tells of payments by itself'),
  unknown_receipt: gone((id: bigint) => `There is no receipt ${id}`),
  receipt_decided: conflict((state: string) => `The receipt is ${state} already`),
  receipt_needs_account: no('Nobody knows who sent it: say which account gets it'),
  receipt_needs_amount: no('It came in another currency: say how much is credited'),
  receipt_is_not_by_hand: no('It can only be matched with a deposit that staff booked, to the same account'),
  receipt_is_matched: conflict('This deposit was matched with other money already'),
  receipt_not_credited: conflict('Only what was credited can be given back'),
  cannot_give_back: no((name: string) => `${name} cannot give money back from here: pay it back yourself, and book a correction`),
  more_than_is_left: no((left: string) => `At most ${left} of it can be given back`),
  wallet_is_short: conflict(
    (wallet: string) => `The balance is only ${wallet}: the rest would be owed. Say so, to give it back all the same`,
  ),
  more_than_is_owed: no((owed: string) => `Only ${owed} is owed`),
  reference_reused: no((reference: string | null) => `Reference ${reference} was booked before with another amount`),

  // Tickets
  unknown_ticket: gone((id: bigint) => `There is no ticket ${id}`),
  unknown_picture: gone('There is no such picture, or not any more'),
  ticket_needs_text: no('Write something'),
  ticket_text_too_long: no((most: number) => `A message has at most ${most} characters`),
  ticket_subject_too_long: no((most: number) => `A subject has at most ${most} characters`),
  ticket_has_too_many_orders: no((most: number) => `A ticket is about at most ${most} orders`),
  order_of_nobody: no((order: bigint) => `The account has no order ${order}`),
  too_many_tickets: no((most: number) => `There are ${most} tickets already: write in one of them, or wait an hour`),
  too_many_ticket_messages: no((most: number) => `There were ${most} messages within an hour: wait for an answer`),
  too_many_pictures: no((most: number) => `A message has at most ${most} pictures`),
  ticket_merges_with_itself: no('A ticket does not go on with itself'),
  ticket_of_another_account: no((id: bigint) => `Ticket ${id} is of another account`),
  ticket_is_merged: conflict((id: bigint, into: bigint) => `Ticket ${id} goes on with ticket ${into} already`),
  ticket_is_not_merged: conflict((id: bigint) => `Ticket ${id} goes on with no other`),
  unknown_saved_reply: gone((id: number) => `There is no saved reply ${id}: "docket saved-reply list" shows all`),
  saved_reply_name_taken: conflict((name: string) => `There is a saved reply with the name ${name} already`),
  too_many_saved_replies: no((most: number) => `There are ${most} saved replies: remove one first`),
  no_speed_up_asked: conflict((order: bigint) => `Nobody asked to speed up order ${order}, or it is answered already`),
  staff_key_may_not_answer: call('This key may not read tickets: "docket staff-key add --tickets" makes one that may', 403),
  ticket_of_test_key: no('Test keys have test money and no support: tickets need a live key'),

  // Pages of the operator's own
  unknown_sign_in_provider: gone((name: string) => `There is no sign-in provider "${name}": "docket sign-in-provider list" shows all`),
  sign_in_provider_taken: conflict((issuer: string) => `Another sign-in provider has the issuer ${issuer}`),
  too_many_sign_in_providers: no((most: number) => `There are ${most} sign-in providers already`),
  sign_in_provider_fails: no((why: string) => `The provider cannot be used: ${why}`),
  unknown_page: gone((name: string) => `There is no page "${name}": "docket page list" shows all`),
  incorrect_page_name: no((name: string) => `A page is called like privacy-policy, not "${name}"`),
  too_many_pages: no((most: number) => `There are ${most} pages already`),
  page_needs_title_and_text: no('A page needs a title and a text in each language; none for both: it is not written in that language'),
  page_changed_meanwhile: conflict(
    (name: string, version: number) => `Page ${name} was changed meanwhile: look at version ${version} first`,
  ),
  unknown_page_version: gone((name: string, version: number) => `Page ${name} has no version ${version}`),
  page_says_nothing: conflict((name: string, version: number) => `Page ${name} is written in no language in version ${version}`),
  only_terms_are_accepted: no((name: string) => `Customers accept the page "${name}" only`),

  // Lists of orders: the whole list first, then a single row
  list_empty: no('There is no order in the list'),
  list_too_long: no((lines: number, bytes: number) => `A list has at most ${lines} rows and ${bytes} bytes`),
  open_quote: no('The quotation mark is never closed'),
  separated_number: no((text: string) => `${text} may be one number: write it without a comma, or put | between the columns`),
  columns: no('Too few or too many columns'),
  zero_runs: no('The number of runs must be above zero'),
  has_order: no((order: string) => `Order ${order} was placed for this row`),

  // Subscriptions
  no_subscription: gone((id: bigint) => `There is no subscription ${id}`),
  subscription_ended: conflict((id: bigint, status: string) => `Subscription ${id} is ${status} and takes no more posts`),
  watched_by_supplier: no((id: bigint) => `Subscription ${id} is watched by its supplier: posts that you add would be served twice`),
  unknown_child: no((id: bigint, reference: string) => `Subscription ${id} has no child ${reference} that waits for a decision`),
  above_ordered_of_a_post: no((most: bigint) => `At most ${most} per post were ordered`),

  // Suppliers and the orders that were handed to them
  unknown_supplier: no((name: string) => `There is no supplier "${name}": "docket supplier list" shows all`),
  no_such_supplier: no((name: string) => `There is no supplier "${name}"`),
  key_required: no('A supplier needs the key it gave you'),
  key_not_given: no('There is no key on standard input'),
  name_taken: no((name: string) => `There is a supplier "${name}" already`),
  incorrect_url: no('A supplier needs the address of its API, like https://panel.example/api/v2'),
  incorrect_protocol: no('--protocol is api-v2, manual or simulated'),
  supplier_in_use: no(
    (name: string) =>
      `Supplier "${name}" is unknown, or has services or orders: unbind its services and pause it with "docket supplier set --paused yes"`,
  ),
  supplier_away: no((fault: string) => `The supplier cannot be asked now (${fault}): try again, or add --unasked`),
  order_never_handed: no((order: number) => `Order ${order} is unknown, or was never sent to a supplier`),
  unknown_alert: no((id: number) => `There is no open alert ${id}`),
  no_decision_awaited: no((order: number) => `Order ${order} does not wait for a decision: "docket hand-off list" shows those that do`),
  too_much_remains: no((remains: bigint, quantity: bigint) => `${remains} cannot remain of ${quantity}`),
  id_of_another_order: no(
    (reference: string, order: bigint) => `Their id ${reference} is our order ${order}: two orders cannot have one id`,
  ),
  id_not_known_there: no((reference: string, words: string) => `The supplier does not show an order ${reference}: ${words}`),
  another_order: no((reference: string, differences: string) => `Their order ${reference} is another one: ${differences}`),

  // Webhooks and mails
  unknown_webhook: no((id: number) => `There is no webhook ${id}: "docket webhook list" shows all`),
  unknown_event: no((event: string, known: string) => `There is no event "${event}": order.*, refill.* or one of ${known}`),
  no_events: no('Give at least one event, like order.*'),
  address_refused: no((sentence: string) => sentence),
  too_many_webhooks: no((most: number) => `An account has at most ${most} webhooks`),
  webhook_form_used: no('This form has made a webhook already'),
  secret_changed_meanwhile: no('Its secret was changed meanwhile'),
  no_book: no((account: number) => `Account ${account} has no book`),
  no_test_key: no((account: number) => `Account ${account} has no test key`),
  incorrect_hours: no((most: number) => `An old secret signs for at most ${most} hours more`),
  unknown_delivery: no(
    (webhook: number, delivery: bigint) =>
      `Webhook ${webhook} has no delivery ${delivery} that has ended: "docket webhook deliveries ${webhook}" shows all`,
  ),
  incorrect_alarm: no('A balance is never below zero: give an amount above zero'),
  incorrect_since: no('--since is a time like 2026-03-01T12:00Z'),
  unknown_mail: no((id: bigint) => `There is no mail ${id}: "docket mail list" shows all`),
  mail_ended: no((id: bigint, state: string) => `Mail ${id} is ${state}: its text is not stored any longer`),

  // Commands
  nothing_to_change: no((example: string) => `Nothing was changed: say what to change, like ${example}. --help lists all options`),
  say_one_of: no((options: string) => `Give one of ${options}`),
  say_below_or_off: no('Give --below AMOUNT or --off'),

  // Moving in
  panel_file_unreadable: no((words: string) => words),
  nothing_to_move_in: no((directory: string, files: string) => `There is nothing to move in from in ${directory}: it has none of ${files}`),
  old_panel_unclear: no((what: string, words: string) => `The old panel does not answer ${what} as expected: ${words}`),
  directory_not_empty: no((directory: string) => `${directory} is not empty: an export is written into a directory of its own`),
  no_export: no((directory: string, file: string) => `${directory} is no export of Docket: it has no ${file}`),
  another_export: no('The export was made by another version of Docket: bring both to the same one'),
  export_changed: no((file: string) => `${file} is not as it was exported: copy the whole directory again`),
  house_not_empty: no('This Docket has accounts, services or orders: an export is moved into an empty one'),
  unknown_moving: no((id: number) => `There is no moving ${id}: "docket moving list" shows all`),
  moving_not_under_way: no((id: number) => `Nobody works on moving ${id}`),
  moving_under_way: no((id: number) => `Moving ${id} is under way: stop it first`),
  moving_ended: no((id: number) => `Moving ${id} has ended: add another one`),
  moving_not_looked_at: no((id: number) => `Nobody has seen yet what moving ${id} would bring: "docket moving look ${id}" tells`),
  moving_look_again: no((id: number) => `Something of this panel came since moving ${id} was looked at: look again`),
  moving_takes_no_files: no((id: number) => `Moving ${id} takes no files now`),
  moving_without_files: no((id: number) => `The files of moving ${id} have not all come`),
  moving_lost_files: no((name: string) => `The file ${name} is not where it was put any more: send it again`),
  moving_without_address: no('Give the address of the hosted panel and the key of its admin API'),
  moving_owner_left: no((who: string) => `${who} may not do this any more: somebody else has to start it again`),
  moving_fault: no('There was a fault, which the log of the server tells of: try again'),
  file_not_of_moving: no((name: string) => `${name} is no file that this moving reads`),
  file_too_large: no((most: number) => `The file has more than ${most} bytes`),
  file_elsewhere: no((name: string) => `The file is at another server, ${name}`),
  no_room_for_files: no('There is not enough room on the disk of this server'),
  incorrect_archive: no('The file is no export of Docket: a .tar.gz with its lines of JSON'),
  old_key_not_kept: no((why: string) => `The old key was not kept: ${why}`),
  another_currency_here: no(
    (there: string, here: string) => `The balances there are in ${there}, and prices here in ${here}: set the currency first`,
  ),

  // Forms of our pages
  form_refused: call('This page is too old, or you have been signed out: load it again', 403),
  form_unreadable: call('The form could not be read', 400),
  too_many_fields: call('The form has too many fields', 400),
  form_too_large: call('The form is too large', 413),
} as const satisfies Readonly<Record<string, StaffRow>>
