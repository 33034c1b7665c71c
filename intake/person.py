"""Who writes: the phone, the name and the identity number that a citizen gives of themselves.

A name is read only where somebody introduces themselves; a name in a story is someone else's.
"""

from __future__ import annotations

import re

from intake.evidence import Found
from intake.numbers_of_people import PersonalNumber, personal_numbers
from intake.segments import segments

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
    "韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文庞樊兰殷施洪翟安颜倪牛温季俞章鲁葛"
    "伍申尤毕聂柴焦齐梅庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游裴席卫查屈鲍位覃霍翁隋甘景薄单包司柏宁柯阮桂闵"
)
_DOUBLE = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|端木|令狐|夏侯|长孙|宇文"
_HONORIFIC = (
    r"(?:先生|女士|小姐|太太|同志|老师|师傅|阿姨|大爷|大妈|奶奶|爷爷|叔叔|大姐|大哥|女士儿"
    r"|姐|哥|叔|姨|伯|婶|嫂|大娘|大伯|师傅|主任|经理|医生|大夫|护士|校长|会计|老板|队长|书记|科长|所长)"
)
_SURNAME = rf"(?:{_DOUBLE}|[{_SURNAMES}])"
# What follows a full name; without it the run-on tail of a sentence would be taken for a name.
_STOP = (
    r"(?=$|[，,。.；;！!？?、\s（(：:\d+]|是|住|家|的|电话|手机|联系|我|想|要|今年|来自|身份证"
    r"|男|女|投诉|反映|举报|在)"
)
_FULL_NAME = rf"(?:(?:{_DOUBLE})[一-龥]{{1,2}}|[{_SURNAMES}][一-龥]{{1,2}}?)"

# 请向老师反映, 老师傅和老师: as often words as surnames, and nobody is called so here.
_NO_SURNAMES = "向和于时常管查位单成"
_ADDRESSED = re.compile(rf"(?![{_NO_SURNAMES}]){_SURNAME}[一-龥]{{0,2}}?{_HONORIFIC}")
_WITH_TITLE = re.compile(
    r"(?:我是|我叫|叫我|本人|我姓|免贵姓|联系人|姓名|称呼|找我|联系|我，|[：:，,。！!\s]"
    r"|^)(?:是|为|叫|[：:\s]){0,2}"
    rf"(?P<name>{_SURNAME}[一-龥]{{0,2}}?{_HONORIFIC})"
)
_INTRODUCED = re.compile(
    r"(?:我(?:的)?(?:名字|姓名)?(?:叫做?|是)|我名叫|本人(?:叫|是|名叫|姓名)?|(?:姓名|联系人"
    r"|投诉人|举报人|反映人|来电人|申请人|名字|称呼)"
    rf"(?:是|为|叫)?)[：:\s]{{0,2}}(?P<name>{_FULL_NAME}){_STOP}"
)
# 我是她女儿小杨, 叫我老周就行
_FAMILIAR = re.compile(
    rf"(?:叫我|喊我|我[是叫][^，。\s]{{0,5}}?)(?P<name>[小老阿]{_SURNAME})(?=$|[，,。.！!；;\s]|就行|就好|吧)"
)
# 我是张女士的儿子: somebody else's name.
_OF_SOMEBODY = re.compile(
    r"(?:女士|先生|老师|师傅|同志)?的(?:儿子|女儿|爱人|老公|老婆|妻子|丈夫|母亲|父亲|妈|爸|爷爷|奶奶|孙子|孙女|邻居|同事|朋友|家属|房东|租客)"
)
_SURNAME_ONLY = re.compile(
    rf"(?:我姓|免贵姓|本人姓|(?<![一-龥])姓|姓氏?[是：:]{{1,2}})(?P<name>{_SURNAME})(?:[，,]?(?:我)?(?:名|叫"
    rf"|全名)[是叫]?(?P<full>{_FULL_NAME}){_STOP})?"
)
_BESIDE_PHONE = re.compile(rf"(?P<name>{_SURNAME}[一-龥]{{1,2}}|{_SURNAME}{_HONORIFIC})$")
_AFTER_PHONE = re.compile(
    rf"[，,、\s（(]{{0,2}}(?:找|联系人?|我是|姓名)?[：:\s]?(?P<name>{_SURNAME}(?:{_HONORIFIC}|[一-龥]{{1,2}}))(?=$|[，,。）)\s！!])"
)
_PHONE_LABEL = re.compile(
    r"[，,、：:\s（(]*(?:我的?)?(?:联系)?(?:电话|手机号?码?|号码|方式|tel)?(?:是"
    r"|为)?[，,：:\s（(]*$"
)
_NOT_A_NAME = re.compile(
    r"业主|市民|居民|租|老人|学生|家长|[区市县镇村省路]|小区|农民|工人|员工|司机|顾客|住"
    r"|一[个名位]|这|那|们|谁|不|没|什么|哪|安装|安全|方便|高中|高三|高二"
    r"|小学|程序|任何|严重|常常|向往|关于|成年|时候|文明|管理|单位|单身|包括|金额|毕业|于是"
    r"|于今|何[时人处不必况为以故种年日地止]|万一|万元|白天|白领|常[年住在驻]|方才|原来|从|因|路过|易|项目|时间"
)
_OTHERS = re.compile(
    r"(?:他|她|对方|商家|店家|老板|物业|公司|房东|中介|司机|客服|店里|开发商|施工方|工地|骗子"
    r"|推销|广告|来电|打来)[^，。；\s]{0,8}(?:电话|手机|号码)?[^，。\d]{0,5}$"
)
_OWN = re.compile(r"(?:我|本人|联系|回电|回复|打给|致电|留)[^。；\d]{0,8}$")


