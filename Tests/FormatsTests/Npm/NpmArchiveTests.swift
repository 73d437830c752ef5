import FormatRules
import Testing

@Suite("npm archives")
struct NpmArchiveTests {
  private func read(_ bytes: [UInt8], pieces: Int = 97) throws -> NpmArchive.Contents {
    var archive = NpmArchive()
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      try archive.feed(Array(bytes[start..<min(start + pieces, bytes.count)]))
    }
    return try archive.finish()
  }

  private let manifest = #"{"name":"widget","version":"1.0.0"}"#

  @Test(arguments: [1, 97, 100_000])
  func `a package is looked through`(pieces: Int) throws {
    var tarball = NpmTarball(manifest)
    tarball.files += [
      ("package/README.md", Array("# Widget".utf8)), ("package/binding.gyp", []),
      ("package/npm-shrinkwrap.json", [0x7B]), ("package/deep/package.json", [0x21]),
    ]
    let contents = try read(tarball.bytes, pieces: pieces)
    #expect(contents.manifest["name"]?.string == "widget")
    #expect(contents.fileCount == 6)
    #expect(contents.unpackedByteCount == UInt64(manifest.utf8.count + 18 + 8 + 0 + 1 + 1))
    #expect(contents.readme == "# Widget")
    #expect(contents.hasBindingGyp)
    #expect(contents.hasShrinkwrap)
  }

  @Test(arguments: ["package", "widget", "node-v1.0"])
  func `the top folder may have any name`(folder: String) throws {
    let contents = try read(NpmTarball(manifest, folder: folder).bytes)
    #expect(contents.manifest["version"]?.string == "1.0.0")
  }

  @Test func `hostile and broken archives are refused`() throws {
    var climbing = NpmTarball(manifest)
    climbing.files.append(("package/../../etc/passwd", [1]))
    var absolute = NpmTarball(manifest)
    absolute.files.append(("/etc/passwd", [1]))
    var without = NpmTarball(manifest)
    without.files.removeFirst()
    var long = NpmTarball(manifest)
    long.files[0].bytes = [UInt8](repeating: 0x20, count: NpmArchive.longestManifest + 1)
    let whole = NpmTarball(manifest).bytes
    for bytes in [
      climbing.bytes, absolute.bytes, without.bytes, long.bytes, Array(whole.dropLast(9)), [],
      NpmTarball("[]").bytes, NpmTarball("{").bytes, NpmTarball(manifest).tar,
      NpmTarball(manifest, folder: "a/b").bytes,
    ] {
      #expect(throws: MalformedInput.self) { _ = try read(bytes, pieces: 65_536) }
    }
  }
}
