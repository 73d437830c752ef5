"""Puts a file of an exact size into a larder, as any client would: signed calls and an upload."""

import datetime
import hashlib
import hmac
import io
import json
import urllib.request
import uuid
import zipfile
from urllib.parse import quote, urlsplit


def repository(base, credentials):
    """Makes a domain and a repository; returns the repository's address and a token."""
    call = lambda method, path: signed(base, credentials, method, path)  # noqa: E731
    call("POST", "/v1/domain?domain=bench")
    call("POST", "/v1/repository?domain=bench&repository=files")
    where = call("GET", "/v1/repository/endpoint?domain=bench&format=pypi&repository=files")
    token = call("POST", "/v1/authorization-token?domain=bench")
    return where["repositoryEndpoint"], token["authorizationToken"]


def signed(base, credentials, method, target):
    """Signature version 4, queries given in canonical order."""
    now = datetime.datetime.now(datetime.timezone.utc)
    stamp, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    host = urlsplit(base).netloc
    path, _, query = target.partition("?")
    empty = hashlib.sha256(b"").hexdigest()
    canonical = f"{method}\n{path}\n{query}\nhost:{host}\nx-amz-date:{stamp}\n\nhost;x-amz-date\n{empty}"
    scope = f"{day}/{credentials['region']}/codeartifact/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = b"AWS4" + credentials["secretAccessKey"].encode()
    for part in (day, credentials["region"], "codeartifact", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    request = urllib.request.Request(base + target, method=method, data=b"" if method == "POST" else None)
    request.add_header("X-Amz-Date", stamp)
    request.add_header(
        "Authorization",
        f"AWS4-HMAC-SHA256 Credential={credentials['accessKeyID']}/{scope}, "
        f"SignedHeaders=host;x-amz-date, Signature={signature}",
    )
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


def wheel(repository, token, project, filler):
    """Uploads a wheel of about the filler's size, and returns the address it is served at."""
    stem = f"{project.replace('-', '_')}-1.0"
    metadata = f"Metadata-Version: 2.1\nName: {project}\nVersion: 1.0\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{stem}.dist-info/METADATA", metadata)
        archive.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{stem}.dist-info/RECORD", "")
        archive.writestr("filler", filler[: max(0, len(filler) - 700)])
    content = buffer.getvalue()
    name = f"{stem}-py3-none-any.whl"
    upload(repository, token, project, name, content)
    return f"{repository}simple/{project}/1.0/{quote(name)}"


def upload(repository, token, project, name, content):
    boundary = uuid.uuid4().hex
    fields = {
        ":action": "file_upload",
        "protocol_version": "1",
        "metadata_version": "2.1",
        "name": project,
        "version": "1.0",
        "filetype": "bdist_wheel",
        "pyversion": "py3",
        "sha256_digest": hashlib.sha256(content).hexdigest(),
    }
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    )
    body += f'--{boundary}\r\nContent-Disposition: form-data; name="content"; '.encode()
    body += f'filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode()
    body += content + f"\r\n--{boundary}--\r\n".encode()
    request = urllib.request.Request(repository, data=body, method="POST")
    request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
    request.add_header("Authorization", f"Bearer {token}")
    urllib.request.urlopen(request).read()
