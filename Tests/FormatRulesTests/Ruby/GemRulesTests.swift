import Foundation
import Testing

@testable import FormatRules

/// The files of the folder `Ruby/Corpus`, made by its `generate.rb`.
enum GemCorpus {
  static func bytes(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")
    return Array(try Data(contentsOf: folder.appending(path: name)))
  }

  static func specification(_ name: String, pieces: Int = 100) throws -> GemSpecification {
    var archive = GemArchive()
    for piece in try bytes(name).pieces(of: pieces) { try archive.feed(piece) }
    return try archive.finish()
  }
}

@Suite("Names and versions of gems")
struct GemNameTests {
  @Test(arguments: ["rack", "Foo.bar_baz-2", "a", "0mq", String(repeating: "a", count: 150)])
  func `names`(text: String) {
    #expect(GemName.isValid(text))
  }

  @Test(arguments: [
    "", ".", "..", "-a", "_a", "__proto__", "1", "1.0", "a/b", "a%2fb", "a b", "ä", "а", "a+b",
    "a\n", String(repeating: "a", count: 151), String(repeating: "a", count: 214),
  ])
  func `what is no name`(text: String) {
    #expect(!GemName.isValid(text))
  }

  @Test func `versions are in RubyGems's own order`() {
    let groups = [
      ["1.0.a", "1.a", "1.0.a.0"], ["1.0.a1", "1.0.a.1", "1.a.1"], ["1.0.b1"],
      ["1.0", "1", "1.0.0"],
      ["1.1"], ["1.9"], ["1.10"], ["20240101000000000000000"],
    ].map { $0.compactMap { GemVersion($0) } }
    for (one, other) in zip(groups, groups.dropFirst()) { #expect(one[0] < other[0]) }
    for group in groups { #expect(Set(group).count == 1) }
    #expect(GemVersion("1.0.a")?.isPrerelease == true && GemVersion("1.0")?.isPrerelease == false)
  }

  @Test(arguments: ["", ".", "1.", ".1", "a", "a.1", "1..2", "1-2", "1.0+b", "1/..", " 1", "1.ä"])
  func `what is no version`(text: String) {
    #expect(GemVersion(text) == nil)
  }

  @Test func `a full name is split where a version begins`() {
    let identity = GemIdentity(name: "demo-2", number: "1.0.rc1", platform: "x86_64-darwin-19")
    #expect(identity.fileName == "demo-2-1.0.rc1-x86_64-darwin-19.gem")
    #expect(GemIdentity.candidates(fullName: identity.fullName).contains(identity))
    #expect(
      GemIdentity.candidates(fullName: "rack-2.0") == [GemIdentity(name: "rack", number: "2.0")]
    )
    #expect(GemIdentity.candidates(fullName: "rack") == [])
    #expect(GemIdentity.candidates(fullName: "../etc-1.0") == [])
    #expect(GemIdentity.candidates(fullName: "rack-1.0-..") == [])
  }
}

@Suite("Specifications of gems")
struct GemSpecificationTests {
  @Test(arguments: [1, 7, 511, 100_000])
  func `are found in the archive, however it is cut`(size: Int) throws {
    let gem = try GemCorpus.specification("demo-2-1.0.rc1-java.gem", pieces: size)
    #expect(gem.identity == GemIdentity(name: "demo-2", number: "1.0.rc1", platform: "java"))
    #expect(gem.dependencies.map(\.name) == ["rack"])
    #expect(gem.dependencies[0].requirement.texts == ["~> 2.0", ">= 2.0.1"])
    #expect(gem.developmentDependencies.map(\.name) == ["rake"])
    #expect(gem.ruby.texts == [">= 2.5", "< 4"])
    #expect(gem.authors == ["Ann", "Bob: builder", "- dash", "\"quoted\"", "3"])
    #expect(
      gem.description == "multi\nline: text\n\n  indented " + String(repeating: "long ", count: 40)
    )
    #expect(gem.day == "2020-01-02" && gem.summary == "A demo ü" && gem.licenses == ["MIT"])
    #expect(gem.links == ["source_code_uri": "http://s"])
  }

  @Test func `are written in Marshal as Ruby writes them`() throws {
    let gem = try GemCorpus.specification("demo-2-1.0.rc1.gem")
    let kept = try #require(GemSpecification(gem.identity, gem.metadata))
    #expect(kept == gem)
    let expected = try GemCorpus.bytes("demo.marshal")
    #expect(kept.marshalled == expected)
  }

