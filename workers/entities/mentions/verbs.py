"""The verbs of saying that a person's name may follow; read where a name stands alone."""

from __future__ import annotations

from workers.entities.mentions.name_words import word_set
from workers.entities.mentions.roles import cached_key

SAYING = word_set(
    """
    قال قالت اكد اكدت اضاف اضافت اوضح اوضحت اعلن اعلنت ذكر ذكرت شدد شددت اشار اشارت صرح صرحت تابع
    تابعت لفت لفتت اعتبر اعتبرت كشف كشفت حذر حذرت راي رات نفي نفت ختم ختمت رد ردت طالب طالبت دعا دعت
    يقول تقول يري تري
    """
)


def is_saying(word: str) -> bool:
    """Tell whether a word is a verb of saying, «and» before it allowed."""
    key = cached_key(word)
    return key in SAYING or key.lstrip("وف") in SAYING
