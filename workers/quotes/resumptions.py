"""Tells where the reporter speaks again, which ends a reported clause without a full stop.

He does at the next verb or participle of saying, at an attribution, at «فيما» and «بينما»; after a
comma at a circumstance («خلال لقائه»), at «جاء ذلك», and at a verb with a subject of its own.
"""

from __future__ import annotations

from functools import cache

from workers.quotes.cues import cue_words, fold
from workers.quotes.lexicon import (
    AS,
    CONTRASTS,
    FILLER_STARTS,
    FILLERS,
    MEETINGS_FOLDED,
    NEGATIONS,
    NEXT_VERBS_FOLDED,
    OCCASIONS,
    PARTICLES,
    REACTIONS_FOLDED,
    REPORTER_PARTICIPLES_FOLDED,
    RESUMPTIONS,
    RESUMPTIONS_AFTER_COMMA,
    RESUMPTIONS_OF_TWO,
    RESUMPTIONS_OF_TWO_AFTER_COMMA,
    WITHHELD_FOLDED,
    WITHHOLDINGS,
    WITHOUT,
)
from workers.quotes.passage import COMMAS, ENDS, Passage
from workers.quotes.quote_marks import MARKS

_LONGEST_SUBJECT = 4


@cache
def resuming_words() -> frozenset[str]:
    """Return the words from which the reporter may speak again, to ask about no others."""
    lone = RESUMPTIONS | RESUMPTIONS_AFTER_COMMA | AS | RESUMPTIONS_OF_TWO.keys()
    lone |= RESUMPTIONS_OF_TWO_AFTER_COMMA.keys() | OCCASIONS | CONTRASTS | WITHOUT
    return lone | cue_words().keys()


def opens_background(passage: Passage, i: int) -> bool:
    """Tell a verb in which the reporter says what nobody is named for: «يذكر أن», «ويعتقد أن».

    One like the verb that opens its sentence goes on with it: «يرى سامي أن …، ويعتقد أن».

    Args:
        passage: the text.
        i: index of the verb.
    """
    verb = passage.words[i]
    if verb not in FILLERS or passage.word(i + 1) not in FILLER_STARTS:
        return False
    if verb[0] != "و" or passage.words[i - 1] not in COMMAS:
        return True
    opening = passage.words[passage.sentence_start(i)]
    return opening[0] != verb[1] or opening not in cue_words() or opening in FILLERS


def may_resume(passage: Passage, j: int) -> bool:
    """Tell whether word `j` is worth asking about."""
    if passage.words[j] in resuming_words():
        return True
    return passage.words[j - 1] in COMMAS and (
        _is_reaction(passage.words[j]) or _is_participle(passage.words[j])
    )


def reporter_resumes(passage: Passage, j: int, feminine: bool | None = None) -> bool:
    """Tell whether the reporter speaks again from word `j` on.

    Args:
        passage: the text.
        j: index of the word.
        feminine: gender of whoever speaks; None where it is not known.
    """
    words = passage.words
    word, following = words[j], passage.word(j + 1)
    after_comma = words[j - 1] in COMMAS
    if word in RESUMPTIONS or (after_comma and word in RESUMPTIONS_AFTER_COMMA):
        return True
    if following in RESUMPTIONS_OF_TWO.get(word, ()):
        return after_comma or (word == "على" and following == "حد")
    if word in WITHOUT or (word == "من" and following in WITHOUT):
        return _withholds(passage, j + (word == "من"), feminine, after_comma=after_comma)
    if after_comma and (_turns_away(passage, j) or _reacts_too(passage, j, feminine)):
        return True
    cue = cue_words().get(word)
    if cue is None:
        return word in AS and following in cue_words()
    if cue.form == "participle":
        if after_comma and _is_participle(word):
            return True
        return words[j - 1] not in NEGATIONS and _announces(passage, j)
    if cue.form == "attribution":
        return word not in ("حسب", "وفق") or after_comma or following == "ما"
    if not cue.joined:
        return False
    if after_comma and _announces(passage, j):
        return True
    return cue.lemma in NEXT_VERBS_FOLDED and (after_comma or _announces(passage, j))


def _turns_away(passage: Passage, j: int) -> bool:
    """Tell whether the words after a comma leave what was said."""
    word, following = passage.words[j], passage.word(j + 1)
    if _is_participle(word):
        return True
    if following in RESUMPTIONS_OF_TWO_AFTER_COMMA.get(word, ()):
        return True
    if word in OCCASIONS:
        meeting = fold(following).removeprefix("ال")
        # «لقائه», «كلمتها»: the pronouns come off.
        return not MEETINGS_FOLDED.isdisjoint((meeting, meeting[:-1], meeting[:-2]))
    if word in CONTRASTS:
        return _someone_reacts(passage, j + 1)
    return _is_reaction(word) and _has_subject(passage, j + 1)


def _withholds(passage: Passage, j: int, feminine: bool | None, *, after_comma: bool) -> bool:
    """Tell whether «دون» begins what the speaker does not tell: «دون أن يحدد موعدا»."""
    if passage.word(j + 1) not in ("أن", "ان"):
        return after_comma and passage.word(j + 1) in WITHHOLDINGS
    verb = fold(passage.word(j + 2))
    agrees = feminine is None or verb[:1] == ("ت" if feminine else "ي")
    return agrees and verb[1:] in WITHHELD_FOLDED


def _reacts_too(passage: Passage, j: int, feminine: bool | None) -> bool:
    """Tell whether a verb after a comma tells what else the speaker did: «، وطالبت بتعويض»."""
    word, following = passage.words[j], passage.word(j + 1)
    if feminine is None or not _is_reaction(word) or word.endswith("ت") != feminine:
        return False
    return following in ("من", "عن") or (following.startswith("ب") and len(following) > 3)


def _is_participle(word: str) -> bool:
    """Tell whether a word is a participle of the reporter's: «مشيدا», «ومشيدا»."""
    folded = fold(word)
    if folded in REPORTER_PARTICIPLES_FOLDED:
        return True
    return folded[0] == "و" and folded[1:] in REPORTER_PARTICIPLES_FOLDED


def _is_reaction(word: str) -> bool:
    """Tell whether a word is «and» with a verb of the reporter's: «ونفى», «ورفضت»."""
    if word[0] != "و" or len(word) < 4:
        return False
    verb = fold(word[1:])
    return verb in REACTIONS_FOLDED or (verb[-1] == "ت" and verb[:-1] in REACTIONS_FOLDED)


def _has_subject(passage: Passage, i: int) -> bool:
    """Tell whether the verb before word `i` has a subject: a definite noun or a name."""
    word = passage.word(i)
    return word.startswith("ال") or passage.starts_name(i)


def _someone_reacts(passage: Passage, i: int) -> bool:
    """Tell whether «لكن المعارضة نفت» begins: a subject, then a verb of reacting."""
    if not _has_subject(passage, i):
        return False
    for word in passage.words[i + 1 : i + 1 + _LONGEST_SUBJECT]:
        if word in COMMAS or word in ENDS or word in PARTICLES:
            return False
        verb = fold(word)
        if verb in REACTIONS_FOLDED or (verb[-1] == "ت" and verb[:-1] in REACTIONS_FOLDED):
            return True
        cue = cue_words().get(word)
        if cue is not None and cue.form == "verb":
            return True
    return False


def _announces(passage: Passage, j: int) -> bool:
    """Tell whether a cue's own content begins within the next few words."""
    for word in passage.words[j + 1 : j + 5]:
        if word in PARTICLES or word in MARKS or word in (":", "إلى", "الى", "على"):
            return True
        if word in ENDS:
            return False
    return False
