"""The public signing keys."""

from typing import Literal

from pydantic import BaseModel


class PublicKey(BaseModel):
    """RFC 7517, with the public members only."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str
    kid: str
    use: Literal["sig"]
    alg: Literal["ES256"]


class JwksAnswer(BaseModel):
    keys: list[PublicKey]
