"""How well an article's questions fit a query, by words and by meaning: figures between engines.

All figures are shares of what the query could have scored, so that one scale serves short and long
queries, and small and large knowledge bases. The engine's own score only chose the candidates.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import msgspec

from kb_index.article import Article
from kb_index.document import ANSWER_LENGTH, digest_of_article
from kb_index.index import Frequencies
from kb_index.passages import Passage, Passages, best_passage, passage_at, passages_of
from kb_index.synonyms import NO_MORE, Synonyms
from kb_index.words import Words, words_of

# BM25. Similar questions repeat an entry's words: repeats and length count for less than usual.
MERGED_K1, MERGED_B = 0.8, 0.3
SINGLE_K1, SINGLE_B = 1.2, 1.0
ANSWER_K1, ANSWER_B = 1.2, 0.75
PASSAGE_MIDDLE = (
    0.8  # what passage and answer hold together that speaks neither for an entry nor against
)
NAMED_THING = 2.0  # a synonym's token stands for the characters and pairs of a whole word


class Question(msgspec.Struct, frozen=True):
    length: int
    specific: frozenset[str]


class Posting(msgspec.Struct, frozen=True, gc=False):
    """A token stands in one of an article's questions."""

    question: int
    count: int
    specific: bool


class Profile(msgspec.Struct, frozen=True):
    """What scoring needs of an article, made once for each of its texts."""

    article: Article
    digest: int
    questions: tuple[Question, ...]
    postings: Mapping[str, tuple[Posting, ...]]
    merged: Mapping[str, int]
    merged_length: int
    answer: Mapping[str, int]
    answer_length: int
    passages: Passages  # of its answer, where that is long


class WordScore(msgspec.Struct, frozen=True):
    merged: float  # all questions of the article as one text
    single: float  # its questions one by one: the best and the mean
    best: float  # the best of them alone
    answer: float
    passage: float  # of a long answer alone: how well its best passage and the whole of it fit
    overlap: float  # best question: what it and the query have in common of what they have
    named: float  # of what is specific in the query, what the questions hold
    covered: float  # … what the questions or the answer hold
    complete: float  # of what is specific in the best question, what the query holds
    same: bool  # a question of the article is the query, but for generic phrases


def profile_of(article: Article, more: Synonyms = NO_MORE) -> Profile:
    """`more`: a city's own synonyms."""
    texts = [words_of(text, more) for text in article.questions]
    merged: Counter[str] = Counter()
    postings: dict[str, list[Posting]] = {}
    for number, words in enumerate(texts):
        merged.update(words.every)
        for token, count in Counter(words.every).items():
            posting = Posting(number, count, token in words.specific)
            postings.setdefault(token, []).append(posting)
    for keyword in article.keywords:
        merged.update(words_of(keyword, more).every)
    searched = article.answer[:ANSWER_LENGTH]
    answer = Counter(words_of(searched, more).every)
    return Profile(
        article=article,
        digest=digest_of_article(article),
        questions=tuple(Question(len(words.every), words.specific) for words in texts),
        postings={token: tuple(listed) for token, listed in postings.items()},
        merged=dict(merged),
        merged_length=merged.total(),
        answer=dict(answer),
        answer_length=answer.total(),
        passages=passages_of(searched, more),
    )


class Rarities(msgspec.Struct, frozen=True):
    """What the tokens of a query weigh."""

    questions: Mapping[str, float]
    answers: Mapping[str, float]
    whole: float  # of all tokens
    wanted: float  # of the specific ones


class Lengths(msgspec.Struct, frozen=True):
    """Means over the candidates."""

    merged: float
    single: float
    answer: float


def score_words(
    query: Words, profiles: Sequence[Profile], frequencies: Frequencies
) -> list[WordScore]:
    """One score an article, in their order."""
    rarities = _rarities(query, frequencies)
    lengths = Lengths(
        _mean([profile.merged_length for profile in profiles]),
        _mean([one.length for profile in profiles for one in profile.questions]),
        _mean([profile.answer_length for profile in profiles]),
    )
    return [_score(query, profile, rarities, lengths) for profile in profiles]


def weight_in_common(
    profiles: Sequence[Profile], frequencies: Frequencies, more: Synonyms = NO_MORE
) -> Callable[[str], float]:
    """How much of what a text says stands in the questions of one of these articles."""
    total = frequencies.total

    def weigh(text: str) -> float:
        words = words_of(text, more).specific
        rarity = {word: _rarity(word, frequencies.questions.get(word, 0), total) for word in words}
        shared = (rarity.keys() & profile.merged.keys() for profile in profiles)
        return max((sum(rarity[word] for word in words) for words in shared), default=0.0)

    return weigh


