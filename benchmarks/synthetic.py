"""Ten thousand entries of no city, to see what size costs. What they say means nothing."""

from __future__ import annotations

import random
from itertools import product

from kb_index.article import Article

THINGS = (
    *("居住证", "社保卡", "户口本", "驾驶证", "行驶证", "护照", "通行证", "营业执照", "准生证"),
    *("公租房", "廉租房", "经适房", "学区房", "宅基地", "地下车库", "电动车棚", "充电桩", "路灯"),
    *("公厕", "垃圾站", "暖气管", "燃气表", "自来水", "排水沟", "井盖", "围栏", "人行道", "天桥"),
    *("公交卡", "地铁票", "老年证", "残疾证", "独生子女证", "毕业证", "教师证", "健康证", "疫苗本"),
    *("医保账户", "养老金", "失业金", "生育津贴", "工伤认定", "低保金", "高龄津贴", "助学金"),
    *("公积金", "房贷", "房产证", "契税", "个税", "车船税", "发票", "收据", "押金", "定金"),
    *(
        "幼儿园",
        "小学",
        "中学",
        "托管班",
        "图书馆",
        "体育馆",
        "游泳池",
        "公园年票",
        "墓地",
        "殡仪馆",
    ),
)
ACTS = (
    *("补办", "换新", "注销", "查询", "变更", "缴费", "退费", "年检", "备案", "过户", "继承"),
    *("登记", "预约", "报销", "转移", "认定", "申诉", "维修", "投诉", "加急", "代办"),
)
PLACES = (
    *(
        "东山",
        "西河",
        "南苑",
        "北桥",
        "柳园",
        "松林",
        "石桥",
        "青塔",
        "白水",
        "红门",
        "双井",
        "三里",
    ),
)


def synthetic_articles(count: int, seed: int = 7) -> list[Article]:
    """Distinct standard questions with a second way to ask each."""
    kinds = list(product(PLACES, THINGS, ACTS))
    if count > len(kinds):
        raise ValueError(f"only {len(kinds)} different entries can be made")
    random.Random(seed).shuffle(kinds)  # noqa: S311 - the same ones in every run
    return [_article(number, *kind) for number, kind in enumerate(kinds[:count])]


def _article(number: int, place: str, thing: str, act: str) -> Article:
    return Article(
        external_id=f"made-{number:05}",
        question=f"{place}的{thing}怎么{act}",
        similar_questions=(f"我在{place}，{thing}想{act}要带什么",),
        answer=f"{place}的{thing}{act}，请带身份证到{place}政务服务大厅办理，当场取件。" * 2,
        department=f"{place}街道办事处",
        category=f"{thing}/{act}",
        version=1,
    )
