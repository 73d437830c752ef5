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

  @Test func `a directory of too many members is refused at its end`() async {
    // The long form, which is all that is read: no directory is there.
    var bytes = [UInt8](repeating: 0, count: 56 + 20 + 22)
    func put(_ value: UInt64, at offset: Int, _ width: Int) {
      for index in 0..<width {
        bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index))
      }
    }
    let start: UInt64 = 60 << 20
    put(0x0606_4B50, at: 0, 4)
    put(200_001, at: 32, 8)
    put(start, at: 40, 8)
    put(0x0706_4B50, at: 56, 4)
    put(start, at: 64, 8)
    put(0x0605_4B50, at: 76, 4)
    for offset in [8, 10] { put(0xFFFF, at: 76 + offset, 2) }
    for offset in [12, 16] { put(0xFFFF_FFFF, at: 76 + offset, 4) }
    let tail = bytes
    let source = ByteSource(byteCount: start + UInt64(tail.count)) { range in
      guard range.upperBound > start else { throw CancellationError() }
      return range.map { $0 < start ? 0 : tail[Int($0 - start)] }
    }
    #expect(await refusal { _ = try await ZipDirectory(of: source) }.contains("200000 members"))
  }

  @Test func `what members say they become is held against the archive's size`() async throws {
    // 300 kB of deflated data, and 1000 times as much declared: possible, and a bomb.
    let data = [UInt8](repeating: 7, count: 300_000)
    func zip(_ count: Int, declaring byteCount: UInt32) -> TestZip {
      var zip = TestZip([nuspec])
      for number in 0..<count {
        let member = TestZip.Member(
          name: "\(number)",
          bytes: data,
          declaredByteCount: byteCount,
          method: 8
        )
        zip.members.append(member)
      }
      return zip
    }
    let said: (TestZip) async -> String = { zip in
      await refusal { _ = try await NuGetArchive(of: zip.source) }
    }
    #expect(await said(zip(1, declaring: 310_000_000)).contains("1032 times its size"))
    #expect(await said(zip(1, declaring: 300_000_000)).contains("100 times its size"))
    #expect(await said(zip(3, declaring: 60 << 20)).contains("100 times its size"))
    #expect(await said(zip(3, declaring: 20 << 20)) == "accepted")
    #expect(await said(zip(2, declaring: 25_000_000)) == "accepted")
  }

  @Test func `the last member ends before the directory`() async {
    var zip = TestZip([nuspec, ("a", "x")])
    #expect(await refusal { _ = try await NuGetArchive(of: zip.source) } == "accepted")
    zip.members[1].declaredCompressedByteCount = 1000
    #expect(await refusal { _ = try await NuGetArchive(of: zip.source) }.contains("overlap"))
  }

  @Test func `a source distribution and an egg keep to the same`() async throws {
    for (path, reason) in [("../x", "path"), ("/x", "path"), ("a-1/x", "accepted")] {
      let sdist = TestZip([("a-1/PKG-INFO", "Name: a"), (path, "")]).source
      let egg = TestZip([("EGG-INFO/PKG-INFO", "Name: a"), (path, "")]).source
      let said = await refusal {
        _ = try await SourceDistributionMetadata.cutOut(ofZip: sdist, inspectsMembers: true)
      }
      #expect(said.contains(reason))
      #expect(
        await refusal { _ = try await EggMetadata.cutOut(of: egg, inspectsMembers: true) }
          .contains(reason)
      )
      #expect(try await EggMetadata.cutOut(of: egg) == "Name: a".bytes)
    }
  }
}