def _score(query: Words, profile: Profile, rarities: Rarities, lengths: Lengths) -> WordScore:
    merged = _bm25(
        rarities.questions,
        profile.merged,
        profile.merged_length / lengths.merged,
        MERGED_K1,
        MERGED_B,
    )
    answer = _bm25(
        rarities.answers,
        profile.answer,
        profile.answer_length / lengths.answer,
        ANSWER_K1,
        ANSWER_B,
    )
    singles, overlap, complete = _question_by_question(query, profile, rarities, lengths.single)
    named = covered = 0.0
    for token in query.specific:
        if token in profile.merged:
            named += rarities.questions[token]
        elif token in profile.answer:
            covered += rarities.questions[token]
    return WordScore(
        merged=merged / rarities.whole,
        single=(max(singles) + sum(singles) / len(singles)) / 2 / rarities.whole,
        best=max(singles) / rarities.whole,
        answer=answer / rarities.whole,
        passage=_passage(profile, rarities, answer / rarities.whole),
        overlap=overlap,
        named=named / rarities.wanted,
        covered=(named + covered) / rarities.wanted,
        complete=complete,
        same=is_asked_by(query, profile),
    )


def _passage(profile: Profile, rarities: Rarities, whole: float) -> float:
    """`whole`: the score of the answer. A passage alone says little of what it is about."""
    if not profile.passages.spans:
        return 0.0
    named = sum(
        rarities.answers[token] for token in rarities.answers.keys() & profile.merged.keys()
    )
    _, held = best_passage(profile.passages, _not_named(rarities.answers, profile))
    return (named + held) / (sum(rarities.answers.values()) or 1.0) + whole - PASSAGE_MIDDLE


def passage_for(query: Words, profile: Profile, frequencies: Frequencies) -> Passage | None:
    """Where a long answer says what is asked; None of a short one, and where no passage does."""
    if not profile.passages.spans:
        return None
    rarities = _rarities(query, frequencies).answers
    specific = {token: rarity for token, rarity in rarities.items() if token in query.specific}
    best, held = best_passage(profile.passages, _not_named(specific, profile))
    return passage_at(profile.article.answer, profile.passages, best) if held else None


def _not_named(rarities: Mapping[str, float], profile: Profile) -> dict[str, float]:
    """What an entry's questions say is said of all its passages."""
    return {token: rarity for token, rarity in rarities.items() if token not in profile.merged}


def is_asked_by(query: Words, profile: Profile) -> bool:
    """A question of the article is the query, but for generic phrases."""
    return any(query.specific == one.specific for one in profile.questions)


def _question_by_question(
    query: Words, profile: Profile, rarities: Rarities, mean_length: float
) -> tuple[list[float], float, float]:
    """Each question's score; the best overlap, which is the harmonic mean of the shares of what is
    specific that query and question have in common; and the best of the question's shares."""
    questions = profile.questions
    damping = [SINGLE_K1 * (1 - SINGLE_B + SINGLE_B * q.length / mean_length) for q in questions]
    singles = [0.0] * len(questions)
    common = [0.0] * len(questions)
    number = [0] * len(questions)
    for token in rarities.questions.keys() & profile.postings.keys():
        weight = rarities.questions[token]
        for posting in profile.postings[token]:
            position, count = posting.question, posting.count
            singles[position] += weight * count * (SINGLE_K1 + 1) / (count + damping[position])
            if posting.specific and token in query.specific:
                common[position] += weight
                number[position] += 1
    best = complete = 0.0
    for question, weight, shared in zip(questions, common, number, strict=True):
        if shared:
            of_query, of_question = weight / rarities.wanted, shared / len(question.specific)
            best = max(best, 2 * of_query * of_question / (of_query + of_question))
            complete = max(complete, of_question)
    return singles, best, complete


def _rarities(query: Words, frequencies: Frequencies) -> Rarities:
    tokens = dict.fromkeys(query.every)
    total = frequencies.total
    questions = {
        token: _rarity(token, frequencies.questions.get(token, 0), total) for token in tokens
    }
    answers = {token: _rarity(token, frequencies.answers.get(token, 0), total) for token in tokens}
    return Rarities(
        questions,
        answers,
        whole=sum(questions.values()) or 1.0,
        wanted=sum(questions[token] for token in query.specific) or 1.0,
    )


def _rarity(token: str, containing: int, total: int) -> float:
    containing = min(containing, total)  # removed articles may still be counted
    rarity = math.log(1 + (total - containing + 0.5) / (containing + 0.5))
    return rarity * (NAMED_THING if token.startswith("=") else 1)


def _bm25(
    rarity: Mapping[str, float], counts: Mapping[str, int], length: float, k1: float, b: float
) -> float:
    """`length` is relative to the mean."""
    damping = k1 * (1 - b + b * length)
    score = 0.0
    for token in rarity.keys() & counts.keys():
        count = counts[token]
        score += rarity[token] * count * (k1 + 1) / (count + damping)
    return score


def _mean(values: Sequence[int]) -> float:
    """1 when there is nothing, since it divides."""
    return (sum(values) / len(values) or 1.0) if values else 1.0
