"""The package `widget` 1.0.0 in every format that has a client, published as that client does it.

Whatever the format, it says of itself: `About it`, MIT, https://widget.invalid, two dependencies,
and, where packages have one, the readme `# Read me`.
"""

import base64
import gzip
import hashlib
import io
import json
import struct
import tarfile
import urllib.error
import urllib.request
import zipfile

import wheels

SUMMARY, LICENSE, HOME, README = "About it", "MIT", "https://widget.invalid", "# Read me\n"
WHEN = (2024, 1, 1, 0, 0, 0)


def send(method, url, token, body=None, scheme="Basic", **headers):
    """One request with a token; returns status and body."""
    value = token
    if scheme == "Basic":
        value = "Basic " + base64.b64encode(f"aws:{token}".encode()).decode()
    request = urllib.request.Request(url, data=body, method=method, headers={
        "Authorization": value, **{k.replace("_", "-"): v for k, v in headers.items()}})
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def accepted(answer):
    """Fails unless an answer of `send` is a success; returns its body."""
    status, body = answer
    assert 200 <= status < 300, f"{status}: {body[:500]!r}"
    return body


def tarball(files, compress=True):
    """A tape archive of texts and bytes, the same for the same files."""
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as archive:
        for path, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            info = tarfile.TarInfo(path)
            info.size, info.mode = len(data), 0o444
            archive.addfile(info, io.BytesIO(data))
    return gzip.compress(output.getvalue(), mtime=0) if compress else output.getvalue()


def zipped(files):
    """A zip archive of texts, the same for the same files."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, WHEN), content)
    return output.getvalue()


def form(name, file_name, content):
    """A form with one file: its type and its bytes."""
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
    head += "Content-Type: application/octet-stream\r\n\r\n"
    return "multipart/form-data; boundary=b", head.encode() + content + b"\r\n--b--\r\n"


class Npm:
    format, coordinates = "npm", dict(namespace="acme", package="widget")
    connection, display = "public:npmjs", "@acme/widget"
    needs = [("regular", None, "left", "^1.0.0"), ("peer", "types", "node", ">=18")]
    files = ["@acme/widget/-/widget-1.0.0.tgz"]
    readme = README

    @staticmethod
    def publish(endpoint, token):
        manifest = {
            "name": "@acme/widget", "version": "1.0.0", "description": SUMMARY, "license": LICENSE,
            "homepage": HOME, "repository": {"type": "git", "url": "https://git.invalid/w.git"},
            "dependencies": {"left": "^1.0.0"}, "peerDependencies": {"@types/node": ">=18"}}
        archive = tarball({"package/package.json": json.dumps(manifest),
                           "package/README.md": README})
        Npm.put(endpoint, token, manifest, archive, readme=README)

    @staticmethod
    def put(endpoint, token, manifest, archive, **more):
        """Sends the document that `npm publish` makes."""
        name, version = manifest["name"], manifest["version"]
        document = {
            "_id": name, "name": name, "dist-tags": {"latest": version},
            "versions": {version: {**manifest, **more, "dist": {
                "shasum": hashlib.sha1(archive).hexdigest()}}},
            "_attachments": {f"{name}-{version}.tgz": {
                "content_type": "application/octet-stream", "length": len(archive),
                "data": base64.b64encode(archive).decode()}}}
        accepted(send("PUT", endpoint + name.replace("/", "%2f"), token,
                      json.dumps(document).encode(), Content_Type="application/json"))


class PyPI:
    format, coordinates = "pypi", dict(package="widget")
    connection, display = "public:pypi", "widget"
    needs = [("Requires-Dist", None, "left", ">=1.0"),
             ("Requires-Dist", None, "right-hand", "[x]<3; python_version < '4'")]
    files = ["simple/widget/1.0.0/widget-1.0.0-py3-none-any.whl"]
    readme = README

    @staticmethod
    def publish(endpoint, token):
        extra = (f"Home-page: {HOME}\nRequires-Dist: left (>=1.0)\n"
                 "Requires-Dist: Right_Hand[x]<3; python_version < '4'\n\n" + README)
        wheels.upload(endpoint, token, "widget", "1.0.0", summary=SUMMARY, extra=extra)


class Maven:
    format, coordinates = "maven", dict(namespace="org.acme", package="widget")
    connection, display = "public:maven-central", "The Widget"
    needs = [("parent", "org.acme", "parent", "7"), ("test", "org.acme", "left", "1.0.0")]
    files = ["org/acme/widget/1.0.0/widget-1.0.0.pom", "org/acme/widget/1.0.0/widget-1.0.0.jar"]
    readme = None

    @staticmethod
    def publish(endpoint, token):
        pom = f"""<project><modelVersion>4.0.0</modelVersion>
          <parent><groupId>org.acme</groupId><artifactId>parent</artifactId><version>7</version>
          </parent><artifactId>widget</artifactId><version>1.0.0</version><name>The Widget</name>
          <description>{SUMMARY}</description><url>{HOME}</url>
          <licenses><license><name>{LICENSE}</name></license></licenses><dependencies><dependency>
          <groupId>${{project.groupId}}</groupId><artifactId>left</artifactId>
          <version>${{project.version}}</version><scope>test</scope></dependency></dependencies>
          </project>"""
        metadata = """<metadata><groupId>org.acme</groupId><artifactId>widget</artifactId>
          <versioning><release>1.0.0</release><versions><version>1.0.0</version></versions>
          </versioning></metadata>"""
        for path, content in [(Maven.files[0], pom.encode()), (Maven.files[1], b"a jar"),
                              ("org/acme/widget/maven-metadata.xml", metadata.encode())]:
            accepted(send("PUT", endpoint + path, token, content))


class NuGet:
    format, coordinates = "nuget", dict(package="widget")
    connection, display = "public:nuget-org", "Widget"
    needs = [(None, None, "Left", "[1.0.0, )"), (None, None, "Right", "[2.0.0, 3.0.0)")]
    files = ["v3/flatcontainer/widget/1.0.0/widget.1.0.0.nupkg"]
    readme = README

    @staticmethod
    def publish(endpoint, token):
        nuspec = f"""<package><metadata><id>Widget</id><version>1.0.0</version>
          <authors>Ann</authors><description>{SUMMARY}</description><projectUrl>{HOME}</projectUrl>
          <license type="expression">{LICENSE}</license><readme>docs\\README.md</readme>
          <dependencies><group targetFramework="net8.0"><dependency id="Left" version="1.0"/>
          <dependency id="Right" version="[2.0,3.0)"/></group></dependencies>
          </metadata></package>"""
        kind, body = form("package", "widget.nupkg",
                          zipped({"Widget.nuspec": nuspec, "docs/README.md": README}))
        accepted(send("PUT", endpoint + "v3/package/", token, body, Content_Type=kind))


class Cargo:
    format, coordinates = "cargo", dict(package="widget")
    connection, display = "public:crates-io", "widget"
    needs = [("normal", None, "left", "^1"), ("dev", None, "right", "*")]
    files = ["api/v1/crates/widget/1.0.0/download"]
    readme = README

    @staticmethod
    def publish(endpoint, token):
        def need(name, requirement, kind):
            return {"name": name, "version_req": requirement, "kind": kind, "features": [],
                    "optional": False, "default_features": True, "target": None}

        about = {
            "name": "widget", "vers": "1.0.0", "description": SUMMARY, "license": LICENSE,
            "homepage": HOME, "features": {}, "authors": ["Ann"], "readme_file": "README.md",
            "deps": [need("left", "^1", "normal"), need("right", "*", "dev")]}
        manifest = (f'[package]\nname = "widget"\nversion = "1.0.0"\ndescription = "{SUMMARY}"\n'
                    f'license = "{LICENSE}"\nhomepage = "{HOME}"\nreadme = "README.md"\n')
        archive = tarball({"widget-1.0.0/Cargo.toml": manifest, "widget-1.0.0/README.md": README})
        text = json.dumps(about).encode()
        body = struct.pack("<I", len(text)) + text + struct.pack("<I", len(archive)) + archive
        accepted(send("PUT", endpoint + "api/v1/crates/new", token, body, scheme="bare"))


class Ruby:
    format, coordinates = "ruby", dict(package="widget")
    connection, display = "public:ruby-gems-org", "widget"
    needs = [("runtime", None, "left", "~> 1.0, >= 1.0.2"),
             ("development", None, "right", ">= 0")]
    files = ["gems/widget-1.0.0.gem"]
    readme = README

    @staticmethod
    def publish(endpoint, token):
        specification = f"""--- !ruby/object:Gem::Specification
