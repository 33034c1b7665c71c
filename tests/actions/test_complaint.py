import pytest

from actions.knowledge import Found
from actions.protocol import EffectKind, Field, Stage, Status
from actions.reading_back import in_chinese
from tests.actions.a_talk import CARD, Talk, options_of, text_of

STORY = "昨晚十一点六铺炕南小街工地还在打混凝土，我姓王"


def test_a_bare_wish_to_complain_gets_its_number_within_six_turns(talk: Talk) -> None:
    talk("complain", "我要投诉")
    talk("complain", "楼下工地还在打混凝土")
    talk("inform", "六铺炕南小街")
    talk("inform", "昨晚十一点")
    decision = talk("affirm", "对，提交")

    assert talk.turns <= 6
    assert decision.status is Status.CASE_OPENED
    assert [effect.kind for effect in decision.effects] == [EffectKind.OPEN_CASE]
    assert "{number}" in decision.effects[0].done.text
    assert decision.draft is None


def test_a_first_message_that_says_all_is_read_back_at_once(talk: Talk) -> None:
    decision = talk("complain", STORY)

    assert decision.status is Status.READ_BACK
    assert decision.draft is not None
    assert decision.draft.stage is Stage.CONFIRMING
    text = text_of(decision)
    for line in (
        "类型：投诉",
        f"内容：{STORY}",
        "地点：六铺炕南小街",
        "时间：2026年11月23日23点",
        "称呼：王",
        "可以补充联系电话",
    ):
        assert line in text
    assert options_of(decision) == ["confirm", "amend", "give_up"]


def test_each_field_shows_the_words_it_rests_on(talk: Talk) -> None:
    decision = talk("complain", STORY)
    assert decision.draft
    for name, words in (("place", "六铺炕南小街"), ("time", "昨晚十一点"), ("content", STORY)):
        evidence = decision.draft.fields[name].evidence
        assert evidence is not None
        assert evidence.message == "m1"
        assert STORY[evidence.start : evidence.end] == words


def test_only_what_is_missing_is_asked(talk: Talk) -> None:
    decision = talk("complain", "昨晚十一点工地还在打混凝土")
    assert "在哪里" in text_of(decision)
    decision = talk("inform", "六铺炕南小街")
    assert decision.status is Status.READ_BACK


def test_words_that_nobody_can_read_still_answer_the_question(talk: Talk) -> None:
    talk("complain", "楼下路灯坏了")
    talk("nlu_fallback", "老槐树那个胡同口")
    decision = talk("nlu_fallback", "从去年冬天开始")
    assert decision.draft
    assert decision.draft.fields["place"].value == "老槐树那个胡同口"
    assert decision.draft.fields["time"].value == "从去年冬天开始"


@pytest.mark.parametrize("shrug", ["不清楚", "不知道", "记不清了", "跳过", "说不上来"])
def test_what_a_citizen_does_not_know_stays_empty_and_is_asked_once(talk: Talk, shrug: str) -> None:
    talk("complain", "楼下路灯坏了")
    talk("inform", shrug)
    decision = talk("inform", shrug)
    assert decision.status is Status.READ_BACK
    assert decision.draft
    assert {"place", "time"} & set(decision.draft.fields) == set()
    assert text_of(decision).count("没有说") == 2


def test_a_tap_on_do_not_know_skips_as_typing_it_does(talk: Talk) -> None:
    talk("complain", "楼下路灯坏了")
    decision = talk("", choice="skip")
    assert decision.draft
    assert decision.draft.asked == ("place", "time")


def test_praise_and_suggestions_are_not_asked_for_a_time(talk: Talk) -> None:
    for intent, kind, text in (
        ("praise", "表扬", "表扬六铺炕南小街的环卫师傅"),
        ("suggest", "建议", "建议六铺炕南小街多放两个垃圾桶"),
    ):
        talk.draft = None
        decision = talk(intent, text)
        assert decision.status is Status.READ_BACK
        assert f"类型：{kind}" in text_of(decision)


@pytest.mark.parametrize(
    ("intent", "text", "kind"),
    [
        ("report", "楼上有人开赌场", "report"),
        ("seek_help", "家里水管爆了派个人来", "help"),
        ("complain", "楼下路灯坏了", "complaint"),
    ],
)
def test_the_kind_follows_the_intent_unless_the_words_say_one(
    talk: Talk, intent: str, text: str, kind: str
) -> None:
    decision = talk(intent, text)
    assert decision.draft
    assert decision.draft.fields["kind"].value == kind


