import Testing

@testable import FormatRules

@Suite("What cargo publish sends")
struct CrateDescriptionTests {
  static let json = """
    {"name":"Lab_Leaf","vers":"0.2.0+b","deps":[
    {"name":"serde","version_req":"^1","features":["derive"],"optional":true,
    "default_features":false,
    "target":"cfg(unix)","kind":"normal","registry":"https://github.com/rust-lang/crates.io-index",
    "explicit_name_in_toml":"ser"},
    {"name":"twig","version_req":"*","features":[],"optional":false,"default_features":true,
    "target":null,"kind":"dev","registry":"sparse+http://h/cargo/d/x-1/r"}],
    "features":{"default":["dep:ser"],"plain":["default"],"weak":["ser?/derive"]},
    "authors":["A"],"description":"D","readme":"long","license":"MIT","links":"z",
    "rust_version":"1.70","badges":{}}
    """

  @Test func `becomes a line of the index`() throws {
    let description = try CrateDescription(
      reading: Self.json.bytes,
      ownIndex: "http://h/cargo/d/x-1/r/"
    )
    let checksum = String(repeating: "a", count: 64)
    let version = ListedVersion(
      version: description.version.spelling,
      metadata: description.metadata(checksum: checksum)
    )
    let listing = PackageListing(name: "Lab_Leaf", versions: [version])
    let line = """
      {"name":"Lab_Leaf","vers":"0.2.0+b","deps":[{"name":"ser","req":"^1","features":["derive"],\
      "optional":true,"default_features":false,"target":"cfg(unix)","kind":"normal",\
      "registry":"https://github.com/rust-lang/crates.io-index","package":"serde"},\
      {"name":"twig","req":"*","features":[],"optional":false,"default_features":true,\
      "target":null,"kind":"dev","registry":null}],"cksum":"\(checksum)",\
      "features":{"plain":["default"]},"links":"z","rust_version":"1.70",\
      "features2":{"default":["dep:ser"],"weak":["ser?/derive"]},"v":2,"yanked":false}

      """
    #expect(CrateIndexFile.render(listing).text == line)
    #expect(version.metadata["about"]?["license"]?.string == "MIT")
    #expect(version.metadata["about"]?["readme"] == nil)
  }

  @Test(arguments: [
    #"{"vers":"1.0.0"}"#, #"{"name":"a b","vers":"1.0.0"}"#, #"{"name":"a","vers":"1"}"#,
    #"{"name":"a","vers":"1.0.0","deps":{}}"#, #"{"name":"a","vers":"1.0.0","deps":[{}]}"#,
    #"{"name":"a","vers":"1.0.0","deps":[{"name":"../b","version_req":"*"}]}"#,
    #"{"name":"a","vers":"1.0.0","deps":[{"name":"b","version_req":"*","kind":"x"}]}"#,
    #"{"name":"a","vers":"1.0.0","features":{"x":[1]}}"#,
    #"{"name":"a","vers":"1.0.0","features":{"x":[],"x":[]}}"#, "[]", "",
  ])
  func `is refused when it makes no sense`(json: String) {
    #expect(throws: MalformedInput.self) {
      try CrateDescription(reading: json.bytes, ownIndex: "http://h/")
    }
  }

  @Test(arguments: [1, 3, 1000])
  func `comes in a frame of two lengths, however it is cut`(size: Int) throws {
    let body: [UInt8] = [2, 0, 0, 0] + "{}".bytes + [3, 0, 0, 0] + "abc".bytes
    var upload = CrateUpload()
    var description: [UInt8] = []
    var archive: [UInt8] = []
    for piece in body.pieces(of: size) {
      for event in try upload.feed(piece) {
        switch event {
        case .description(let text): description = text
        case .archive(let bytes): archive += bytes
        }
      }
    }
    try upload.finish()
    #expect(description == "{}".bytes && archive == "abc".bytes)
  }

  @Test(
    arguments: [
      [0, 0, 0, 0], [255, 255, 255, 255], [1, 0, 0, 0, 65, 0, 0, 0, 0],
      [1, 0, 0, 0, 65, 1, 0, 0, 0, 66, 67], [1, 0, 0, 0, 65, 2, 0, 0, 0, 66], [],
    ] as [[UInt8]]
  )
  func `a frame that lies is refused`(body: [UInt8]) {
    #expect(throws: MalformedInput.self) {
      var upload = CrateUpload()
      _ = try upload.feed(body)
      try upload.finish()
    }
  }
}

