"""What the embedded engine stores of an article, and how it is written and asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import tantivy

from kb_index.article import EVERY_HOTLINE, Article
from kb_index.document import (
    ANSWER_WEIGHT,
    CITY,
    FORMAT,
    article_of,
    document_of,
    searched_second,
)
from kb_index.index import Frequencies, NotAnIndex

WRITER_MEMORY = 32_000_000  # bytes; a change of 10,000 articles needs no more
BUILDER_MEMORY = 96_000_000  # a whole generation: fewer segments to merge


def _build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("questions", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("answer", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("hotlines", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("effective_from", indexed=True, fast=True)
    builder.add_integer_field("effective_to", indexed=True, fast=True)
    builder.add_integer_field("digest", fast=True)
    builder.add_bytes_field("body", stored=True)
    return builder.build()


schema = _build_schema()


def create_generation(directory: Path) -> None:
    directory.mkdir(parents=True)
    (directory / "format").write_text(str(FORMAT), encoding="ascii")
    tantivy.Index(schema, path=str(directory))


def open_generation(directory: Path) -> tantivy.Index:
    try:
        written = (directory / "format").read_text(encoding="ascii")
    except FileNotFoundError as error:
        raise NotAnIndex(f"{directory} holds no index") from error
    if written != str(FORMAT):
        raise NotAnIndex(f"{directory} has format {written}, not {FORMAT}: rebuild it")
    index = tantivy.Index.open(str(directory))
    index.config_reader("manual")  # a search reloads; no thread watches the files
    return index


def write_documents(
    index: tantivy.Index, upserts: Sequence[Article], deletes: Sequence[str]
) -> None:
    writer = index.writer(WRITER_MEMORY, num_threads=1)
    try:
        add_documents(writer, upserts, deletes)
        writer.commit()
    finally:
        writer.wait_merging_threads()


def add_documents(
    writer: tantivy.IndexWriter, upserts: Sequence[Article], deletes: Sequence[str]
) -> None:
    """To be committed."""
    for external_id in (*deletes, *(article.external_id for article in upserts)):
        writer.delete_documents_by_term("id", external_id)
    # The last of two versions in one batch wins.
    for article in {article.external_id: article for article in upserts}.values():
        document = document_of(article)
        writer.add_document(
            tantivy.Document(
                id=document.external_id,
                digest=document.digest,
                questions=document.questions,
                answer=document.answer,
                hotlines=document.hotlines,
                effective_from=document.effective_from,
                effective_to=document.effective_to,
                body=document.body,
            )
        )


def query_of(words: Sequence[str], hotline: str, now: datetime) -> tantivy.Query:
    query, occur, whole = tantivy.Query, tantivy.Occur, tantivy.FieldType.Integer
    second = searched_second(now)
    wanted = [(occur.Should, query.term_query(schema, "questions", word)) for word in words]
    wanted += [
        (
            occur.Should,
            query.boost_query(query.term_query(schema, "answer", word), ANSWER_WEIGHT),
        )
        for word in words
    ]
    begun = query.range_query(schema, "effective_from", whole, upper_bound=second)
    going_on = query.range_query(
        schema, "effective_to", whole, lower_bound=second, include_lower=False
    )
    filters = [(occur.Must, begun), (occur.Must, going_on)]
    if hotline != EVERY_HOTLINE:
        theirs = query.term_set_query(schema, "hotlines", [hotline, CITY])
        filters.append((occur.Must, theirs))
    return query.boolean_query(
        [
            (occur.Must, query.boolean_query(wanted)),
            (occur.Must, query.const_score_query(query.boolean_query(filters), 0.0)),
        ]
    )


def frequencies_in(searcher: tantivy.Searcher, words: Sequence[str]) -> Frequencies:
    questions = {word: searcher.doc_freq("questions", word) for word in words}
    answers = {word: searcher.doc_freq("answer", word) for word in words}
    return Frequencies(searcher.num_docs, questions, answers)


def digests_after(
    searcher: tantivy.Searcher, last: int, limit: int
) -> list[tuple[int, tantivy.DocAddress]]:
    """The lowest ones above `last`. A page by number would sort all pages before it again."""
    above = tantivy.Query.range_query(
        schema, "digest", tantivy.FieldType.Integer, lower_bound=last, include_lower=False
    )
    found = searcher.search(
        above, limit=limit, count=False, order_by_field="digest", order=tantivy.Order.Asc
    )
    return [(int(digest), address) for digest, address in found.hits]


def stored_article(document: tantivy.Document) -> Article:
    return article_of(bytes(document.get_all("body")[0]))
