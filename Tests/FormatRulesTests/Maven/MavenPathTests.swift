import FormatRules
import Testing

@Suite("Maven paths")
struct MavenPathTests {
  private func path(_ text: String) -> MavenPath? {
    MavenPath(text.split(separator: "/", omittingEmptySubsequences: false).map(String.init))
  }

  private func parsed(_ text: String) -> MavenFile? {
    if case .file(let file, nil) = path(text) { file } else { nil }
  }

  @Test func `a file has a package, a version and a name`() throws {
    let file = try #require(parsed("org/acme/tools/widget/1.0/widget-1.0-sources.jar"))
    #expect(file.group == "org.acme.tools")
    #expect(file.artifact == "widget")
    #expect(file.version == "1.0")
    #expect(file.name == "widget-1.0-sources.jar")
    #expect(parsed("junit/junit/4.13/junit-4.13.jar")?.group == "junit")
    #expect(parsed("g/a/0.1.0+build.5~x/a.jar")?.version == "0.1.0+build.5~x")
  }

  @Test func `a checksum belongs to a file`() throws {
    guard case .file(let file, let checksum?) = path("g/a/1/a-1.jar.asc.sha512") else {
      Issue.record("no checksum")
      return
    }
    #expect(file.name == "a-1.jar.asc")
    #expect(checksum == .sha512)
    #expect(parsed("g/a/1/.sha1")?.name == ".sha1")
  }

  @Test func `metadata is of an artifact, a group or a snapshot`() {
    #expect(
      path("org/acme/widget/maven-metadata.xml")
        == .metadata(group: "org.acme", artifact: "widget", nil)
    )
    #expect(path("acme/maven-metadata.xml.md5") == .metadata(group: nil, artifact: "acme", .md5))
    #expect(
      path("org/acme/widget/1.0-SNAPSHOT/maven-metadata.xml.sha1")
        == .snapshotMetadata(group: "org.acme", artifact: "widget", base: "1.0", .sha1)
    )
    #expect(path("maven-metadata.xml") == nil)
  }

  @Test func `files of a snapshot belong to the build in their name`() throws {
    let folder = "org/acme/widget/1.0-SNAPSHOT/"
    let jar = try #require(parsed(folder + "widget-1.0-20210728.194552-12-sources.jar"))
    #expect(jar.version == "1.0-20210728.194552-12")
    #expect(jar.literalRest == nil)
    let literal = try #require(parsed(folder + "widget-1.0-SNAPSHOT-sources.jar"))
    #expect(literal.version == nil)
    #expect(literal.literalRest == "-sources.jar")
    for name in ["ivy-1.0-SNAPSHOT.xml", "other-1.0-20210728.194552-1.jar", "widget-1.0-2021.jar"] {
      #expect(parsed(folder + name)?.version == nil, "\(name)")
      #expect(parsed(folder + name)?.literalRest == nil, "\(name)")
    }
    #expect(parsed("g/a/-SNAPSHOT/a--20210728.194552-1.jar")?.version == nil)
  }

  @Test(arguments: [
    "", "/", "a", "a/b", "g/a/1.0", "g/a/1.0/", "g//a/1/f", "/g/a/1/f", "../a/1/f", "g/../1/f",
    "g/a/../f", "g/a/1/..", "g/a/1/.", "org.acme/a/1/f", "g/a b/1/f", "g/ä/1/f", "g/a/1:2/f",
    "g/a/[1,2)/f", "g/a/1/f\u{0}", "g/a/1/\u{202E}gpj.exe", "g/a/1/a\\b", "g/a/ 1/f", "g/a/1/f ",
    "__proto__\u{7F}/a/1/f",
  ])
  func `what is no path of a file is none`(text: String) {
    #expect(path(text) == nil)
  }

  @Test func `odd names that Maven allows are names`() {
    for text in [
      "__proto__/constructor/1/f", "g/a./1./f.", "G/A/1/f",
      "g/a/\(String(repeating: "1", count: 214))/f",
      "g/a/1/ä.jar", "g/a/1/a b.jar", "g/a/1 beta/f",
    ] {
      #expect(parsed(text) != nil, "\(text)")
    }
    #expect(parsed("g/\(String(repeating: "a", count: 256))/1/f") == nil)
  }

  @Test func `a separator inside a segment is no separator`() {
    #expect(MavenPath(["g", "a/b", "1", "f"]) == nil)
    #expect(MavenPath(["g", "a", "1", "a/b"]) == nil)
  }

  @Test func `digests are found in checksum files of every dialect`() {
    let digest = String(repeating: "0a", count: 20)
    for text in [
      digest, digest + "\n", "\(digest)  a.jar\n", "SHA1(a.jar)= \(digest)\n", "a.jar: \(digest)",
      "\(digest) *a.jar",
    ] {
      #expect(ChecksumAlgorithm.sha1.find(in: text.bytes) == digest, "\(text)")
    }
    for text in ["", "<html>", digest + "0", String(repeating: "zz", count: 20)] {
      #expect(ChecksumAlgorithm.sha1.find(in: text.bytes) == nil, "\(text)")
    }
    #expect(
      ChecksumAlgorithm.md5.hexadecimal(of: []) == "d41d8cd98f00b204e9800998ecf8427e"
    )
    #expect(
      ChecksumAlgorithm.sha1.hexadecimal(of: "abc".bytes)
        == "a9993e364706816aba3e25717850c26c9cd0d89d"
    )
  }
}