def test_a_question_in_between_is_answered_and_the_dialogue_goes_on(talk: Talk) -> None:
    talk("complain", "楼下路灯坏了")
    decision = talk("ask", "社保卡丢了怎么补？")
    assert decision.replies[0].entry == "card"
    assert "在哪里" in decision.replies[-1].text
    assert decision.draft
    assert "place" not in decision.draft.fields
    assert talk("inform", "六铺炕南小街").draft.fields["place"].value == "六铺炕南小街"  # type: ignore[union-attr]


def test_a_question_without_an_answer_does_not_become_the_place(talk: Talk) -> None:
    talk("complain", "楼下路灯坏了")
    decision = talk("ask", "你们几点下班？")
    assert decision.status is Status.NO_ARTICLE
    assert decision.draft
    assert "place" not in decision.draft.fields
    assert "在哪里" in decision.replies[-1].text


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("nlu_fallback", "idk lol"),
        ("nlu_fallback", "你是傻子吗"),
        ("inform", "你有病吧"),
        ("small_talk", "滚"),
        ("inform", "医保报销比例是多少"),
        ("nlu_fallback", "你们几点下班"),
        ("inform", "我刚才不是说过了"),
        ("inform", "跟你说不清楚"),
        ("nlu_fallback", "随便你写"),
    ],
)
def test_what_is_no_place_is_not_taken_for_one(talk: Talk, intent: str, said: str) -> None:
    talk("complain", "楼下路灯坏了")
    decision = talk(intent, said)
    assert decision.draft
    assert "place" not in decision.draft.fields
    assert decision.draft.fields["content"].value == "楼下路灯坏了"
    assert "在哪里" in decision.replies[-1].text
    assert talk("inform", "国贸").draft.fields["place"].value == "国贸"  # type: ignore[union-attr]


def test_who_does_not_say_where_is_asked_twice_and_no_more(talk: Talk) -> None:
    talk("complain", "楼下路灯坏了")
    talk("nlu_fallback", "你有病吧")
    decision = talk("nlu_fallback", "跟你说不清楚")
    assert decision.draft
    assert "place" not in decision.draft.fields
    assert "什么时候" in text_of(decision)


@pytest.mark.parametrize(
    "said",
    ["老槐树那个胡同口", "国贸", "三里屯", "3号楼下面", "我家楼道里", "村东头", "就在菜站后身"],
)
def test_a_place_in_words_that_no_map_has_is_one(talk: Talk, said: str) -> None:
    talk("complain", "楼下路灯坏了")
    decision = talk("nlu_fallback", said)
    assert decision.draft
    assert decision.draft.fields["place"].value == said


@pytest.mark.parametrize(
    "said", ["不留电话", "我不想留电话", "电话就不留了", "不方便留手机号", "不用留号码了"]
)
def test_who_leaves_no_phone_is_understood_at_the_read_back(talk: Talk, said: str) -> None:
    talk("complain", STORY)
    decision = talk("deny", said)
    assert decision.status is Status.READ_BACK
    assert "联系电话：不留" in text_of(decision)
    assert "称呼：王" in text_of(decision)
    assert decision.draft
    assert decision.draft.fields["content"].value == STORY
    opened = talk("affirm", "没问题")
    assert opened.effects[0].data["draft"]["without_phone"] is True


@pytest.mark.parametrize("said", ["匿名", "我要匿名举报", "不留名字", "不留联系方式"])
def test_who_does_not_want_to_be_known_is_not_named(talk: Talk, said: str) -> None:
    talk("complain", STORY)
    decision = talk("inform", said)
    assert "联系电话：不留" in text_of(decision)
    assert decision.draft
    assert "name" not in decision.draft.fields


def test_a_phone_given_after_all_counts(talk: Talk) -> None:
    talk("complain", STORY)
    talk("deny", "不留电话")
    assert "{phone}" in text_of(talk("inform", "***********"))


@pytest.mark.parametrize("said", ["你有病吧", "idk", "什么玩意"])
def test_temper_at_the_read_back_is_not_part_of_the_case(talk: Talk, said: str) -> None:
    talk("complain", STORY)
    decision = talk("nlu_fallback", said)
    assert decision.draft
    assert decision.draft.fields["content"].value == STORY


def test_a_problem_told_as_a_question_is_the_content(talk: Talk) -> None:
    talk("complain", "我要投诉")
    decision = talk("ask", "小区门口乱停车有没有人管？")
    assert decision.draft
    assert decision.draft.fields["content"].value == "小区门口乱停车有没有人管？"
    assert decision.draft.fields["kind"].value == "complaint"


