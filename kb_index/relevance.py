"""How well an article's questions fit a query, by words and by meaning: figures between engines.

All figures are shares of what the query could have scored, so that one scale serves short and long
queries, and small and large knowledge bases. The engine's own score only chose the candidates.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from kb_index.article import Article
from kb_index.document import ANSWER_LENGTH, digest_of_article
from kb_index.index import Frequencies
from kb_index.words import Words, words_of

# BM25. Similar questions repeat an entry's words: repeats and length count for less than usual.
MERGED_K1, MERGED_B = 0.8, 0.3
SINGLE_K1, SINGLE_B = 1.2, 1.0
ANSWER_K1, ANSWER_B = 1.2, 0.75


class Question(msgspec.Struct, frozen=True):
    counts: Mapping[str, int]
    length: int
    specific: frozenset[str]


class Profile(msgspec.Struct, frozen=True):
    """What scoring needs of an article, made once for each of its texts."""

    article: Article
    digest: int
    questions: tuple[Question, ...]
    merged: Mapping[str, int]
    merged_length: int
    answer: Mapping[str, int]
    answer_length: int


class WordScore(msgspec.Struct, frozen=True):
    merged: float  # all questions of the article as one text
    single: float  # its questions one by one: the best and the mean
    answer: float
    overlap: float  # best question: what it and the query have in common of what they have
    same: bool  # a question of the article is the query, but for generic phrases


def profile_of(article: Article) -> Profile:
    questions = tuple(_question(words_of(text)) for text in article.questions)
    merged: Counter[str] = Counter()
    for question in questions:
        merged.update(question.counts)
    for keyword in article.keywords:
        merged.update(words_of(keyword).every)
    answer = Counter(words_of(article.answer[:ANSWER_LENGTH]).every)
    return Profile(
        article=article,
        digest=digest_of_article(article),
        questions=questions,
        merged=dict(merged),
        merged_length=merged.total(),
        answer=dict(answer),
        answer_length=answer.total(),
    )


def score_words(
    query: Words, profiles: Sequence[Profile], frequencies: Frequencies
) -> list[WordScore]:
    """One score an article, in their order."""
    tokens = set(query.every)
    rarity = {
        token: _rarity(frequencies.questions.get(token, 0), frequencies.total) for token in tokens
    }
    in_answers = {
        token: _rarity(frequencies.answers.get(token, 0), frequencies.total) for token in tokens
    }
    whole = sum(rarity.values()) or 1.0
    wanted = sum(rarity[token] for token in query.specific) or 1.0
    merged_mean = _mean(profile.merged_length for profile in profiles)
    single_mean = _mean(one.length for profile in profiles for one in profile.questions)
    answer_mean = _mean(profile.answer_length for profile in profiles)

    scores = []
    for profile in profiles:
        singles = [
            _bm25(rarity, one.counts, one.length / single_mean, SINGLE_K1, SINGLE_B)
            for one in profile.questions
        ]
        scores.append(
            WordScore(
                merged=_bm25(
                    rarity,
                    profile.merged,
                    profile.merged_length / merged_mean,
                    MERGED_K1,
                    MERGED_B,
                )
                / whole,
                single=(max(singles) + _mean(singles)) / 2 / whole,
                answer=_bm25(
                    in_answers,
                    profile.answer,
                    profile.answer_length / answer_mean,
                    ANSWER_K1,
                    ANSWER_B,
                )
                / whole,
                overlap=max(_overlap(query, one, rarity, wanted) for one in profile.questions),
                same=any(query.specific == one.specific for one in profile.questions),
            )
        )
    return scores


def _question(words: Words) -> Question:
    return Question(dict(Counter(words.every)), len(words.every), words.specific)


def _rarity(containing: int, total: int) -> float:
    containing = min(containing, total)  # removed articles may still be counted
    return math.log(1 + (total - containing + 0.5) / (containing + 0.5))


def _bm25(
    rarity: Mapping[str, float], counts: Mapping[str, int], length: float, k1: float, b: float
) -> float:
    """`length` is relative to the mean."""
    damping = k1 * (1 - b + b * length)
    score = 0.0
    for token, weight in rarity.items():
        count = counts.get(token)
        if count is not None:
            score += weight * count * (k1 + 1) / (count + damping)
    return score


def _overlap(query: Words, question: Question, rarity: Mapping[str, float], wanted: float) -> float:
    """The harmonic mean of both shares, over what is specific."""
    common = query.specific & question.specific
    if not common:
        return 0.0
    of_query = sum(rarity[token] for token in common) / wanted
    of_question = len(common) / len(question.specific)
    return 2 * of_query * of_question / (of_query + of_question)


def _mean(values: Iterable[float]) -> float:
    """1 when there is nothing, since it divides."""
    listed = list(values)
    return (sum(listed) / len(listed) or 1.0) if listed else 1.0
