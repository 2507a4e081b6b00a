"""Finds the quotations of an article: one walk over the words of each text, cue by cue.

What a cue announces is read by `clauses`, who speaks by `speakers`; here is their order, what an
attribution reaches back to, headings, and quotations that follow one another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

from nabaa.types import Entity, Quote, TextField
from workers.quotes.attributions import attributed, attribution_at
from workers.quotes.clauses import (
    MIN_MARKED_WORDS,
    Content,
    content_after,
    is_named,
    marked_words,
)
from workers.quotes.cues import CAME, Cue, cue_words, fold
from workers.quotes.definite_nouns import meant_by_noun
from workers.quotes.headings import heading_at
from workers.quotes.last_speaker import Speaker, says_nothing, source_before
from workers.quotes.lexicon import (
    AMBIGUOUS,
    BEFORE_CAME_IN,
    BETWEEN_MARKS_AND_VERB,
    CAME_IN,
    DENIALS,
    DOCUMENTS_FOLDED,
    OCCASIONS,
    PRAYED_TO,
    PREPOSITIONS,
)
from workers.quotes.mention_index import MentionIndex
from workers.quotes.passage import COMMAS, ENDS, Passage, read_passage
from workers.quotes.quote_marks import NEWLINES
from workers.quotes.resumptions import opens_background
from workers.quotes.roles import Roles
from workers.quotes.speakers import find_speaker
from workers.quotes.subjects import Subjects

_FIELDS: tuple[TextField, ...] = ("title", "summary", "body_text")
MAX_BYLINE = 6
"""Words of «كتبت: منى العمري - الخرطوم» after the colon."""
GAP = 6
"""Code points between a quotation and its next paragraph: a mark, a stop and line breaks."""


def find_quotes(texts: Mapping[TextField, str], entities: Sequence[Entity]) -> tuple[Quote, ...]:
    """Find the quotations of an article and their speakers.

    Args:
        texts: the delivered texts by field; any text, any script.
        entities: those of the article; their mentions' offsets count in these texts.

    Returns:
        In reading order within each field, title first; never overlapping. Never raises, and
        takes time linear in the length of the texts.
    """
    names: dict[TextField, list[tuple[int, int]]] = {field: [] for field in _FIELDS}
    for entity in entities:
        for mention in entity.mentions:
            if mention.kind == "name":
                names[mention.field].append((mention.start, mention.end))
    passages = [
        read_passage(field, texts[field], sorted(names[field]))
        for field in _FIELDS
        if texts.get(field)
    ]
    index = MentionIndex(entities)
    subjects = Subjects(index, Roles(entities, passages, index))
    quotes: list[Quote] = []
    for passage in passages:
        quotes += _FieldQuotes(passage, index, subjects).find()
    return tuple(quotes)


@cache
def _turn_words() -> frozenset[str]:
    """Return the words from which the walk may find something."""
    return NEWLINES | {":", "حد"} | cue_words().keys()


class _FieldQuotes:
    """The walk over one text: what has been found, and who spoke last."""

    def __init__(self, passage: Passage, index: MentionIndex, subjects: Subjects) -> None:
        self._passage = passage
        self._index = index
        self._subjects = subjects
        self._quotes: list[Quote] = []
        self._done = 0  # words before this one belong to quotations already found
        self._last: Speaker | None = None
        self._source: Speaker | None = None  # of the last attribution

    def find(self) -> list[Quote]:
        words = self._passage.words
        cues = cue_words()
        if words:
            self._paragraph(0)
        wanted = _turn_words()
        turns = [i for i, word in enumerate(words) if word in wanted]
        for i in turns:
            if i < self._done:
                continue
            word = words[i]
            if word in cues:
                self._cue(i, cues[word])
            elif word == ":":
                self._colon(i)
            elif word == "حد":
                self._attribution(i, None)
            elif i + 1 < len(words):
                self._paragraph(i + 1)
        if self._passage.field == "title" and not self._quotes:
            self._marked_title()
        return self._quotes

    def _cue(self, i: int, cue: Cue) -> None:
        passage = self._passage
        words = passage.words
        if cue.form == "attribution":
            self._attribution(i, cue)
            return
        if self._is_no_speech(i, cue):
            return
        content = content_after(passage, i, cue)
        back = self._marks_before(i) if cue.form == "verb" and not cue.joined else None
        if back is not None and (content is None or content.kind == "direct"):
            end = content.slot_end if content else passage.sentence_end(i)
            speaker = self._subjects.after(passage, i + 1, end).id
            self._last = self._add("direct", back[0] + 1, back[1], speaker, i, cue.feminine)
            if content is not None:
                self._add("direct", content.start, content.end, speaker, i, cue.feminine)
            return
        if content is None:
            self._attribution(i, cue)
            self._last = says_nothing(passage, i, cue, self._subjects) or self._last
            return
        if self._is_name_or_byline(i, cue, content):
            return
        if words[i] in ("بين", "وبين") and not self._is_verb(i, content):
            return
        last = source_before(passage, i, cue, self._subjects, self._source) or self._last
        speaker = find_speaker(passage, i, cue, content, self._subjects, last, self._done)
        feminine = cue.feminine if cue.form == "verb" else None
        self._last = self._add(content.kind, content.start, content.end, speaker, i, feminine)

    def _is_no_speech(self, i: int, cue: Cue) -> bool:
        """Tell whether a word that may announce speech stands for something else."""
        passage = self._passage
        words = passage.words
        if opens_background(passage, i):
            return True
        if words[i].lstrip("وف") in AMBIGUOUS and passage.word(i - 1) in ("في", "عن", "على", "من"):
            return True
        if passage.word(i - 1) in DENIALS or words[i] in OCCASIONS:
            return True  # «لا يرى أن», «عقب توصل الوفد إلى»
        if words[i] in CAME_IN and passage.word(i - 1) in BEFORE_CAME_IN:
            return True
        if passage.word(i + 1) in PRAYED_TO:
            return True  # «سائلا الله أن»
        if cue.lemma == "اشار" and passage.word(i - 1) in ("ما", "مما"):
            return True  # «مما يشير إلى أن»: nobody says it
        return cue.lemma == CAME and not self._is_in_document(i)

    def _is_name_or_byline(self, i: int, cue: Cue, content: Content) -> bool:
        """Tell whether a cue announces a name in marks, or whoever wrote the article."""
        passage = self._passage
        if content.kind == "direct" and passage.is_name(content.start, content.end):
            return True
        is_byline = cue.lemma == "كتب" and passage.word(i + 1) == ":" and content.slot_end == i + 1
        return is_byline and content.end - content.start <= MAX_BYLINE

    def _attribution(self, i: int, cue: Cue | None) -> None:
        attribution = attribution_at(self._passage, i, cue, self._index)
        if attribution is None:
            return
        content = attributed(self._passage, attribution, self._done)
        if content is not None:
            source, end = attribution.source, content.slot_end
            subject = self._subjects.after(self._passage, source, end, source=True)
            speaker = subject.id
            if speaker is None and subject.is_there:
                speaker = meant_by_noun(self._passage, subject, self._subjects, self._last)
            # It names a source beside the story: no pronoun goes back to it but «وأضاف» at once.
            self._source = self._add(content.kind, content.start, content.end, speaker, i, None)

    def _is_in_document(self, i: int) -> bool:
        """Tell whether «جاء» is followed by «في بيان» or its like."""
        document = fold(self._passage.word(i + 2)).removeprefix("ال")
        return self._passage.word(i + 1) == "في" and document in DOCUMENTS_FOLDED

    def _is_verb(self, i: int, content: Content) -> bool:
        """Tell whether «بين» is «made clear» and not «between»."""
        if self._passage.words[i] == "وبين" and content.slot_end == i + 1:
            # «وبين أن الطريق طويل», not «بين أن يبقى وبين أن يرحل».
            return self._passage.sentence_start(i) == i
        between = self._passage.words[i + 1 : content.slot_end]
        return 0 < len(between) <= 4 and not any(w in PREPOSITIONS or w[0] == "و" for w in between)

    def _marks_before(self, i: int) -> tuple[int, int] | None:
        """Return the marks of the quotation that ends right before word `i`."""
        passage = self._passage
        close = i - 1
        while passage.word(close) in BETWEEN_MARKS_AND_VERB:
            close -= 1
        if passage.word(close) in COMMAS or passage.word(close) in ("-", "–", "—"):
            close -= 1
        start = passage.opening.get(close)
        if start is None or start < self._done or marked_words(passage, start, close) < 3:
            return None
        if is_named(passage, start):
            return None  # «إذاعة "صوت البحر" طالبت»
        return start, close

    def _paragraph(self, i: int) -> None:
        """Read a heading «فلان: كلامه», or a paragraph that is one marked stretch."""
        passage = self._passage
        words = passage.words
        heading = heading_at(passage, i, self._index, self._subjects.roles)
        if heading is not None and self._is_heading(i, heading.colon):
            start = heading.colon + 1
            close = passage.closing.get(start)
            last = self._line_end(start)
            if close is not None and close >= last - 1:
                self._add("direct", start + 1, close, heading.speaker, None, None)
            else:
                while last - 1 > start and words[last - 1] in ENDS:
                    last -= 1
                self._add("direct", start, last, heading.speaker, None, None)
            return
        close = passage.closing.get(i)
        if close is None or marked_words(passage, i, close) < MIN_MARKED_WORDS:
            return
        after = passage.word(close + 1)
        if (not after or after in NEWLINES or after == ".") and passage.field != "title":
            before = self._last
            follows = before is not None and before.end >= passage.starts[i] - GAP
            speaker = before.id if before is not None and follows else None
            self._last = self._add("direct", i + 1, close, speaker, None, None)

    def _is_heading(self, start: int, colon: int) -> bool:
        """Tell whether what follows a colon is one sentence that ends its line, or a title."""
        passage = self._passage
        if passage.field == "title":
            return self._line_end(start) - colon > 2
        end = passage.sentence_end(start)
        if passage.word(end) in (".", "؟", "!", "…"):
            end += 1
        is_line = end >= len(passage.words) or passage.words[end] in NEWLINES
        return end - colon > 3 and is_line

    def _line_end(self, start: int) -> int:
        words = self._passage.words
        j = start
        while j < len(words) and words[j] not in NEWLINES:
            j += 1
        return j

    def _colon(self, i: int) -> None:
        passage = self._passage
        close = passage.closing.get(i + 1)
        if close is None or marked_words(passage, i + 1, close) < MIN_MARKED_WORDS:
            return
        speaker, before = None, passage.word(i - 1)
        if before.endswith(("ا", "اً")) and not before.startswith("ال"):
            # «وقاطعه سمير صارخا: «…»», whatever the verb is.
            start = max(self._done, passage.sentence_start(i))
            speaker = self._subjects.sentences.subject_of(passage, start, i, feminine=None)
        self._add("direct", i + 2, close, speaker, None, None)

    def _marked_title(self) -> None:
        passage = self._passage
        for start, close in passage.closing.items():
            if marked_words(passage, start, close) > MIN_MARKED_WORDS:
                self._add("direct", start + 1, close, None, None, None)
                return

    def _add(
        self,
        kind: Literal["direct", "reported"],
        start: int,
        end: int,
        speaker: str | None,
        cue: int | None,
        feminine: bool | None,
    ) -> Speaker:
        passage = self._passage
        first, last = passage.starts[start], passage.ends[end - 1]
        written = "" if cue is None else passage.text[passage.starts[cue] : passage.ends[cue]]
        self._quotes.append(
            Quote(passage.field, first, last, passage.text[first:last], speaker, written, kind)
        )
        self._done = max(self._done, end)
        return Speaker(speaker, feminine, passage.field, last)