def forms_of_address(text: str) -> list[tuple[int, int]]:
    """Where somebody is called by name and title, whoever it is: 王先生, 欧阳老师, 李建国师傅."""
    return [found.span() for found in _ADDRESSED.finditer(text)]


def phone(text: str) -> Found | None:
    """The number to call the citizen back, in digits; not that of whom they complain about."""
    best: tuple[float, PersonalNumber] | None = None
    for number in personal_numbers(text):
        if number.kind not in ("mobile", "landline"):
            continue
        before = text[max(0, number.start - 16) : number.start]
        confidence = 0.95 if number.kind == "mobile" else 0.8
        is_own = bool(_OWN.search(before))
        if _OTHERS.search(before) and not is_own:
            continue
        if not is_own:
            confidence -= 0.1
        if best is None or confidence > best[0]:
            best = (confidence, number)
    if best is None:
        return None
    confidence, number = best
    return Found(
        value=number.digits, confidence=round(confidence, 2), start=number.start, end=number.end
    )


def identity(text: str) -> list[Found]:
    """Identity numbers; sure when the check digit is right."""
    return [
        Found(
            value=number.digits,
            confidence=0.98 if _adds_up(number.digits) else 0.6,
            start=number.start,
            end=number.end,
        )
        for number in personal_numbers(text)
        if number.kind == "identity"
    ]


def name(text: str) -> Found | None:
    """What the citizen calls themselves: 李建国, 王女士, or the surname alone."""
    surname = _SURNAME_ONLY.search(text)
    if surname and surname["full"]:
        return _named(surname, 0.9, "full")
    for match in _INTRODUCED.finditer(text):
        if _OF_SOMEBODY.match(text, match.end()):
            continue
        if not _NOT_A_NAME.search(match["name"]) and _is_a_person(text, match):
            return _named(match, 0.9)
    for match in _WITH_TITLE.finditer(text):
        if _is_introduction(text, match) and not _OF_SOMEBODY.match(text, match.end()):
            return _named(match, 0.85)
    familiar = _FAMILIAR.search(text)
    if familiar:
        return _named(familiar, 0.8)
    beside = _name_beside_phone(text)
    if beside:
        return beside
    return _named(surname, 0.7) if surname else None


def _is_a_person(text: str, match: re.Match[str]) -> bool:
    """After 我是 anything may stand, so there the tagger has to agree; 我叫 says it is a name."""
    if not match[0].startswith("我是"):
        return True
    start = max(0, match.start() - 20)
    at = match.start("name") - start
    return any(
        segment.tag == "PER" and segment.start <= at < segment.end
        for segment in segments(text[start : match.end() + 20])
    )


def _is_introduction(text: str, match: re.Match[str]) -> bool:
    """A title alone may be anybody's: 王先生 counts when said of oneself or beside the phone."""
    cue = text[match.start() : match.start("name")]
    if re.search(r"[我叫人姓名称系]", cue):
        return True
    after = text[match.end() : match.end() + 12]
    return bool(re.match(r"[，,：:\s（(]*(?:我的?)?(?:联系)?(?:电话|手机|1[3-9]\d)", after))


def _name_beside_phone(text: str) -> Found | None:
    """A bare name right before or after the number, as people sign a message."""
    for number in personal_numbers(text):
        if number.kind not in ("mobile", "landline"):
            continue
        label = _PHONE_LABEL.search(text, max(0, number.start - 14), number.start)
        edge = label.start() if label else number.start
        before = re.search(r"[一-龥]*$", text[max(0, edge - 6) : edge])
        if before and 2 <= len(before[0]) <= 4:
            match = _BESIDE_PHONE.fullmatch(before[0])
            if match and not _NOT_A_NAME.search(match["name"]):
                start = edge - len(before[0])
                return Found(value=match["name"], confidence=0.75, start=start, end=edge)
        after = _AFTER_PHONE.match(text, number.end)
        if after and not _NOT_A_NAME.search(after["name"]):
            return _named(after, 0.75)
    return None


def _named(match: re.Match[str], confidence: float, group: str = "name") -> Found:
    return Found(
        value=match[group],
        confidence=confidence,
        start=match.start(group),
        end=match.end(group),
    )


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _adds_up(digits: str) -> bool:
    """The check digit of GB 11643."""
    if len(digits) != 18 or not digits[:17].isdigit():
        return False
    total = sum(int(d) * w for d, w in zip(digits[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17]
