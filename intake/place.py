"""Where it happens: the most exact stretch of the text that names one place.

The tagger finds the names; the rules here add what it breaks off (house numbers, crossings,
"opposite the …") and choose. A city or a district alone is not where something happens, unless the
text says so plainly; an office that is complained to is not a place.
"""

from __future__ import annotations

import re

from intake import place_heads as heads
from intake import place_shapes as shapes
from intake.evidence import Found, found_at
from intake.place_score import Candidate, is_division, score_of
from intake.segments import READ, Segment, segments


def place(text: str) -> Found | None:
    """The most exact place that the text names, in the citizen's own words."""
    return place_among(text, segments(text))


def place_among(text: str, tagged: list[Segment]) -> Found | None:
    """`place` for a text whose segments are known already."""
    best: tuple[float, Candidate] | None = None
    for candidate in _candidates(text[:READ], tagged):
        score = score_of(text, candidate)
        if score > 0 and (best is None or score > best[0]):
            best = (score, candidate)
    if best is None:
        return _told_in_so_many_words(text)
    score, chosen = best
    confidence = round(min(0.95, 0.45 + 0.09 * score), 2)
    value = text[chosen.start : chosen.end]
    return Found(value=value, confidence=confidence, start=chosen.start, end=chosen.end)


def _told_in_so_many_words(text: str) -> Found | None:
    """A name that looks like none, where the sentence says that it is one."""
    told = shapes.TOLD_NAME.search(text)
    if told:
        return found_at(told, 0.6, "name")
    at = shapes.AT_WHICH.search(text)
    return found_at(at, 0.5, "name") if at and not heads.is_everywhere(at["name"]) else None


def _candidates(text: str, tagged: list[Segment]) -> list[Candidate]:
    found: list[Candidate] = []
    index = 0
    while index < len(tagged):
        segment = tagged[index]
        candidate = _seed(text, segment) or _seed_of_nouns(text, tagged, index)
        if candidate is None:
            index += 1
            continue
        _reach_back(tagged, index, candidate)
        _reach_division(text, candidate)
        _reach_first_name(text, tagged, index, candidate)
        _extend(text, tagged, candidate)
        if candidate.end - candidate.start > 1:
            found.append(candidate)
        while index < len(tagged) and tagged[index].start < max(candidate.end, segment.end):
            index += 1
    return found


def _seed(text: str, segment: Segment) -> Candidate | None:
    letters = shapes.LETTER_DIVISION.match(text, segment.start)
    if letters:
        return Candidate(segment.start, letters.end(), 1)
    noise = shapes.NOISE_BEFORE.match(segment.word)
    skipped = noise.end() if noise and len(segment.word) - noise.end() >= 2 else 0
    start, word = segment.start + skipped, segment.word[skipped:]
    if noise and not skipped:
        return None
    if segment.tag == "LOC" or (
        segment.tag in ("PER", "nz", "ORG") and shapes.ROAD_LIKE.match(word)
    ):
        is_office = bool(shapes.STREET_OFFICE_ITSELF.search(word))
        return Candidate(start, segment.end, 1, is_office=is_office)
    if segment.tag == "ORG":
        is_office = bool(shapes.OFFICE.search(word)) or not shapes.PLACE_ORG.search(word)
        return Candidate(start, segment.end, 1, is_office=is_office)
    if len(word) >= 4 and shapes.PLACE_NAME.fullmatch(word):
        return Candidate(start, segment.end, 1)
    if segment.tag not in shapes.NEVER_A_NAME or len(segment.word) > 2:
        road = shapes.ROAD_AND_NUMBER.match(text, segment.start)
        if road and not shapes.NOISE_BEFORE.match(segment.word):
            return Candidate(segment.start, max(segment.end, _road_end(road)), 1)
    return None


def _seed_of_nouns(text: str, tagged: list[Segment], index: int) -> Candidate | None:
    start = tagged[index].start
    end = heads.starts(text, tagged, index)
    if end is None and (index == 0 or tagged[index - 1].tag in ("w", "r", "p")):
        estate = shapes.ESTATE_AND_MORE.match(text, start)
        named = estate and not heads.is_everywhere(estate[0])
        end = estate.end() if estate and named else None
    return Candidate(start, end, 1, is_of_nouns=True) if end else None


def _road_end(road: re.Match[str]) -> int:
    """The end of the first road of a match; the crossing is read by `_extend`."""
    first = shapes.ROAD_LIKE_SHORT.match(road[0])
    return road.start() + (first.end() if first else len(road[0]))


def _reach_back(tagged: list[Segment], index: int, candidate: Candidate) -> None:
    """Take in the first words of a road that the tagger read as something else: 六一|中路."""
    if not shapes.ROAD_WITHOUT_NAME.match(tagged[index].word):
        return
    longest = shapes.LONGEST_ROAD_NAME
    while index and longest > 0:
        index -= 1
        before = tagged[index]
        longest -= len(before.word)
        if (
            before.tag not in shapes.GAP_TAGS | {"LOC"}
            or shapes.NEVER_IN_A_GAP.fullmatch(before.word)
            or longest < 0
        ):
            return
        candidate.start = before.start


def _reach_division(text: str, candidate: Candidate) -> None:
    """Take in a district that the tagger left to the time before it: 昨晚11点海淀区|知春路."""
    glued = shapes.GLUED_DIVISION.search(text, max(0, candidate.start - 8), candidate.start)
    if glued:
        candidate.start = glued.start("name")
        candidate.parts += 1


