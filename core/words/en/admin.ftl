# For those who run the bot: what /admin says, and alerts to them in private.
admin-granted = { $who } now has { $credit } of extra credit.
admin-refunded = Refunded: { $amount }.
admin-allowed = { $who } may use the bot.
admin-denied = { $who } may no longer use the bot.
deny-admin = { $who } is an admin, and admins cannot be kept out. Remove them from ADMINS first.
admin-in-settings = { $who } is on the DENY list in the settings. Only a change there lets them in again.
admin-blocked = Picture descriptions may not contain:
admin-nothing-blocked = No words were blocked with /admin block.
not-blocked = “{ $words }” is not on the list.
too-many-blocked = The list is full: it holds at most { $most } entries. Unblock one first.
admin-none = Nothing set
admin-persona-pick = How should I talk to everybody here who has not chosen?
admin-persona-set = The persona here: { $name }.
admin-persona-none = No persona is set here any more.
admin-persona-made = This chat now has the persona { $name }.
admin-persona-gone = This chat no longer has the persona { $name }.
persona-name = “{ $name }” cannot be the name of a persona: use one short word, without a colon.
unknown-persona = There is no persona “{ $name }” here. Available: { $known }.
admin-model-pick = Which model should answer everybody here who has not chosen? Prices are per million tokens.
admin-model-set = The model here: { $name }.
admin-model-none = No model is set here any more.
admin-announced = Everybody will see this once, under their next answer: { $text }
admin-unannounced = There is no announcement.
announcement = From the operator: { $text }
admin-status = Answers in progress: { $answers }. Pictures: { $painting } being painted, { $waiting } waiting. The store answers in { $store } ms. Spent by everybody: { $today } today, { $month } this month.
alert-key-refused = MiniToolAI refuses the key ({ $cause }). Nobody gets answers until MINITOOLAI_API_KEY is right.
alert-balance-gone = The MiniToolAI balance is used up ({ $cause }). Nobody gets answers until it is topped up.
alert-model-gone = MiniToolAI has no model { $model } ({ $cause }). Put another one into the settings; if none works, check MINITOOLAI_BASE_URL.
alert-store-away = The store does not answer ({ $cause }). Until it does, nothing is spent, so nobody gets answers.
alert-store-not-durable = { $why ->
    [evicts] The store may evict what is paid for: set maxmemory-policy to noeviction.
    [write-failed] The store cannot write to its disk. Whatever it cannot write, such as money spent from now on, is lost when it stops.
    [full] The store is nearly full: give it more memory. Once it is full, nothing is spent, so nobody gets answers.
   *[no-appendonly] The store keeps nothing if it stops: set appendonly to yes.
}
alert-cap-near = { $percent }% of everybody's budget for { $period ->
    [day] today
   *[month] this month
} ({ $cap }) is used. Raise it with /admin caps all { $period ->
    [day] daily
   *[month] monthly
} AMOUNT, or people will soon be refused.
alert-cap-used = Everybody's budget for { $period ->
    [day] today
   *[month] this month
} is used up: people are being refused. Raise it with /admin caps all { $period ->
    [day] daily
   *[month] monthly
} AMOUNT.
alert-overrun = Request { $request } cost { $spent }, more than the { $held } held for it. It was charged in full. Compare the catalogue's prices and limits with what MiniToolAI bills; /admin refund gives it back.
alert-books-differ = { $count ->
    [one] One total does
   *[other] { $count } totals do
} not match the ledger. To see which: minitool-bots audit
