"""Small real wheels, and the legacy upload that twine does."""

import base64
import hashlib
import io
import urllib.request
import zipfile

METADATA = """Metadata-Version: 2.1
Name: {name}
Version: {version}
Summary: {summary}
License: MIT
Requires-Python: >=3.8
"""


def wheel(name, version, summary="A package for a check", extra=None):
    """A wheel's file name and bytes; the same for the same arguments.

    `extra` is more metadata, whole lines and perhaps a description.
    """
    plain = name.replace("-", "_")
    info = f"{plain}-{version}.dist-info"
    files = {
        f"{plain}.py": f"version = {version!r}\n",
        f"{info}/METADATA": METADATA.format(name=name, version=version, summary=summary)
        + (extra or f"Home-page: https://example.invalid/{name}\n"),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = f"{info}/RECORD"
    lines = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        lines.append(f"{path},sha256={digest.decode()},{len(text)}")
    files[record] = "\n".join(lines + [f"{record},,"]) + "\n"
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0)), text)
    return f"{plain}-{version}-py3-none-any.whl", output.getvalue()


def upload(endpoint, token, name, version, **more):
    """Publishes a wheel; returns its file name and bytes."""
    file_name, content = wheel(name, version, **more)
    fields = {
        ":action": "file_upload", "protocol_version": "1", "metadata_version": "2.1",
        "name": name, "version": version, "filetype": "bdist_wheel", "pyversion": "py3",
        "summary": more.get("summary", "A package for a check"),
        "home_page": f"https://example.invalid/{name}", "license": "MIT",
        "requires_python": ">=3.8",
        "sha256_digest": hashlib.sha256(content).hexdigest(),
    }
    boundary = "conformance-boundary"
    body = io.BytesIO()
    for key, value in fields.items():
        body.write(f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n'
                   f"{value}\r\n".encode())
    body.write(f'--{boundary}\r\nContent-Disposition: form-data; name="content"; '
               f'filename="{file_name}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode())
    body.write(content + f"\r\n--{boundary}--\r\n".encode())
    credentials = base64.b64encode(f"aws:{token}".encode()).decode()
    request = urllib.request.Request(endpoint, data=body.getvalue(), method="POST", headers={
        "Authorization": f"Basic {credentials}",
        "Content-Type": f"multipart/form-data; boundary={boundary}"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        assert reply.status == 200, reply.status
    return file_name, content
