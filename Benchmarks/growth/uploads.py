"""How versions of each format are published, one small file each."""

import copy
import hashlib
import io
import zipfile


class Generic:
    def __init__(self, caller, package):
        self.caller = caller
        self.query = dict(
            domain="growth", repository="files", format="generic", namespace="lab", package=package
        )

    def clone(self):
        other = copy.copy(self)
        other.caller = self.caller.clone()
        return other

    @staticmethod
    def version(number):
        return f"1.{number}.0"

    def publish(self, number):
        version = self.version(number)
        self.caller.call(
            "POST", "/v1/package/version/publish", body=version.encode(), content=True,
            **self.query, version=version, asset="file.txt",
        )


class Python(Generic):
    """Wheels, as twine uploads them."""

    def __init__(self, caller, package):
        super().__init__(caller, package)
        self.query = dict(domain="growth", repository="files", format="pypi", package=package)
        token = caller.call("POST", "/v1/authorization-token", domain="growth")
        where = caller.call(
            "GET", "/v1/repository/endpoint", domain="growth", repository="files", format="pypi"
        )
        self.token = token["authorizationToken"]
        self.path = where["repositoryEndpoint"].partition(caller.host)[2]

    def publish(self, number):
        name, version = self.query["package"], self.version(number)
        content = wheel(name, version)
        boundary = "part-of-the-upload"
        fields = {
            ":action": "file_upload", "protocol_version": "1", "metadata_version": "2.1",
            "name": name, "version": version, "filetype": "bdist_wheel", "pyversion": "py3",
            "sha256_digest": hashlib.sha256(content).hexdigest(),
        }
        body = b"".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in fields.items()
        )
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="content"; '.encode()
        body += f'filename="{name}-{version}-py3-none-any.whl"\r\n\r\n'.encode()
        body += content + f"\r\n--{boundary}--\r\n".encode()
        headers = {
            "content-type": f"multipart/form-data; boundary={boundary}",
            "authorization": f"Bearer {self.token}",
        }
        self.caller.send("POST", self.path, body, headers)


def wheel(name, version):
    buffer = io.BytesIO()
    stem = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{stem}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{stem}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{stem}/RECORD", "")
    return buffer.getvalue()


FORMATS = {"generic": Generic, "pypi": Python}
