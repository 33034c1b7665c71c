"""Places named by common nouns: 火车站出租车等候区, 市民中心3号窗口, 建材市场后面那个石材厂.

The tagger knows proper names; much of a city is told without one. A run of nouns is a place when it
ends like one and says more than 小区门口 or 我家楼下, which are in every street.
"""

from __future__ import annotations

import re

from intake.segments import Segment

_HEAD = re.compile(
    r"(?:邮局|银行|支行|储蓄所|网点|门诊|急诊|住院部|病房|[骨眼牙儿内外]科|世界|游乐[园场]|欢乐谷|小区|社区|园区|校区|厂区|景区|库区|等候区|服务区|开发区|高新区|休息区|工业区|新区|[一二三四五六七八九十\d]区|停车区"
    r"|广场|商场|市场|停车场|操场|篮球场|足球场|球场|工地|菜场|机场|汽车站|火车站|高铁站|客运站|地铁站|公交站|加油站|服务站"
    r"|收费站|车站|站台|站|写字楼|教学楼|综合楼|办公楼|家属楼|宿舍楼|大楼|号楼|[一二三四五六七八九\d负][楼层]|楼顶|天桥|桥"
    r"|桥下|大院|家属院|医院|法院|敬老院|养老院|福利院|电影院|剧院|影院|学院|大厅|餐厅|展厅|营业厅|服务厅|食堂|礼堂|殡仪馆"
    r"|体育馆|图书馆|博物馆|科技馆|展览馆|文化馆|游泳馆|派出所|卫生所|服务所|便利店|药店|门店|分店|旗舰店|专卖店|[一-龥]{2}店"
    r"|工厂|[一-龥]{1,2}厂|公园|动物园|植物园|幼儿园|产业园|工业园|科技园|软件园|陵园|乐园|果园|花园|家园|[苑府庭湾郡邸墅]"
    r"|公墓|公寓|大厦|中心|超市|饭店|酒店|宾馆|酒楼|村|镇|乡|屯|庄|路|街|大街|步行街|美食街|大道|胡同|巷|弄|辅道|主路|匝道"
    r"|人行道|非机动车道|盲道|隧道|通道|路口|巷口|街口|弄口|村口|出口|入口|出站口|进站口|门口|窗口|桥头|码头|路段|地段"
    r"|大门|东门|西门|南门|北门|正门|后门|侧门|对面|旁边|附近|周边|后面|前面|湖边|河边|岸边|池边|路边|河|湖|水库|山|后山"
    r"|库|车库|地下室|小学|中学|大学|学校|[一二三四五六七八九十]中|附中|高中|楼道|停车位|车位|东侧|西侧|南侧|北侧|东头|西头"
    r"|南头|北头|夜市|早市|小广场|健身房|集贸市场|大棚|池|塘|亭|塔|景点|农家乐)$"
)
# Every street has them; alone they name nothing.
_EVERYWHERE = re.compile(
    r"小区|社区|附近|旁边|对面|周边|门口|楼下|楼上|楼道|路口|路边|路段|马路|街上|大街|家里?|单元|单位|公司|学校|医院|银行"
    r"|工地|工厂|居民楼?|业主|住宅楼?|门店|饭店|餐厅|超市|商场|酒店|宾馆|药店|便利店|幼儿园|小学|中学|大学|村里?|村口|镇"
    r"|农村|城里|外地|本地|网上|人行道|盲道|车库|地下|停车场|停车位|车位|电梯|通道|消防通道|公园|广场|市场|菜市场|工业"
    r"|派出所|法院|部门|政府|街道|后面|前面|里面|外面|大门|东门|西门|南门|北门|后门|河|湖|山|河边|两|一|几|这|那|个|的"
    r"|[东西南北]侧|号楼|楼顶|楼|健身房|食堂|窗口|教室|宿舍|公交站|车站|地铁站|加油站|办公楼|大楼|天桥|桥|附近|当地|现场"
    r"|夜市|某|各|共享|单车|公交|快递|外卖|垃圾|污水|噪音|道路|城市|全市|全区|营业厅|服务|中心|服务中心|整[条个片座]|[\d一二三四五六七八九十负]+"
    r"|老旧|回迁|安置|拆迁|绿化|出口|入口|电动|车|汽车|大棚|池|店|分店|公寓|养老院|旗舰店|[男女]?厕所?|公厕|生活"
)
# A city has one of them, or nobody would say the word without its name.
_ONLY_ONE = re.compile(
    r"火车站|高铁站|火车[东西南北]站|汽车站|客运站|机场|市民中心|行政服务中心|政务服务中心|政务大厅|服务大厅|动物园|植物园|体育馆|体育场"
    r"|图书馆|博物馆|科技馆|少年宫|文化宫|开发区|高新区|步行街|批发市场|建材市场|集贸市场|海洋世界|海洋馆|游乐[园场]|欢乐谷|大学城|软件园|工业园|美食街|殡仪馆"
    r"|公墓|中心医院|人民医院|中医院|妇幼保健院|景区|[一二三四五六七八九十]中|高速"
)
_IN_A_RUN = frozenset(
    ("n", "nz", "nw", "vn", "ORG", "LOC", "PER", "s", "f", "a", "m", "an", "v", "xc", "nt", "q")
)
_NEVER_INSIDE = re.compile(
    r"等(?!候)|[有是在被把让给说要想去来到买办用吃看坐找停倒扔放挖卖住过开关修坏漏堵占断没不很太乱私违流拐设增加装建入离距]|全是|都是|出来|投诉|举报|反映|建议"
    r"|希望|请求|感谢|表扬|发现|出现|存在|造成|导致|影响|咨询|关于|没有"
)
_HERE = re.compile(
    r"(?:[在到去于从]|位于|住在?|路过|经过|途经|来到|走到|逛|感谢|表扬|投诉|举报|反映|建议|就是|地址是?|地点是?|[，,。！!？?；;：:、\s])$"
)
_THERE = re.compile(r"(?:[在到去于从住]|位于|路过|经过|途经|来到|走到|就是|地址是?|地点是?)$")
_BUSINESS = re.compile(r"[一这那几某两]家|[店厂]$|酒楼|医院|银行")  # whom it is about, not where
_LONGEST = 14
_MOST_SEGMENTS = 6


