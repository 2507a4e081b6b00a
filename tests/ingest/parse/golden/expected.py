"""What every golden document says, in the order of its items; see `test_parse.py`."""

from __future__ import annotations

from typing import Any

TITLE = "صباح الخير"

ENTRIES: list[dict[str, Any]] = [
    {
        "guid": "https://sabah.example/news/101",
        "url": "https://sabah.example/news/101?lang=ar&page=1",
        "title": "افتتاح معرض الكتاب في عمّان",
        "summary_html": "<p>افتتح وزير الثقافة المعرض صباح اليوم.</p>",
        "content_html": (
            "<p>افتتح وزير الثقافة معرض الكتاب في العاصمة الأردنية.</p>"
            "<p>وتشارك فيه <b>مئتا</b> دار نشر من عشرين دولة.</p>"
        ),
        "author": "ليلى الخطيب",
        "published": "2026-03-01T07:30:00+00:00",
        "updated": None,
        "categories": ("ثقافة", "كتب"),
        "media": (("https://img.sabah.example/101.jpg", "image/jpeg", 20480),),
    },
    {
        "guid": "tag:sabah.example,2026:102",
        "url": "https://sabah.example/news/102",
        "title": "أسعار الخبز والطحين: ما الذي تغيّر؟",
        "summary_html": "<p>ارتفعت الأسعار بنسبة 5 في المئة خلال شهر.</p>",
        "content_html": (
            "<p>قال تجار في السوق إن الأسعار ارتفعت بنسبة 5 في المئة خلال شهر واحد.</p>"
        ),
        "author": "سامر حدّاد",
        "published": "2026-03-01T06:15:00+00:00",
        "updated": None,
        "categories": ("اقتصاد",),
        "media": (),
    },
    {
        "guid": "tag:sabah.example,2026:103",
        "url": "https://sabah.example/news/103",
        "title": "المنتخب يفوز في المباراة الأولى",
        "summary_html": "<p>فاز المنتخب بهدفين.</p>",
        "content_html": "<p>فاز المنتخب بهدفين في مباراة حضرها آلاف المشجعين.</p>",
        "author": "نور الدين قاسم",
        "published": "2026-02-28T21:00:00+00:00",
        "updated": None,
        "categories": ("رياضة",),
        "media": (),
    },
]
