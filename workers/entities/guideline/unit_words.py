"""The words that make the names of army units: «الفرقة الأولى مدرع»; read by `institutions`.

All are search keys.
"""

from __future__ import annotations

from workers.entities.mentions.name_words import word_set

UNITS = word_set("الفرقه اللواء الكتيبه الفيلق")
"""What units are called, before their number."""

ORDINALS = word_set(
    """
    الاولي الثانيه الثالثه الرابعه الخامسه السادسه السابعه الثامنه التاسعه العاشره
    الاول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر
    """
)
"""Numbers in words; a unit with one needs its arm too: «الفرقة الأولى» may be a team."""

ARMS = word_set("مدرع مدرعه مشاه صاعقه قتال مظليين مدفعيه ميكا حرس عمالقه")
"""Arms of the service that end the name."""