@Suite("Manifests of crates")
struct CrateManifestTests {
  @Test func `name and version are found between everything TOML allows`() throws {
    let text = #"""
      # name = "comment"
      cargo-features = ["a", 'b', # inside
        "c]"]
      [package]
      "name" = 'demo' # the name
      description = """
      name = "wrong"
      \""" \
         end"""
      authors = [["x"], {a = "b", "c" = ['d']}]
      version = "1.\u0030.0"
      [package.metadata]
      name = "other"
      [[bin]]
      name = "tool"
      version = "9"
      [dependencies]
      version = "0.1"
      """#
    let manifest = try CrateManifest(reading: text.bytes)
    #expect(manifest.name == "demo" && manifest.version == "1.0.0")
    #expect(manifest["description"] == "name = \"wrong\"\n\"\"\" end")
    #expect(manifest["authors"] == nil)
    let dotted = try CrateManifest(reading: "package.name='demo'\npackage.version='1.0.0'".bytes)
    #expect(dotted.name == "demo" && dotted.version == "1.0.0")
  }

  @Test(arguments: [
    "", "[package]\nname='a'", "[package\nname='a'", "name", "a = \"x", "a = '''x", "a = [",
    "a = \"\\q\"", "= 1", "a.", "[]",
    "a = " + String(repeating: "[", count: 100),
  ])
  func `a manifest without them is refused`(text: String) {
    #expect(throws: MalformedInput.self) { try CrateManifest(reading: text.bytes) }
  }
}

@Suite("Index files of other registries")
struct CrateIndexFileTests {
  private let checksum = String(repeating: "0a", count: 32)

  private func line(_ name: String, _ version: String, _ more: String = "") -> String {
    #"{"name":"\#(name)","vers":"\#(version)","deps":[],"cksum":"\#(checksum)","features":{},"#
      + #""yanked":false\#(more)}"# + "\n"
  }

  @Test func `are shown as they are, and what is not understood is passed over`() throws {
    let configuration = try CrateIndexConfiguration(
      reading: #"{"dl":"https://f/{prefix}/{lowerprefix}/{crate}-{version}?{sha256-checksum}"}"#
        .bytes
    )
    let text =
      line("Ab_c", "1.0.0") + "broken\n" + line("other", "1.0.0") + "\n"
      + line("Ab_c", "1.1.0", #","v":9,"pubtime":"2024-01-02T03:04:05Z","new":[1.50]"#)
      + line("Ab_c", "1.0.0")
    let name = try #require(CrateName("ab_c"))
    let listing = try CrateIndexFile.read(text.bytes, of: name, with: configuration)
    #expect(listing.name == "Ab_c")
    #expect(listing.versions.map(\.version) == ["1.0.0", "1.1.0"])
    #expect(
      listing.versions[0].files[0].address == "https://f/Ab/_c/ab/_c/Ab_c-1.0.0?\(checksum)"
    )
    #expect(listing.versions[1].publishedAt?.text == "2024-01-02T03:04:05Z")
    #expect(CrateIndexFile.render(listing).text.contains(#""new":[1.50],"yanked":false}"#))
  }

  @Test func `an address without markers gets the usual path`() throws {
    let configuration = try CrateIndexConfiguration(reading: #"{"dl":"http://h/x"}"#.bytes)
    let name = try #require(CrateName("Ab"))
    #expect(
      configuration.address(of: name, version: "1.0.0+x", checksum: "")
        == "http://h/x/Ab/1.0.0+x/download"
    )
  }

  @Test func `a file without any usable line is no index file`() throws {
    let configuration = try CrateIndexConfiguration(reading: #"{"dl":"http://h/x"}"#.bytes)
    let name = try #require(CrateName("Ab"))
    #expect(throws: MalformedInput.self) {
      try CrateIndexFile.read("<html>".bytes, of: name, with: configuration)
    }
    #expect(throws: MalformedInput.self) { try CrateIndexConfiguration(reading: "{}".bytes) }
  }
}
