import ArchiveSamples
import Testing

@testable import FormatRules

/// Zip archives that lie about what they hold.
@Suite("Hostile zip archives")
struct HostileZipTests {
  private let nuspec = (name: "a.nuspec", text: NuGetNuspecTests.minimal("a", "1.0"))

  private func refusal(_ read: () async throws -> Void) async -> String {
    do {
      try await read()
      return "accepted"
    } catch { return (error as? MalformedInput)?.reason ?? "\(error)" }
  }

  @Test func `a member that grows beyond what the directory says is refused`() async {
    var zip = TestZip([nuspec])
    zip.members[0].bytes = TestGzip.deflatedZeros(1 << 20)
    zip.members[0].method = 8
    zip.members[0].declaredByteCount = 1000
    #expect(
      await refusal { _ = try await NuGetArchive(of: zip.source) }.contains("end where it should")
    )
  }

  @Test func `one that declares too much is refused before anything is read`() async throws {
    var zip = TestZip([nuspec])
    zip.members[0].bytes = TestGzip.deflatedZeros(8 << 20)
    zip.members[0].method = 8
    zip.members[0].declaredByteCount = 8 << 20
    let entry = try await ZipDirectory(of: zip.source).entries[0]
    let silent = ByteSource(byteCount: .max) { _ in throw CancellationError() }
    #expect(
      await refusal { _ = try await entry.extract(from: silent, upTo: 4 << 20) }.contains("longer")
    )
    #expect(await refusal { _ = try await NuGetArchive(of: zip.source) }.contains("longer"))
  }

  @Test func `overlapping members are refused where an archive is unpacked somewhere`() async {
    var zip = TestZip([nuspec, ("lib/a.dll", "x"), ("lib/b.dll", "y")])
    zip.overlaps = true
    #expect(await refusal { _ = try await NuGetArchive(of: zip.source) }.contains("overlap"))
  }

  @Test(arguments: ["/x", "../x", "lib/../../x", "lib\\..\\x", "a//b", "./x", "x\u{7F}"])
  func `a package's paths lead nowhere else`(path: String) async {
    let zip = TestZip([nuspec, (path, "")])
    #expect(await refusal { _ = try await NuGetArchive(of: zip.source) }.contains("path"))
  }

  @Test func `a wheel on its way in keeps to the same`() async throws {
    let name = try #require(DistributionFileName("a-1.0-py3-none-any.whl"))
    let metadata = (name: "a-1.0.dist-info/METADATA", text: "Name: a\nVersion: 1.0\n")
    var overlapping = TestZip([metadata, ("a.py", ""), ("b.py", "")])
    overlapping.overlaps = true
    let cases: [(TestZip, String)] = [
      (TestZip([metadata, ("../a.py", "")]), "path"), (TestZip([metadata, ("/a.py", "")]), "path"),
      (TestZip([metadata, ("a.py", "1"), ("a.py", "2")]), "twice"), (overlapping, "overlap"),
    ]
    for (zip, reason) in cases {
      let said = await refusal { try await WheelMetadata.check(zip.source, named: name) }
      #expect(said.contains(reason), "\(said)")
    }
    try await WheelMetadata.check(
      TestZip([metadata, ("a/", ""), ("a/b.py", "")]).source,
      named: name
    )
  }

  @Test func `a directory that is elsewhere, endless or cut is refused`() async {
    let whole = TestZip([nuspec]).bytes
    for (offset, value) in [(12, UInt32.max - 1), (16, UInt32.max - 1), (12, 1), (16, 1)] {
      var bytes = whole
      for index in 0..<4 {
        bytes[bytes.count - 22 + offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index))
      }
      #expect(await refusal { _ = try await ZipDirectory(of: ByteSource(bytes)) } != "accepted")
    }
    for count in [0, 1, 21, whole.count - 1] {
      let cut = ByteSource(Array(whole.prefix(count)))
      #expect(await refusal { _ = try await ZipDirectory(of: cut) } != "accepted")
    }
  }

  @Test func `a count that the directory cannot hold is refused before it is read`() async {
    var bytes = TestZip([nuspec]).bytes
    (bytes[bytes.count - 12], bytes[bytes.count - 11]) = (0xFE, 0xFF)
    #expect(
      await refusal { _ = try await ZipDirectory(of: ByteSource(bytes)) }.contains("promises")
    )
  }
}