def test_an_unsure_classifier_does_not_lose_what_was_told(talk: Talk) -> None:
    talk("complain", "我要投诉")
    for intent in ("nlu_fallback", "inform", "small_talk", "case_status"):
        talk.draft, talk.offered = talk.said[0].draft, ()
        decision = talk(intent, "对面那家厂子的烟囱一直往我们院子里落黑灰，衣服都没法晾")
        assert decision.draft, intent
        assert "黑灰" in decision.draft.fields["content"].value


@pytest.mark.parametrize("intent", ["greet", "thank", "small_talk", "affirm"])
def test_talk_in_between_repeats_the_question(talk: Talk, intent: str) -> None:
    talk("complain", "楼下路灯坏了")
    decision = talk(intent, "你好")
    assert decision.status is Status.ASKED
    assert "在哪里" in text_of(decision)
    assert decision.draft
    assert decision.draft.asked == ("place",)


def test_for_several_days_is_no_question(talk: Talk) -> None:
    talk.library.knowledge.answers["我要投诉，楼下路灯坏了好几天没人修"] = Found(answer=CARD)  # type: ignore[attr-defined]
    decision = talk("complain", "我要投诉，楼下路灯坏了好几天没人修")
    assert decision.status is Status.ASKED
    assert decision.draft
    assert decision.draft.stage is Stage.COLLECTING


@pytest.mark.parametrize("stage", ["asked", "read back"])
def test_giving_up_is_possible_at_any_time(talk: Talk, stage: str) -> None:
    talk("complain", "我要投诉" if stage == "asked" else STORY)
    decision = talk("give_up", "算了，不投诉了")
    assert decision.status is Status.GAVE_UP
    assert decision.draft is None
    assert decision.effects == ()


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("不是，是海淀区和平路25号", "place", "海淀区和平路25号"),
        ("地点改成建设路30号", "place", "建设路30号"),
        ("地址错了，应该是建设路30号", "place", "建设路30号"),
        ("时间不对，是前天下午三点", "time", "2026-11-22T15"),
        ("不对，应该是前天下午三点", "time", "2026-11-22T15"),
        ("把地点改为老槐树胡同", "place", "老槐树胡同"),
        ("海淀区和平路25号", "place", "海淀区和平路25号"),
        ("类型改成举报", "kind", "report"),
        ("内容改成工地夜里施工", "content", "工地夜里施工"),
    ],
)
def test_a_correction_changes_its_field_and_is_read_back(
    talk: Talk, said: str, field: str, value: str
) -> None:
    talk("complain", STORY)
    decision = talk("deny", said)
    assert decision.status is Status.READ_BACK
    assert decision.draft
    changed = decision.draft.fields[field]
    assert changed.value == value
    if changed.evidence:
        assert changed.evidence.message == "m2"
        assert said[changed.evidence.start : changed.evidence.end] in said


def test_a_correction_shows_its_words_where_they_stand(talk: Talk) -> None:
    talk("complain", STORY)
    said = "不是，是海淀区和平路25号"
    decision = talk("inform", said)
    assert decision.draft
    evidence = decision.draft.fields["place"].evidence
    assert evidence
    assert said[evidence.start : evidence.end] == "海淀区和平路25号"


@pytest.mark.parametrize("said", ["不对", "地点不对", "我要修改", "改一下"])
def test_who_only_says_that_it_is_wrong_is_asked_what_is_right(talk: Talk, said: str) -> None:
    talk("complain", STORY)
    decision = talk("deny", said)
    assert decision.status is Status.ASKED
    assert "改成什么" in text_of(decision)
    assert decision.draft
    assert decision.draft.stage is Stage.CONFIRMING
    assert decision.draft.fields["place"].value == "六铺炕南小街"


def test_more_of_the_story_after_the_read_back_is_added(talk: Talk) -> None:
    talk("complain", STORY)
    decision = talk("complain", "而且他们还把渣土堆在人行道上，老人都走不过去")
    assert decision.status is Status.READ_BACK
    assert decision.draft
    content = decision.draft.fields["content"].value
    assert content.startswith(STORY)
    assert "渣土" in content


def test_a_phone_given_at_the_end_is_read_back_masked(talk: Talk) -> None:
    talk("complain", STORY)
    decision = talk("inform", "***********")
    assert "{phone}" in text_of(decision)
    assert decision.draft
    assert "***" not in decision.draft.fields["content"].value


