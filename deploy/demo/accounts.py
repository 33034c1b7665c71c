"""The demo's own channels.toml: accounts of each kind, spoken to by the sandbox, and a
web chat for every line."""

from __future__ import annotations

from pathlib import Path

_HEAD = """\
# Written by the demo at each start. To use accounts of your own, give QIANMEN_CHANNELS.
# Values `env:NAME` are in demo.env beside this file.
"""

# One in safe mode, as a city runs it; one in plain mode, which production refuses.
_WECHAT = """
[[account]]
id = "12345-wechat"
channel = "wechat"
hotline = "12345"
name = "12345 市民热线"
app_id = "wx0000000000012345"
app_secret = "env:WECHAT_12345_SECRET"
token = "env:WECHAT_12345_TOKEN"
encoding_aes_key = "env:WECHAT_12345_AES_KEY"
api_base = "{sandbox}"
templates = {{ case_progress = "demo-case-progress" }}

[[account]]
id = "12341-wechat"
channel = "wechat"
hotline = "12341"
name = "12341 西城热线"
app_id = "wx0000000000012341"
app_secret = "env:WECHAT_12341_SECRET"
token = "env:WECHAT_12341_TOKEN"
api_base = "{sandbox}"
templates = {{ case_progress = "demo-case-progress" }}
"""

_TELEGRAM = """
[[account]]
id = "12341-telegram"
channel = "telegram"
hotline = "12341"
name = "12341 西城热线"
bot_token = "env:TELEGRAM_12341_TOKEN"
secret_token = "env:TELEGRAM_12341_SECRET"
mode = "webhook"
api_base = "{sandbox}"
"""

_WEBCHAT = """
[[account]]
id = "{hotline}-web"
channel = "webchat"
hotline = "{hotline}"
name = "{name}"
"""

WEB_HOTLINES = {
    "12345": "12345 市民热线",
    "12341": "12341 西城热线",
    "96181": "96181 海淀热线",
    "96105": "96105 朝阳热线",
    "13910001000": "东城随手报",
    "58905890": "58905890 昌平生活热线",
    "mentougou": "门头沟热线",
    "huairou": "怀柔热线",
    "shijingshan": "石景山热线",
    "69112345": "69112345 延庆热线",
}


def write(file: Path, *, sandbox_port: int) -> None:
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    text = _HEAD + (_WECHAT + _TELEGRAM).format(sandbox=sandbox)
    text += "".join(
        _WEBCHAT.format(hotline=hotline, name=name) for hotline, name in WEB_HOTLINES.items()
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".half")
    half.write_text(text, encoding="utf-8")
    half.replace(file)