  @Test func `are refused when the archive is cut or holds something twice`() throws {
    let whole = try GemCorpus.bytes("demo-2-1.0.rc1.gem")
    for count in [0, 511, 512, 700, 1500, 2048] {
      #expect(throws: MalformedInput.self) {
        var archive = GemArchive()
        try archive.feed(Array(whole.prefix(count)))
        _ = try archive.finish()
      }
    }
    #expect(throws: MalformedInput.self) {
      var archive = GemArchive()
      // The members up to the two blocks of zeros at the end, twice.
      let members = Array(whole.dropLast(1024))
      try archive.feed(members + members)
    }
  }

  @Test(arguments: [
    "name: a", "name: a\nversion: x", "version: '1'", "name: ../x\nversion: '1'", "- a", "--- 1",
    "",
    "name: a\nversion: '1'\nplatform: ../x",
    "name: a\nversion: '1'\ndependencies:\n- name: b\n  requirement: x",
    "name: a\nversion: '1'\nrequired_ruby_version:\n  requirements:\n  - - '><'\n    - version: 1",
  ])
  func `are refused when they make no sense`(yaml: String) {
    #expect(throws: MalformedInput.self) { try GemSpecification(reading: yaml.bytes) }
  }

  @Test func `of the oldest gems are understood`() throws {
    let yaml = """
      --- !ruby/object:Gem::Specification\u{20}
      rubygems_version: 0.9.4
      name: old
      version: !ruby/object:Gem::Version\u{20}
        version: 0.1.0
      date: 2007-01-02 00:00:00 +01:00
      summary: !binary |
        w6RiYw==
      email:\u{20}
      required_ruby_version: !ruby/object:Gem::Version::Requirement\u{20}
        requirements:\u{20}
        - - ">"
          - !ruby/object:Gem::Version\u{20}
            version: 0.0.0
        version:\u{20}
      platform: ruby
      authors:\u{20}
      - A
      dependencies:\u{20}
      - !ruby/object:Gem::Dependency\u{20}
        name: b
        version_requirement:\u{20}
        version_requirements: &id001 !ruby/object:Gem::Version::Requirement\u{20}
          requirements:\u{20}
          - - ">="
            - !ruby/object:Gem::Version\u{20}
              version: 1.0-beta
          version:\u{20}
      - !ruby/object:Gem::Dependency
        name: c
        requirement: *id001
      """
    let gem = try GemSpecification(reading: yaml.bytes)
    #expect(gem.summary == "äbc" && gem.ruby.texts == ["> 0.0.0"])
    #expect(
      gem.dependencies.map(\.requirement.texts) == [[">= 1.0.pre.beta"], [">= 1.0.pre.beta"]]
    )
  }
}

@Suite("YAML as gems carry it")
struct YAMLReaderTests {
  private func text(_ yaml: String) throws -> String? { try YAMLReader.read(yaml.bytes)["a"]?.text }

  @Test(
    arguments: [
      ("a: |\n  x\n\n   y\n  z\nb: 1", "x\n\n y\nz\n"), ("a: |-\n  x\n\nb: 1", "x"),
      ("a: |+\n  x\n\nb: 1", "x\n\n"), ("a: >\n  x\n  y\n\n  z\n", "x y\nz\n"),
      ("a: >-\n  x\n    i\n  y", "x\n  i\ny"), ("a: 'it''s'", "it's"),
      ("a: \"\\u00e4\\x41\\n\"", "äA\n"),
      ("a: x # no", "x"), ("a: x#yes", "x#yes"), ("a: x\n  y\n\n  z", "x y\nz"), ("? a", nil),
      ("a: \"x\n  y\\\n  z\"", "x yz"), ("a: http://h:1/x", "http://h:1/x"), ("a: ~", nil),
      ("{a: [b, {c: d}], a: 'e'}", "e"), ("a:\n  !tag b", "b"), ("a: &x b\nc: *x", "b"),
      ("'a': b", "b"), ("a : b", "b"), ("%YAML 1.1\n--- \na: b\n...\n", "b"),
      ("a: |2\n   x", " x\n"),
    ] as [(String, String?)]
  )
  func `scalars`(yaml: String, expected: String?) throws {
    if yaml.hasPrefix("?") {
      _ = try YAMLReader.read(yaml.bytes)
    } else {
      #expect(try text(yaml) == expected)
    }
  }