def starts(text: str, tagged: list[Segment], index: int) -> int | None:
    """The end of a place that begins with this segment, or nothing."""
    first = tagged[index]
    before = text[max(0, first.start - 4) : first.start]
    if before and not _HERE.search(before):
        return None
    end = _run(text, tagged, index)
    if end is None:
        return None
    words = text[first.start : end]
    if _ONLY_ONE.search(words):
        return end
    return end if not is_everywhere(words) and _THERE.search(before) else None


def is_everywhere(words: str) -> bool:
    """Says nothing that would tell one from another: 我们小区, 老旧小区."""
    return len(_EVERYWHERE.sub("", words)) < 2


def goes_on(text: str, tagged: list[Segment], position: int) -> int | None:
    """The end of nouns that follow a place at once and end like one: 学府路小学|食堂."""
    index = next((i for i, s in enumerate(tagged) if s.start == position), None)
    if index is None or tagged[index].tag not in _IN_A_RUN - {"q"}:
        return None
    end = _run(text, tagged, index, most=4)
    if end is None or _BUSINESS.search(text, position, end):
        return None
    return end


def _run(text: str, tagged: list[Segment], index: int, most: int = _MOST_SEGMENTS) -> int | None:
    """The longest run of nouns from here that ends like a place."""
    start, found = tagged[index].start, None
    for segment in tagged[index : index + most]:
        linked = segment.word in ("的", "那个", "这个", "那", "这", "个") and found == segment.start
        if segment.end - start > _LONGEST or (segment.tag not in _IN_A_RUN and not linked):
            break
        if not linked and _NEVER_INSIDE.search(segment.word) and not _HEAD.search(segment.word):
            break
        if _HEAD.search(text, start, segment.end) and not linked:
            found = segment.end
    return found
