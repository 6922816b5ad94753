"""The parameters that each method has in the Bot API 10.3. The real server ignores any other without a word."""

_CAPTION = "caption parse_mode caption_entities show_caption_above_media"
_EDITED = "business_connection_id chat_id message_id inline_message_id reply_markup"
_DRAFTED = "chat_id message_thread_id draft_id can_stop keep_on_stop"
_ALBUM = (
    "business_connection_id chat_id message_thread_id direct_messages_topic_id disable_notification "
    "protect_content allow_paid_broadcast message_effect_id reply_parameters"
)
_SENT = f"{_ALBUM} reply_markup suggested_post_parameters ephemeral_message_parameters"

_OF_METHODS = {
    "getUpdates": "offset limit timeout allowed_updates",
    "setWebhook": "url certificate ip_address max_connections allowed_updates "
    "drop_pending_updates secret_token",
    "deleteWebhook": "drop_pending_updates",
    "getWebhookInfo": "",
    "getMe": "",
    "getFile": "file_id",
    "getChat": "chat_id",
    "getChatMember": "chat_id user_id",
    "getChatAdministrators": "chat_id return_bots",
    "setMyCommands": "commands scope language_code",
    "deleteMyCommands": "scope language_code",
    "answerCallbackQuery": "callback_query_id text show_alert url cache_time",
    "answerInlineQuery": "inline_query_id results cache_time is_personal next_offset button",
    "sendMessage": f"{_SENT} text parse_mode entities link_preview_options",
    "sendRichMessage": f"{_SENT} rich_message",
    "sendPhoto": f"{_SENT} photo {_CAPTION} has_spoiler",
    "sendDocument": f"{_SENT} document thumbnail {_CAPTION} disable_content_type_detection",
    "sendMediaGroup": f"{_ALBUM} media",
    "sendChatAction": "business_connection_id chat_id message_thread_id action",
    "sendMessageDraft": f"{_DRAFTED} text parse_mode entities",
    "sendRichMessageDraft": f"{_DRAFTED} rich_message",
    "editMessageText": f"{_EDITED} text parse_mode entities link_preview_options rich_message",
    "editMessageCaption": f"{_EDITED} {_CAPTION}",
    "editMessageReplyMarkup": _EDITED,
    "editMessageMedia": f"{_EDITED} media",
    "deleteMessage": "chat_id message_id",
}
PARAMETERS = {method: frozenset(names.split()) for method, names in _OF_METHODS.items()}