  @Test func `collections in collections`() throws {
    let value = try YAMLReader.read("a:\n- - 1\n  - b: 2\n    c:\n    - 3\n-  d:\n     e: []".bytes)
    let items = try #require(value["a"]?.items)
    #expect(items[0].items?[0].text == "1")
    #expect(items[0].items?[1]["c"]?.items?[0].text == "3")
    #expect(items[1]["d"]?["e"]?.items == [])
  }

  @Test(arguments: [
    "a: *b", "a: [", "a: \"x", "a:\n  b: c\n d", "a: !binary \"%\"", "a: \"\\uD800\"", "a: {b}",
    String(repeating: "- ", count: 100) + "x", String(repeating: "[", count: 1000),
  ])
  func `what breaks the rules is refused`(yaml: String) {
    #expect(throws: MalformedInput.self) { try YAMLReader.read(yaml.bytes) }
  }

  @Test func `a thousand aliases of aliases cost nothing`() throws {
    var yaml = "a0: &a0 x\n"
    for level in 1...40 {
      let item = "*a\(level - 1)"
      yaml += "a\(level): &a\(level)\n" + (0..<9).map { _ in "- \(item)\n" }.joined()
    }
    #expect(try YAMLReader.read(yaml.bytes)["a40"]?.items?.count == 9)
  }
}

@Suite("Indexes of gems")
struct GemListingTests {
  private let sum = String(repeating: "0a", count: 32)

  private func version(_ name: String, at second: Int64, yankedAt: Int64? = nil) -> ListedVersion {
    var metadata = JSONValue.object([
      .init("dependencies", .array([GemDependency(name: "b", requirement: .anything).json]))
    ])
    if let yankedAt {
      metadata = GemListing.yanked(metadata, at: UploadTime(microseconds: yankedAt * 1_000_000))
    }
    return ListedVersion(
      version: name,
      publishedAt: UploadTime(microseconds: second * 1_000_000),
      metadata: metadata,
      isListed: yankedAt == nil,
      files: [ListedFile(name: "a-\(name).gem", hashes: ["sha256": sum])]
    )
  }

  @Test func `a registry's file is shown byte for byte`() throws {
    let text = """
      ---
      1.0 |checksum:\(sum)
      1.1-java b:>= 1&< 3,c:~> 2.0|checksum:\(sum),ruby:>= 2.5,rubygems:> 1.3.1
      2.0 b:= 1|checksum:\(sum),created_at:2024-01-02T03:04:05Z
      0.9.b |checksum:\(sum),new:x

      """
    let listing = try GemListing.read(text.bytes, of: "a", base: "http://h/")
    #expect(listing.versions.map(\.version) == ["1.0", "1.1-java", "2.0", "0.9.b"])
    #expect(listing.versions[1].files[0].address == "http://h/gems/a-1.1-java.gem")
    var shuffled = listing
    shuffled.versions.reverse()
    #expect(GemListing.info(shuffled).text == text)
  }

