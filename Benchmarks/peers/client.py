"""What any client does to a larder: signed calls, and uploads of wheels of an exact size."""

import datetime
import hashlib
import hmac
import io
import json
import urllib.request
import uuid
import zipfile
from urllib.parse import quote, urlsplit


def signed(base, credentials, method, target, content=None):
    """Signature version 4, queries given in canonical order; `content` goes as JSON."""
    body = b"" if content is None else json.dumps(content).encode()
    now = datetime.datetime.now(datetime.timezone.utc)
    stamp, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    host = urlsplit(base).netloc
    path, _, query = target.partition("?")
    payload = hashlib.sha256(body).hexdigest()
    canonical = f"{method}\n{path}\n{query}\nhost:{host}\nx-amz-date:{stamp}\n\nhost;x-amz-date\n{payload}"
    scope = f"{day}/{credentials['region']}/codeartifact/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = b"AWS4" + credentials["secretAccessKey"].encode()
    for part in (day, credentials["region"], "codeartifact", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    request = urllib.request.Request(
        base + target, method=method, data=None if method == "GET" else body
    )
    request.add_header("X-Amz-Date", stamp)
    request.add_header(
        "Authorization",
        f"AWS4-HMAC-SHA256 Credential={credentials['accessKeyID']}/{scope}, "
        f"SignedHeaders=host;x-amz-date, Signature={signature}",
    )
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


def wheel(repository, token, project, filler, version="1.0"):
    """Uploads a wheel of about the filler's size, and returns the address it is served at."""
    name, content = wheel_file(project, filler, version)
    upload(repository, token, project, version, name, content)
    return f"{repository}simple/{project}/{version}/{quote(name)}"


def wheel_file(project, filler, version="1.0"):
    """A wheel's name and its bytes: stored, so that it is as large as what is in it."""
    stem = f"{project.replace('-', '_')}-{version}"
    metadata = f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{stem}.dist-info/METADATA", metadata)
        archive.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{stem}.dist-info/RECORD", "")
        archive.writestr("filler", filler[: max(0, len(filler) - 700)])
    return f"{stem}-py3-none-any.whl", buffer.getvalue()


def upload(repository, token, project, version, name, content):
    boundary = uuid.uuid4().hex
    fields = {
        ":action": "file_upload",
        "protocol_version": "1",
        "metadata_version": "2.1",
        "name": project,
        "version": version,
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
