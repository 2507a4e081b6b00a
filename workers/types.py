"""The records of the published message, under the name that docs and programs import them by."""

from nabaa.types import (
    Article,
    BodySource,
    Change,
    Compression,
    Entity,
    EntityType,
    Media,
    Mention,
    Outlet,
    Page,
    Picture,
    Quote,
    TextField,
)

__all__ = [
    "Article",
    "BodySource",
    "Change",
    "Compression",
    "Entity",
    "EntityType",
    "Media",
    "Mention",
    "Outlet",
    "Page",
    "Picture",
    "Quote",
    "TextField",
]
