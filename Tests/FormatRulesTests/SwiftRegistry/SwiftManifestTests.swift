import FormatRules
import Testing

@Suite("Manifests of Swift packages")
struct SwiftManifestTests {
  @Test(arguments: [
    ("// swift-tools-version:5.9", "5.9"), ("// swift-tools-version: 6.0\nimport x", "6.0"),
    ("//swift-tools-version:5.3.1\r\n", "5.3.1"),
    ("\n\t// SWIFT-Tools-Version:4.2;(experimental)", "4.2"),
    ("//\tswift-tools-version : 5.10 ", "5.10"), ("// swift-tools-version:5.6-dev", "5.6"),
    ("\u{FEFF}// swift-tools-version:5.7", "5.7"), ("import PackageDescription", "3.1"),
    ("", "3.1"),
    ("// swift-tools\n// swift-tools-version:5.9", "3.1"), ("/* swift-tools-version:5.9 */", "3.1"),
  ])
  func `the tools version is that of the first line`(text: String, version: String) throws {
    #expect(try SwiftToolsVersion(ofManifest: text.bytes).text == version)
  }

  @Test(arguments: ["6", "", "x.y", "5.", "5..1", "5.9.1.1", "99999999999.0", "５.9"])
  func `a tools version that SwiftPM cannot read is refused`(version: String) {
    #expect(throws: MalformedInput.self) {
      try SwiftToolsVersion(ofManifest: "// swift-tools-version:\(version)".bytes)
    }
  }

  private func manifest(_ name: String, _ version: String) throws -> SwiftManifest {
    SwiftManifest(
      name: try #require(SwiftManifestName(name)),
      toolsVersion: try #require(SwiftToolsVersion(version))
    )
  }

  /// SwiftPM asks for 6.0.0 where the file is named by 6, and by the version inside the file.
  @Test func `a manifest is chosen by numbers, by its name first`() throws {
    let manifests = [
      try manifest("Package.swift", "5.5"), try manifest("Package@swift-5.9.swift", "5.8"),
      try manifest("Package@swift-6.swift", "6.1"), try manifest("Package@swift-5.8.swift", "5.8"),
      try manifest("Package@swift-5.10.1.swift", "5.7"),
      try manifest("Package@swift-5.7.2.swift", "5.7"),
    ]
    for (asked, name) in [
      ("6", "Package@swift-6.swift"), ("6.0", "Package@swift-6.swift"),
      ("6.0.0", "Package@swift-6.swift"), ("6.1", "Package@swift-6.swift"),
      ("5.8.0", "Package@swift-5.8.swift"), ("5.7", "Package@swift-5.10.1.swift"), ("5.5", nil),
      ("7", nil),
    ] {
      let wanted = try #require(SwiftToolsVersion(asked))
      #expect(SwiftManifest.choose(wanted, from: manifests)?.name.text == name, "\(asked)")
    }
  }

  @Test(arguments: [
    "package.swift", "Package@swift-.swift", "Package@swift-x.swift", "Package@swift-5.9.swift.bak",
    "Package@swift-5.9", "Package@swift-5.9/.swift", "a/Package.swift", "Package@swift.swift",
  ])
  func `other files are no manifests`(name: String) {
    #expect(SwiftManifestName(name) == nil)
  }

  @Test func `a link has the four fields that SwiftPM counts, and no address that breaks them`()
    throws
  {
    var links = SwiftLinks()
    links.add(
      "http://h/a?swift-version=6.0",
      manifest: try manifest("Package@swift-6.swift", "6.0")
    )
    links.add("http://h/a", relation: "latest-version")
    for address in ["http://h/a,b", "http://h/a;b", "http://h/\"", "h>", "a b", "a\nb", "ä", ""] {
      links.add(address, relation: "canonical")
    }
    #expect(
      links.value == "<http://h/a?swift-version=6.0>; rel=\"alternate\"; "
        + "filename=\"Package@swift-6.swift\"; swift-tools-version=\"6.0\", "
        + "<http://h/a>; rel=\"latest-version\""
    )
  }

  @Test(arguments: [
    (["application/vnd.swift.registry.v1+json"], "json", SwiftMediaType.Verdict.acceptable),
    (["Application/vnd.swift.registry+json"], "json", .acceptable), ([], "zip", .acceptable),
    (["application/vnd.swift.registry.v1"], "zip", .acceptable), (["*/*"], "zip", .acceptable),
    (["application/vnd.swift.registry.v2+json"], "json", .unknownVersion("v2")),
    (["application/vnd.swift.registry.v1+json"], "zip", .otherForm("json")),
    (
      ["application/vnd.swift.registry.v2+zip, application/vnd.swift.registry.v1+zip;q=0.5"], "zip",
      .acceptable
    ),
  ])
  func `media types`(accept: [String], form: String, verdict: SwiftMediaType.Verdict) {
    #expect(SwiftMediaType.judge(accept: accept, form: form) == verdict)
  }

  @Test func `dependencies are found by the text of the manifest`() {
    let manifest = #"""
      // swift-tools-version:5.9
      // .package(id: "commented.out", from: "1.0.0")
      /* .package(url: "https://git.test/out", /* nested */ from: "1.0.0") */
      let other = ".package(id: \"in.text\")"
      let package = Package(name: "x", dependencies: [
        .package(id: "Mona.LinkedList", .upToNextMajor(from: "1.2.0")),
        .package(
          name: "Old", url: "https://git.test/old.git",
          "1.0.0"..<"2.0.0"),
        .package(url: address, from: "1.0.0"), .package(path: "../local"),
        .package(id: "Mona.LinkedList", .upToNextMajor(from: "1.2.0")),
      ], targets: [.target(name: "x", dependencies: [.product(name: "L", package: "LinkedList")])])
      """#
    let found = SwiftDependencyScanner.dependencies(in: manifest.bytes)
    #expect(found.map(\.target) == ["Mona.LinkedList", "https://git.test/old.git"])
    #expect(
      found.map(\.requirement) == [".upToNextMajor(from: \"1.2.0\")", "\"1.0.0\"..<\"2.0.0\""]
    )
    #expect(found[0].json["namespace"]?.string == "mona")
    #expect(found[0].json["package"]?.string == "linkedlist")
    #expect(found[1].json["package"]?.string == "https://git.test/old.git")
    for broken in [".package(", ".package(id: \"a.b", "/* ", ".package(id:", "\"\\", ".package(id"]
    {
      _ = SwiftDependencyScanner.dependencies(in: broken.bytes)
    }
  }
}