name: widget
version: !ruby/object:Gem::Version
  version: 1.0.0
platform: ruby
summary: {SUMMARY}
homepage: {HOME}
licenses:
- {LICENSE}
dependencies:
- !ruby/object:Gem::Dependency
  name: left
  requirement: !ruby/object:Gem::Requirement
    requirements:
    - - "~>"
      - !ruby/object:Gem::Version
        version: '1.0'
    - - ">="
      - !ruby/object:Gem::Version
        version: 1.0.2
  type: :runtime
- !ruby/object:Gem::Dependency
  name: right
  requirement: !ruby/object:Gem::Requirement
    requirements:
    - - ">="
      - !ruby/object:Gem::Version
        version: '0'
  type: :development
"""
        gem = tarball({
            "metadata.gz": gzip.compress(specification.encode(), mtime=0),
            "data.tar.gz": tarball({"lib/widget.rb": "", "README.md": README})}, compress=False)
        accepted(send("POST", endpoint + "api/v1/gems", token, gem, scheme="bare"))


class Swift:
    format, coordinates = "swift", dict(namespace="acme", package="widget")
    connection, display = None, "Acme.Widget"
    needs = [(None, "acme", "left", 'from: "1.0.0"'),
             (None, None, "right", 'https://git.invalid/Right.git, from: "2.0.0"')]
    files = ["acme/widget/1.0.0.zip"]
    readme = README

    @staticmethod
    def publish(endpoint, token):
        manifest = """// swift-tools-version:5.9
import PackageDescription
let package = Package(name: "Widget", dependencies: [
  .package(id: "acme.left", from: "1.0.0"),
  .package(url: "https://git.invalid/Right.git", from: "2.0.0"),
])
"""
        archive = zipped({"Widget/Package.swift": manifest, "Widget/README.md": README})
        kind, body = form("source-archive", "widget.zip", archive)
        metadata = json.dumps({"description": SUMMARY}).encode()
        part = b'--b\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n' + metadata
        accepted(send("PUT", endpoint + "Acme/Widget/1.0.0", token, part + b"\r\n" + body,
                      Content_Type=kind, Accept="application/vnd.swift.registry.v1+json"))


PUBLISHERS = [Npm, PyPI, Maven, NuGet, Cargo, Ruby, Swift]
