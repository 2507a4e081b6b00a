"""The made-up outlets whose feeds the farm serves, in countries with and without summer time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FarmOutlet:
    """An outlet: its name, its country (ISO 3166-1 alpha-2) and its IANA time zone."""

    name: str
    country: str
    timezone: str


OUTLETS: tuple[FarmOutlet, ...] = (
    FarmOutlet("صحيفة السنابل", "SA", "Asia/Riyadh"),
    FarmOutlet("بوابة الضفتين", "EG", "Africa/Cairo"),
    FarmOutlet("نخيل برس", "IQ", "Asia/Baghdad"),
    FarmOutlet("جريدة الأرز والبحر", "LB", "Asia/Beirut"),
    FarmOutlet("أخبار القيروان اليوم", "TN", "Africa/Tunis"),
    FarmOutlet("صوت الهضاب", "DZ", "Africa/Algiers"),
    FarmOutlet("مرآة الأطلس", "MA", "Africa/Casablanca"),
    FarmOutlet("الخليج الهادئ", "AE", "Asia/Dubai"),
    FarmOutlet("يوميات الياسمين", "SY", "Asia/Damascus"),
    FarmOutlet("البتراء الآن", "JO", "Asia/Amman"),
    FarmOutlet("منارة الدوحة", "QA", "Asia/Qatar"),
    FarmOutlet("ملتقى النيلين", "SD", "Africa/Khartoum"),
)
