from __future__ import annotations

from benchmarks.questions import demo_articles
from kb_index.article import Article
from kb_index.profiles import Profiles, made_profile
from kb_index.relevance import profile_of
from kb_index.synonyms import Synonyms
from tests.kb_index.town import TOWN, an_article


def a_long_article() -> Article:
    return an_article(answer="居住证由派出所受理。有效期一年，ETC 与 12.5 元另计；\n" * 40)


def test_a_profile_is_the_one_that_scoring_knows() -> None:
    for article in (*demo_articles()[:60], a_long_article()):
        assert made_profile(article) == profile_of(article)


def test_a_citys_own_names_stand_in_it() -> None:
    city = Synonyms([["居住证", "绿本"]])
    article = an_article(answer="凭绿本办理。")
    assert made_profile(article, city) == profile_of(article, city)
    assert "=居住证" in made_profile(article, city).answer


def test_a_profile_is_made_once_while_there_is_room() -> None:
    profiles = Profiles()
    first = profiles.of(an_article())
    assert profiles.of(an_article()) is first
    assert profiles.get(first.digest) is first


def test_the_older_ones_go_when_there_is_no_more_room() -> None:
    profiles = Profiles(room=200)
    made = [profiles.of(an_article(external_id)) for external_id in TOWN]
    kept = [one for one in made if profiles.get(one.digest) is not None]
    assert kept == made[-len(kept) :]
    assert 0 < len(kept) < len(made)