def _reach_first_name(text: str, tagged: list[Segment], index: int, candidate: Candidate) -> None:
    """Take in what stands right before a name and belongs to it: 五号线|蒲黄榆站, 锦绣|江南小区."""
    line = shapes.METRO_LINE.search(text, max(0, candidate.start - 9), candidate.start)
    if line:
        candidate.start = line.start()
        return
    if index == 0 or tagged[index].start != candidate.start:
        return
    before = tagged[index - 1]
    is_named = before.tag in ("n", "nz") and shapes.NAME_BEFORE.search(before.word)
    starts = index == 1 or tagged[index - 2].tag in ("w", "r", "p") or tagged[index - 2].word == " "
    is_estate = (
        starts
        and shapes.ESTATE.search(text, candidate.start, candidate.end)
        and shapes.ESTATE_WORD.fullmatch(before.word)
    )
    if is_named or is_estate:
        candidate.start = before.start


def _extend(text: str, tagged: list[Segment], candidate: Candidate) -> None:
    """Grow over what touches the end, until nothing more of a place follows."""
    while True:
        house = shapes.HOUSE.match(text, candidate.end) or shapes.REST_OF_HOUSE.match(
            text, candidate.end
        )
        if house:
            candidate.end, candidate.parts = house.end(), candidate.parts + 1
            candidate.is_office = False
            continue
        following = _name_at(text, tagged, candidate.end)
        if following is None and is_division(text[candidate.start : candidate.end]):
            link = shapes.LINK.match(text, candidate.end)
            following = (
                _name_at(text, tagged, link.end())
                if link
                else _name_after_gap(text, tagged, candidate.end)
            )
        if following:
            candidate.end, candidate.parts = following, candidate.parts + 1
            candidate.is_office = bool(shapes.OFFICE.search(text[candidate.start : candidate.end]))
            continue
        spot = (
            shapes.SPOT.match(text, candidate.end)
            or shapes.AFTER_SPOT.match(text, candidate.end)
            or shapes.TAIL.match(text, candidate.end)
            or shapes.WATER.match(text, candidate.end)
            or shapes.ROAD_TAIL.match(text, candidate.end)
        )
        if spot:
            candidate.end, candidate.parts = spot.end(), candidate.parts + 1
            candidate.is_office = False
            continue
        more = shapes.STRETCH.match(text, candidate.end) or shapes.NEXT_ROAD.match(
            text, candidate.end
        )
        near = shapes.NEAR.match(text, candidate.end)
        further = more.end() if more else heads.goes_on(text, tagged, candidate.end)
        if further is None and near:
            further = heads.goes_on(text, tagged, near.end()) or _name_at(text, tagged, near.end())
        if further:
            candidate.end, candidate.parts = further, candidate.parts + 1
            candidate.is_office = False
            continue
        crossing = _crossing(text, tagged, candidate.end)
        if crossing:
            candidate.end, candidate.parts = crossing, candidate.parts + 2
            candidate.is_crossing, candidate.is_office = True, False
            continue
        return


def _crossing(text: str, tagged: list[Segment], position: int) -> int | None:
    """The end of "and Y's crossing" after a first name, or of "to Y" along a road."""
    join = shapes.JOIN.match(text, position)
    if not join:
        return None
    crossed = shapes.CROSSED_ROAD.match(text, join.end())
    second = crossed.end() if crossed else _name_at(text, tagged, join.end())
    if second is None:
        return None
    house = shapes.HOUSE.match(text, second)
    second = house.end() if house else second
    spot = shapes.SPOT.match(text, second)
    second_spot = spot.end() if spot else second
    crossing = shapes.CROSSING.match(text, second) or shapes.CROSSING.match(text, second_spot)
    if crossing:
        return crossing.end()
    return second_spot if spot and text[second_spot - 1] in "口处段间" else None


def _name_at(text: str, tagged: list[Segment], position: int) -> int | None:
    letters = shapes.LETTER_DIVISION.match(text, position)
    if letters:
        return letters.end()
    for segment in tagged:
        if segment.start == position:
            if (
                segment.tag == "LOC"
                or (
                    segment.tag in ("ORG", "PER", "nz")
                    and (
                        shapes.PLACE_ORG.search(segment.word)
                        or shapes.ROAD_LIKE.match(segment.word)
                    )
                )
                or (segment.tag == "ORG" and not shapes.OFFICE.search(segment.word))
            ):
                return segment.end
            # A short word between a division and a name's ending: 展进|路, 春天|G2栋.
            named = shapes.ROAD_LIKE.match(text, position)
            is_word = segment.tag in ("n", "nz", "v", "s", "TIME", "ORG", "PER", "nr", "a")
            return named.end() if named and is_word and named.end() - position <= 4 else None
        if segment.start > position:
            return None
    return None


def _name_after_gap(text: str, tagged: list[Segment], position: int) -> int | None:
    """A name whose first word the tagger took for something else: 台江区|中选|新巷."""
    for index, segment in enumerate(tagged[:-1]):
        if segment.start == position:
            following = tagged[index + 1]
            is_part_of_name = (
                (len(segment.word) <= 3 or shapes.SMALL_DIVISION.search(segment.word))
                and segment.tag in shapes.GAP_TAGS
                and not shapes.NEVER_IN_A_GAP.fullmatch(segment.word)
                and following.tag == "LOC"
            )
            return following.end if is_part_of_name else None
    return None
