"""The Bot API's methods that are modelled; every other name is `404 Not Found`."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sandbox.guard import NAMES
from sandbox.telegram.bots import TYPING_LASTS, Bot, taps
from sandbox.telegram.citizens import Citizen, Message
from sandbox.telegram.errors import Refused
from sandbox.telegram.files import LARGEST_PHOTO, LARGEST_UPLOAD, is_photo
from sandbox.telegram.mailbox import DEFAULT_TYPES, Webhook
from sandbox.telegram.parameters import (
    LONGEST_CAPTION,
    Parameters,
    inline_keyboard,
    message_text,
    reply_keyboard,
)

type Method = Callable[[Bot, Parameters], Awaitable[Any]]

_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_ANSWER_WITHIN = timedelta(minutes=15)
_KNOWN_TYPES = DEFAULT_TYPES | {"channel_post", "inline_query", "poll", "chat_member"}


async def get_me(bot: Bot, _: Parameters) -> Any:
    return bot.me()


# Updates


async def set_webhook(bot: Bot, parameters: Parameters) -> Any:
    url, secret = parameters.text("url"), parameters.text("secret_token")
    if not url:
        return await delete_webhook(bot, parameters)
    parts = urlsplit(url)
    # The real one asks for HTTPS; on this machine there is none.
    if parts.scheme != "https" and parts.hostname not in NAMES:
        raise Refused(400, "bad webhook: An HTTPS URL must be provided for webhook")
    if len(secret) > 256:
        raise Refused(400, "secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise Refused(400, "secret token contains unallowed characters")
    _remember_types(bot, parameters)
    bot.mailbox.set_webhook(
        Webhook(url, secret), drop_pending=parameters.flag("drop_pending_updates")
    )
    return True


async def delete_webhook(bot: Bot, parameters: Parameters) -> Any:
    bot.mailbox.delete_webhook(drop_pending=parameters.flag("drop_pending_updates"))
    return True


async def get_webhook_info(bot: Bot, _: Parameters) -> Any:
    webhook = bot.mailbox.webhook
    info: dict[str, Any] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(bot.mailbox.pending),
        "allowed_updates": sorted(bot.mailbox.allowed),
    }
    if webhook and webhook.last_error_at:
        info["last_error_date"] = int(webhook.last_error_at.timestamp())
        info["last_error_message"] = webhook.last_error
    return info


async def get_updates(bot: Bot, parameters: Parameters) -> Any:
    _remember_types(bot, parameters)
    return await bot.mailbox.fetch(
        parameters.number("offset", 0),
        parameters.number("limit", 100),
        parameters.number("timeout", 0),
    )


def _remember_types(bot: Bot, parameters: Parameters) -> None:
    """Left out: as before. Empty, or nothing that is known: the default."""
    wanted = parameters.nested("allowed_updates")
    if isinstance(wanted, list):
        bot.mailbox.allowed = frozenset(wanted) & _KNOWN_TYPES or DEFAULT_TYPES


# Messages


async def send_message(bot: Bot, parameters: Parameters) -> Any:
    citizen = _reachable(bot, parameters)
    text = message_text(parameters)
    markup = parameters.nested("reply_markup")
    buttons = inline_keyboard(markup)
    keyboard = reply_keyboard(markup)
    if keyboard is not None:
        citizen.keyboard = keyboard
    citizen.note(bot.clock.now(), "发", f"sendMessage {len(text)} 字")
    return bot.show(citizen, {"text": text}, buttons, kind="text", text=text)


async def send_photo(bot: Bot, parameters: Parameters) -> Any:
    citizen = _reachable(bot, parameters)
    caption = message_text(parameters, "caption", LONGEST_CAPTION)
    body = parameters.files.get("photo") or bot.files.body(parameters.text("photo"))
    if not body:
        raise Refused(400, "there is no photo in the request")
    if len(body) > LARGEST_PHOTO:
        raise Refused(400, "file is too big")
    if not is_photo(body):
        raise Refused(400, "PHOTO_INVALID_DIMENSIONS")
    size = {**bot.files.keep(body), "width": 1280, "height": 1280}
    content: dict[str, Any] = {"photo": [size]}
    if caption:
        content["caption"] = caption
    buttons = inline_keyboard(parameters.nested("reply_markup"))
    path = bot.files.page_path(size["file_id"])
    return bot.show(citizen, content, buttons, kind="image", text=caption, picture=path)


async def send_document(bot: Bot, parameters: Parameters) -> Any:
    citizen = _reachable(bot, parameters)
    caption = message_text(parameters, "caption", LONGEST_CAPTION)
    body = parameters.files.get("document")
    if not body:
        raise Refused(400, "there is no document in the request")
    if len(body) > LARGEST_UPLOAD:
        raise Refused(413, "Request Entity Too Large")
    name = parameters.names.get("document") or "file"
    kept = bot.files.keep(body)
    content: dict[str, Any] = {"document": {**kept, "file_name": name}}
    if caption:
        content["caption"] = caption
    return bot.show(
        citizen,
        content,
        inline_keyboard(parameters.nested("reply_markup")),
        kind="file",
        text=caption,
        tail=name,
        url=bot.files.page_path(kept["file_id"]),
    )


async def edit_message_text(bot: Bot, parameters: Parameters) -> Any:
    citizen, message = _own_message(bot, parameters, "message to edit not found")
    return _change(bot, citizen, message, message_text(parameters), parameters)


async def edit_message_reply_markup(bot: Bot, parameters: Parameters) -> Any:
    citizen, message = _own_message(bot, parameters, "message to edit not found")
    return _change(bot, citizen, message, message.body.get("text", ""), parameters)


def _change(
    bot: Bot, citizen: Citizen, message: Message, text: str, parameters: Parameters
) -> dict[str, Any]:
    buttons = inline_keyboard(parameters.nested("reply_markup"))
    body = {name: value for name, value in message.body.items() if name != "reply_markup"}
    body["text"] = text
    if buttons:
        body["reply_markup"] = {"inline_keyboard": buttons}
    before = {name: value for name, value in message.body.items() if name != "edit_date"}
    if {name: value for name, value in body.items() if name != "edit_date"} == before:
        raise Refused(
            400,
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message",
        )
    body["edit_date"] = int(bot.clock.now().timestamp())
    message.body = body
    citizen.chat.replace(message.entry, text=text, taps=taps(buttons), edited=True)
    return body


async def delete_message(bot: Bot, parameters: Parameters) -> Any:
    citizen, message = _own_message(bot, parameters, "message to delete not found")
    del citizen.messages[message.body["message_id"]]
    citizen.chat.replace(message.entry, kind="notice", text="消息已删除", taps=())
    return True


async def send_chat_action(bot: Bot, parameters: Parameters) -> Any:
    citizen = _reachable(bot, parameters)
    if not parameters.text("action"):
        raise Refused(400, "wrong parameter action in request")
    citizen.typing_until = bot.clock.now() + TYPING_LASTS
    bot.tell_standing(citizen)
    return True


async def answer_callback_query(bot: Bot, parameters: Parameters) -> Any:
    query = bot.queries.get(parameters.text("callback_query_id"))
    if query is None or query.answered or bot.clock.now() - query.at > _ANSWER_WITHIN:
        raise Refused(400, "query is too old and response timeout expired or query ID is invalid")
    text = parameters.text("text")
    if len(text) > 200:
        raise Refused(400, "MESSAGE_TOO_LONG")
    query.answered = True
    query.citizen.chat.tell("pressed", {"text": text, "alert": parameters.flag("show_alert")})
    return True


async def get_file(bot: Bot, parameters: Parameters) -> Any:
    return bot.files.describe(parameters.text("file_id"))


async def set_my_commands(bot: Bot, parameters: Parameters) -> Any:
    return True


METHODS: dict[str, Method] = {
    "getme": get_me,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "getupdates": get_updates,
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "senddocument": send_document,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "sendchataction": send_chat_action,
    "answercallbackquery": answer_callback_query,
    "getfile": get_file,
    "setmycommands": set_my_commands,
}

# A webhook's response may ask for any call but these.
NOT_IN_RESPONSES = frozenset({"setwebhook", "deletewebhook"})


def _reachable(bot: Bot, parameters: Parameters) -> Citizen:
    chat_id = parameters.text("chat_id")
    citizen = bot.citizens.find(int(chat_id)) if chat_id.isdecimal() else None
    if citizen is None:
        raise Refused(400, "chat not found")
    if citizen.blocked:
        raise Refused(403, "bot was blocked by the user")
    return citizen


def _own_message(bot: Bot, parameters: Parameters, missing: str) -> tuple[Citizen, Message]:
    citizen = _reachable(bot, parameters)
    message = citizen.messages.get(parameters.number("message_id", 0))
    if message is None:
        raise Refused(400, missing)
    if not message.from_bot:
        raise Refused(400, "message can't be edited")
    return citizen, message
