"""Makes the archives and pages in this folder: run it here, with nothing but Python's own library.

The results are committed, so that tests need no Python and their bytes never change.
"""

import gzip, io, random, struct, tarfile, zipfile, zlib

METADATA = b"""Metadata-Version: 2.1
Name: Demo.Pkg
Version: 1.0.0
Summary: A demonstration of umlauts: \xc3\xa4\xc3\xb6\xc3\xbc
Requires-Python: >=3.8
Classifier: Programming Language :: Python :: 3
Classifier: License :: OSI Approved

The description.

Second paragraph.
"""
STAMP = (2024, 1, 2, 3, 4, 6)


def put(archive, name, data, method=zipfile.ZIP_DEFLATED):
    info = zipfile.ZipInfo(name, STAMP)
    info.compress_type = method
    archive.writestr(info, data)


def wheel(path, members, comment=b""):
    with zipfile.ZipFile(path, "w") as archive:
        for member in members:
            put(archive, *member)
        archive.comment = comment


noise = random.Random(7).randbytes(20_000)
folder = "demo_pkg-1.0.0.dist-info"
wheel("deflated.whl", [("demo_pkg/__init__.py", b"x = 1\n" * 500), ("demo_pkg/noise.bin", noise),
      (f"{folder}/METADATA", METADATA), (f"{folder}/WHEEL", b"Wheel-Version: 1.0\n")])
wheel("stored.whl", [(f"{folder}/METADATA", METADATA, zipfile.ZIP_STORED)], b"a comment")
wheel("without-metadata.whl", [("demo_pkg/__init__.py", b"")])
wheel("other-project.whl", [("other-1.0.0.dist-info/METADATA", METADATA)])
wheel("two-metadata.whl", [(f"{folder}/METADATA", METADATA), ("demo.pkg-1.0.dist-info/METADATA", b"")])
wheel("bzip2.whl", [(f"{folder}/METADATA", METADATA, zipfile.ZIP_BZIP2)])
wheel("sdist.zip", [("demo.pkg-1.0.0/PKG-INFO", METADATA), ("demo.pkg-1.0.0/a/PKG-INFO", b"no")])


def zip64():
    """An archive whose every 32-bit field is saturated, as those beyond 4 GiB have them."""
    name = f"{folder}/METADATA".encode()
    full, crc = 0xFFFFFFFF, zlib.crc32(METADATA)
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0, 0, 0, 0, crc, full, full, len(name), 20)
    local += name + struct.pack("<HHQQ", 1, 16, len(METADATA), len(METADATA)) + METADATA
    extra = struct.pack("<HHQQQ", 1, 24, len(METADATA), len(METADATA), 0)
    central = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 45, 45, 0, 0, 0, 0, crc, full, full,
                          len(name), len(extra), 0, 0, 0, 0, full) + name + extra
    end64 = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 1, 1, len(central), len(local))
    locator = struct.pack("<IIQI", 0x07064B50, 0, len(local) + len(central), 1)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, full, full, 0)
    return local + central + end64 + locator + end


open("zip64.whl", "wb").write(zip64())


def sdist(path, members, form=tarfile.PAX_FORMAT):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=form) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.mtime = 1704164646
            archive.addfile(info, io.BytesIO(data))
    with open(path, "wb") as file:
        file.write(gzip.compress(raw.getvalue(), mtime=0))


deep = "demo.pkg-1.0.0/" + "d" * 120 + "/" + "e" * 120 + "/long.py"
for form, name in [(tarfile.PAX_FORMAT, "pax"), (tarfile.GNU_FORMAT, "gnu")]:
    sdist(f"{name}.tar.gz", [(deep, noise), ("demo.pkg-1.0.0/x/PKG-INFO", b"no"),
          ("demo.pkg-1.0.0/PKG-INFO", METADATA), ("demo.pkg-1.0.0/setup.py", b"pass")], form)
sdist("long-folder.tar.gz", [("f" * 150 + "/PKG-INFO", METADATA)], tarfile.PAX_FORMAT)
sdist("without-pkg-info.tar.gz", [("demo.pkg-1.0.0/setup.py", b"pass")])

text = (b"It was the best of times, it was the worst of times, " * 40 + noise[:3000]) * 6
for level in (0, 1, 6, 9):
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    open(f"text-{level}.deflate", "wb").write(packer.compress(text) + packer.flush())
packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_FIXED)
open("text-fixed.deflate", "wb").write(packer.compress(text) + packer.flush())
open("text.raw", "wb").write(text)
open("members.gz", "wb").write(gzip.compress(text[:5000], mtime=0) + gzip.compress(text[5000:9000], mtime=0))
