"""The records of the published message, under the name that docs and programs import them by."""

from nabaa.types import (
    Article,
    Change,
    Compression,
    Entity,
    EntityType,
    Media,
    Mention,
    Outlet,
    Quote,
    TextField,
)

__all__ = [
    "Article",
    "Change",
    "Compression",
    "Entity",
    "EntityType",
    "Media",
    "Mention",
    "Outlet",
    "Quote",
    "TextField",
]