  @Test func `lines that are none are passed over, and a file of none is refused`() throws {
    let text = "---\n../x |checksum:\(sum)\n1.0 |checksum:zz\n1.0\n1.1 b|checksum:\(sum)\n"
    #expect(throws: MalformedInput.self) {
      try GemListing.read(text.bytes, of: "a", base: "http://h/")
    }
    let more = text + "2.0 |checksum:\(sum)\n"
    let listing = try GemListing.read(more.bytes, of: "a", base: "http://h/")
    #expect(listing.versions.map(\.version) == ["2.0"])
    #expect(try GemListing.read("---\n".bytes, of: "a", base: "").versions.isEmpty)
  }

  @Test func `the history only grows at its end`() {
    let first = version("1.0", at: 10)
    let second = version("1.1", at: 30)
    let other = PackageListing(name: "z", versions: [version("5", at: 20)])
    let steps = [
      [PackageListing(name: "a", versions: [first])],
      [PackageListing(name: "a", versions: [first]), other],
      [PackageListing(name: "a", versions: [second, first]), other],
      [
        PackageListing(name: "a", versions: [second, version("1.0", at: 10, yankedAt: 40)]), other,
      ],
    ].map { GemHistory.render($0.map(GemHistory.init(of:))) }
    for (before, after) in zip(steps, steps.dropFirst()) {
      #expect(after.starts(with: before) && after.count > before.count)
    }
    let last = steps[3].text.split(separator: "\n").map(String.init)
    #expect(
      last.suffix(4).map { $0.split(separator: " ")[0...1].joined(separator: " ") } == [
        "a 1.0", "z 5", "a 1.1", "a -1.0",
      ]
    )
  }

  @Test func `beside a registry, too, it only grows at its end`() throws {
    var order = GemHistoryOrder()
    var registry = "created_at: x\n---\nr 1 m\n"
    var own: [ListedVersion] = []
    var shown: [UInt8] = []
    for (turn, change) in [
      "ours", "theirs", "theirs", "both", "ours", "ours", "theirs", "none", "ours",
    ].enumerated() {
      if change == "ours" || change == "both" {
        own.append(version("1.\(turn)", at: Int64(turn) * 10))
      }
      if change == "theirs" || change == "both" { registry += "r 2.\(turn) m\n" }
      let histories = [GemHistory(of: PackageListing(name: "a", versions: own))]
      order.note(registry.bytes, newest: GemHistory.newest(histories))
      order = try #require(GemHistoryOrder(order.json))
      let next = GemHistory.join(histories, with: registry.bytes, without: [], in: order)
      #expect(next.starts(with: shown), "\(turn)")
      #expect((next.count > shown.count) == (change != "none"), "\(turn)")
      shown = next
    }
    let lines = shown.text.split(separator: "\n").dropFirst(2).map { $0.split(separator: " ")[1] }
    #expect(
      lines == [
        "1", "1.0", "2.1", "2.2", "2.3", "1.3", "1.4", "1.5", "2.6", "1.8",
      ]
    )
  }

  @Test func `no order loses a line`() throws {
    let histories = [
      GemHistory(of: PackageListing(name: "a", versions: (1...3).map { version("\($0)", at: $0) }))
    ]
    let registry = "created_at: y\n---\nr 1 m\nr 2 m\nr 3 m\n"
    let all = GemHistory.join(histories, with: registry.bytes, without: [], in: GemHistoryOrder())
    let lines = Set(all.text.split(separator: "\n"))
    #expect(lines.count == 8)
    for text in [
      #"{"rebuild":"created_at: x","turns":["30","2000000","40","9000000"]}"#,
      #"{"rebuild":"created_at: y","turns":["20","0","9999","1"]}"#,
      #"{"rebuild":"","turns":["99","5","3","1"]}"#,
    ] {
      var order = try #require(GemHistoryOrder(JSONReader.read(text.bytes)))
      order.note(registry.bytes, newest: GemHistory.newest(histories))
      let joined = GemHistory.join(histories, with: registry.bytes, without: [], in: order)
      #expect(Set(joined.text.split(separator: "\n")) == lines, "\(text)")
      #expect(joined.count == all.count, "\(text)")
    }
    for text in [#"{"turns":[]}"#, #"{"rebuild":"","turns":["1"]}"#] {
      #expect(try GemHistoryOrder(JSONReader.read(text.bytes)) == nil)
    }
  }

  @Test func `the words of another registry stand beside ours`() {
    let other = "created_at: x\n---\nb 1 m\na 1 m\nc 1 m\n".bytes
    #expect(GemHistory.mentioned(in: other, of: ["a", "x"]) == ["a"])
    let joined = GemHistory.join([], with: other, without: ["a"], in: GemHistoryOrder())
    #expect(joined == GemHistory.head + "b 1 m\nc 1 m\n".bytes)
  }

  @Test func `the legacy lists have what belongs in them`() {
    let listing = PackageListing(
      name: "a",
      versions: ["1.0", "1.1", "1.1-java", "2.0.rc1", "1.0.5"].map { version($0, at: 1) }
        + [version("3.0", at: 1, yankedAt: 2)]
    )
    let names: (LegacyGemIndex.Selection) -> [String] = { selection in
      LegacyGemIndex.entries(listing, selection).map(\.identity.version)
    }
    #expect(Set(names(.released)) == ["1.0", "1.0.5", "1.1", "1.1-java"])
    #expect(Set(names(.latest)) == ["1.1", "1.1-java"])
    #expect(names(.prerelease) == ["2.0.rc1"])
  }
}
