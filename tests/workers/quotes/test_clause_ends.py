"""A reported clause ends where the reporter speaks again, and goes on where the speaker does."""

from __future__ import annotations

import pytest

from nabaa.types import EntityType
from tests.support.quotations import said

RAMI = "رامي الحايك"
NAMES: dict[str, EntityType] = {RAMI: "PERS", "ندى الصافي": "PERS", "أوسلو": "LOC"}


@pytest.mark.parametrize(
    "rest",
    [
        "، مثمنا دور المتطوعين",
        "، مستبعدا أي تأخير",
        "، ونفت الشركة ذلك",
        "، ورحبت أوسلو بالإعلان",
        "، وانتقدت ندى الصافي الخطة",
        "، واستقبل رامي الحايك بعدها وفدا",
        "، لكن الجمعية رفضت المشروع",
        "، جاء ذلك في ندوة بالمدينة",
        "، خلال زيارته المصنع",
        "، عقب اجتماع مع البلدية",
        "، قبل أن يسافر إلى الشمال",
        "، ردا على سؤال",
        "، في خطوة لم يتوقعها السكان",
        "، وأوضحت الشركة أن العمل بدأ",
        "، موجها البلدية بفحصه",
        "، ومشيدا بالعمال",
        "، ومشددا على أن الفحص سيتكرر",
        "، وطالب بتعويض السكان",
        "، وحذر من التأخير",
        "، دون أن يحدد موعدا",
        "، من دون أن يكشف التكلفة",
        " دون أن يذكر السبب",
        "، دون تحديد موعد",
    ],
)
def test_the_reporter_ends_the_clause(rest: str) -> None:
    [first, *_] = said(f"قال رامي الحايك إن المصعد صار جاهزا{rest}.", NAMES)
    assert first == ("المصعد صار جاهزا", RAMI, "reported")


@pytest.mark.parametrize(
    "clause",
    [
        "المصعد جاهز، لكنه يحتاج إلى فحص",
        "المصعد سيعمل، خلال الأسبوع المقبل",
        "السكان فرحوا، وأن العمل انتهى",
        "المصعد جاهز، والسكان فرحون",
        "الأسعار سترتفع، بعد عام صعب",
        "النقابة رفضت العرض، وهددت بالإضراب",
        "الشركة رفعت الأسعار دون أن تذكر السبب",
        "الفريق تقدم، دون أن يواجه صعوبة",
    ],
)
def test_a_clause_goes_on_while_the_speaker_does(clause: str) -> None:
    assert said(f"قال رامي الحايك إن {clause}.", NAMES) == [(clause, RAMI, "reported")]


def test_a_particle_with_a_pronoun_needs_one_word_more_only() -> None:
    assert said("أوضح رامي الحايك أنه مطمئن.", NAMES) == [("مطمئن", RAMI, "reported")]


def test_what_is_not_said_is_no_quotation() -> None:
    assert said("لا يرى رامي الحايك أن المصعد جاهز.", NAMES) == []
