#!/usr/bin/env python3
"""An issuer of tokens as CI services have one: serves its keys until it is ended.

    oidc_issuer.py DIRECTORY

Writes into the directory a token of the repository acme/app, one of a stranger, and last its
address.
"""

import base64
import http.server
import json
import pathlib
import sys
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def text(content):
    """Base 64 for URLs, without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def token(key, address, subject):
    now = int(time.time())
    claims = {"iss": address, "aud": "larder", "sub": subject, "iat": now, "exp": now + 3600}
    head = json.dumps({"alg": "RS256", "kid": "one"})
    signed = f"{text(head.encode())}.{text(json.dumps(claims).encode())}"
    signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{text(signature)}"


def main():
    place = pathlib.Path(sys.argv[1])
    place.mkdir()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    documents = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps(documents.get(self.path, {})).encode()
            self.send_response(200 if self.path in documents else 404)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_address[1]}"
    modulus = key.public_key().public_numbers().n.to_bytes(256, "big")
    documents["/.well-known/openid-configuration"] = {
        "issuer": address, "jwks_uri": address + "/keys"}
    documents["/keys"] = {"keys": [
        {"kty": "RSA", "kid": "one", "n": text(modulus), "e": text(b"\1\0\1")}]}
    (place / "token").write_text(token(key, address, "repo:acme/app"))
    (place / "stranger").write_text(token(key, address, "repo:evil/app"))
    # Readers wait for the whole address.
    (place / "new").write_text(address)
    (place / "new").rename(place / "address")
    server.serve_forever()


if __name__ == "__main__":
    main()
