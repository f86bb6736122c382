"""A security key made of software: what a browser with such a key sends, and what a thief would."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url as text

PRESENT, VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40


@dataclass
class SoftKey:
    """`counts`: whether it counts up with each use; many of today do not. `origin`: of the page
    that asks, which the browser writes into what is signed.
    """

    origin: str = "https://testserver"
    counts: bool = True
    count: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, options: str, **changes: Any) -> str:
        """The answer to a page that enrols."""
        asked = json.loads(options)
        client = self._client("webauthn.create", asked["challenge"], changes)
        numbers = self.private.public_key().public_numbers()
        public = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        )
        credential = bytes(16) + len(self.id).to_bytes(2) + self.id + public
        data = self._data(changes.get("rp", asked["rp"]["id"]), HAS_CREDENTIAL) + credential
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._sent(
            {
                "clientDataJSON": text(client),
                "attestationObject": text(attestation),
                "transports": ["usb", "of-the-future"],
            }
        )

    def get(self, options: str, **changes: Any) -> str:
        """The answer to a page that asks for the second step."""
        asked = json.loads(options)
        self.count += self.counts
        client = self._client("webauthn.get", asked["challenge"], changes)
        data = self._data(changes.get("rp", asked["rpId"]), 0)
        signature = self.private.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._sent(
            {
                "clientDataJSON": text(client),
                "authenticatorData": text(data),
                "signature": text(changes.get("signature", signature)),
                "userHandle": None,
            }
        )

    def _client(self, kind: str, challenge: str, changes: dict[str, Any]) -> bytes:
        return json.dumps(
            {
                "type": changes.get("type", kind),
                "challenge": changes.get("challenge", challenge),
                "origin": changes.get("origin", self.origin),
                "crossOrigin": False,
            }
        ).encode()

    def _data(self, name: str, flags: int) -> bytes:
        return (
            sha256(name.encode()).digest()
            + bytes([PRESENT | VERIFIED | flags])
            + self.count.to_bytes(4)
        )

    def _sent(self, response: dict[str, Any]) -> str:
        return json.dumps(
            {
                "id": text(self.id),
                "rawId": text(self.id),
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
            }
        )