def test_a_phone_in_the_first_message_is_not_asked_for_again(talk: Talk) -> None:
    talk.has_phone = True
    decision = talk("complain", f"{STORY}，电话***********")
    assert decision.status is Status.READ_BACK
    assert "{phone}" in text_of(decision)


def test_nothing_is_opened_before_a_yes(talk: Talk) -> None:
    talk("complain", STORY)
    for intent, said in (("thank", "谢谢"), ("greet", "在吗"), ("small_talk", "哦")):
        decision = talk(intent, said)
        assert decision.effects == ()
        assert decision.draft is not None


def test_the_confirmed_draft_travels_with_the_effect(talk: Talk) -> None:
    talk("complain", STORY)
    before = talk.draft
    decision = talk("", choice="confirm")
    data = decision.effects[0].data["draft"]
    assert before
    assert data["fields"]["place"]["value"] == before.fields["place"].value
    assert data["stage"] == "confirming"


def test_braces_of_a_citizen_fill_nothing_in(talk: Talk) -> None:
    decision = talk("complain", "昨晚十一点六铺炕南小街打混凝土 {cases} {phone}")
    assert "{cases}" not in text_of(decision)


def test_a_long_story_is_cut_on_the_screen_and_kept_in_the_draft(talk: Talk) -> None:
    story = STORY + "，吵得全家都睡不着觉" * 60
    decision = talk("complain", story)
    assert decision.draft
    assert decision.draft.fields["content"].value == story
    assert len(text_of(decision)) < 450


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("2026-03-17", "2026年3月17日"),
        ("2026-03-17T23", "2026年3月17日23点"),
        ("2026-03-17T23:30", "2026年3月17日23点30分"),
        ("每天晚上", "每天晚上"),
    ],
)
def test_a_time_is_read_back_in_chinese(time: str, words: str) -> None:
    assert in_chinese(time) == words


def test_an_old_draft_goes_on_although_everything_else_was_thrown_away(talk: Talk) -> None:
    """All that a turn needs comes with it: a new process, a new Rasa, the same dialogue."""
    talk("complain", "楼下路灯坏了")
    kept = talk.draft
    fresh = Talk(talk.library, talk.decide, draft=kept)
    decision = fresh("inform", "六铺炕南小街")
    assert decision.draft
    assert decision.draft.fields["content"] == Field(
        value="楼下路灯坏了",
        confidence=1.0,
        evidence=kept.fields["content"].evidence if kept else None,
    )


def test_a_place_alone_is_kept_and_the_matter_still_asked(talk: Talk) -> None:
    talk("complain", "我要投诉")
    decision = talk("inform", "在六铺炕南小街")
    assert decision.status is Status.ASKED
    assert "什么事" in text_of(decision)
    decision = talk("complain", "昨晚十一点工地还在打混凝土")
    assert decision.status is Status.READ_BACK
    assert "地点：六铺炕南小街" in text_of(decision)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我有个建议", "suggestion"),
        ("我要表扬", "praise"),
        ("我要举报", "report"),
        ("我要投诉", "complaint"),
    ],
)
def test_a_bare_wish_names_its_kind_without_the_classifier(
    talk: Talk, text: str, kind: str
) -> None:
    decision = talk("complain", text)
    assert decision.draft
    assert decision.draft.fields["kind"].value == kind


def test_a_matter_in_a_word_is_the_content(talk: Talk) -> None:
    talk("complain", "我要投诉")
    decision = talk("complain", "噪音扰民")
    assert decision.draft
    assert decision.draft.fields["content"].value == "噪音扰民"


def test_a_habit_is_kept_as_it_was_said(talk: Talk) -> None:
    talk("complain", "六铺炕南小街路灯坏了")
    decision = talk("inform", "天天夜里十二点以后")
    assert decision.draft
    assert decision.draft.fields["time"].value == "天天夜里十二点以后"


@pytest.mark.parametrize("said", ["***********", "我姓王", "昨晚十一点"])
def test_an_answer_to_something_else_leaves_the_question_open(talk: Talk, said: str) -> None:
    talk("complain", "楼下路灯坏了")
    decision = talk("inform", said)
    assert decision.draft
    assert "place" not in decision.draft.fields
    assert "在哪里" in text_of(decision)
    decision = talk("inform", "六铺炕南小街")
    assert decision.draft
    assert decision.draft.fields["place"].value == "六铺炕南小街"
