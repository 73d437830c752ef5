import FormatRules
import Testing

@Suite("npm packuments")
struct NpmPackumentTests {
  static let upstream = """
    {
      "_id": "@acme/widget", "_rev": "7-abc", "name": "@acme/widget", "readme": "# Widget",
      "dist-tags": {"latest": "1.10.0", "gone": "0.0.9", "odd": 7},
      "versions": {
        "1.10.0": {
          "name": "@acme/widget", "version": "1.10.0", "description": "A \\u00fcber widget",
          "license": "MIT", "homepage": "https://widget.test/",
          "repository": {"type": "git", "url": "git+https://widget.test/w.git"},
          "scripts": {"postinstall": "node x"}, "dependencies": {"a": "^1.0.0", "b": "2"},
          "optionalDependencies": {"b": "2"}, "devDependencies": {"c": "*"}, "gitHead": "f00",
          "bundledDependencies": ["a"], "readme": "long", "_resolved": "/home/me/x.tgz",
          "deprecated": "use \\"gadget\\"",
          "dist": {
            "tarball": "https://registry.test/@acme/widget/-/widget-1.10.0.tgz",
            "shasum": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg== sha1-bad",
            "fileCount": 3, "unpackedSize": 12345678901234567890,
            "signatures": [{"keyid": "SHA256:x", "sig": "y"}],
            "attestations": {"url": "https://registry.test/-/npm/v1/attestations/@acme%2fwidget@1.10.0", "provenance": {"predicateType": "p"}}
          }
        },
        "1.9.0": {"name": "@acme/widget", "version": "1.9.0", "dist": {"tarball": "w-1.9.0.tgz"}},
        "2.0.0-rc.1": {"name": "x", "dist": {"shasum": "zz"}, "dependencies": ["a"]},
        "weird": {"version": "weird"},
        "null": null
      },
      "time": {
        "created": "2011-01-01T00:00:00.000Z", "modified": "2031-01-01T00:00:00.123Z",
        "1.9.0": "2012-02-03T04:05:06.789Z", "1.10.0": "2013-01-01T00:00:00Z"
      },
      "maintainers": [{"name": "alice", "email": "a@acme.test"}]
    }
    """

  static let name = NpmName("@acme/widget")

  private func listing() throws -> PackageListing {
    let name = try #require(Self.name)
    return try #require(
      try PackageListing(
        npmPackument: Self.upstream.bytes,
        of: name,
        at: "https://registry.test/@acme%2fwidget"
      )
    )
  }

  private func packument(_ listing: PackageListing) throws -> NpmPackument {
    NpmPackument(listing, of: try #require(Self.name), root: "http://h:1/npm/d/x/y")
  }

  @Test func `without its version, latest falls to the greatest release below it`() throws {
    let versions = ["1.8.0", "1.9.0", "1.9.1-rc.1", "1.10.0", "2.0.0"]
    func latest(of listed: [String], stated: String?) throws -> String? {
      let tags = stated.map { #""latest": "\#($0)""# } ?? ""
      let manifests = listed.map { #""\#($0)": {"version": "\#($0)"}"# }.joined(separator: ",")
      let listing = try PackageListing(
        npmPackument: #"{"dist-tags": {\#(tags)}, "versions": {\#(manifests)}}"#.bytes,
        of: try #require(Self.name),
        at: "https://registry.test/"
      )
      return try packument(try #require(listing)).tags.first { $0.name == "latest" }?.version
    }
    #expect(try latest(of: versions, stated: "1.10.0") == "1.10.0")
    #expect(try latest(of: versions.filter { $0 != "1.10.0" }, stated: "1.10.0") == "1.9.0")
    #expect(try latest(of: ["1.9.1-rc.1", "2.0.0"], stated: "1.10.0") == "1.9.1-rc.1")
    #expect(try latest(of: ["2.0.0", "3.0.0"], stated: "1.10.0") == "3.0.0")
    #expect(try latest(of: versions, stated: nil) == "2.0.0")
  }

  @Test func `a registry's packument is read`() throws {
    let listing = try listing()
    #expect(listing.name == "widget")
    #expect(listing.versions.map(\.version) == ["1.10.0", "1.9.0", "2.0.0-rc.1", "weird"])
    let first = listing.versions[0]
    #expect(first.publishedAt == UploadTime("2013-01-01T00:00:00Z"))
    #expect(first.files[0].name == "package.tgz")
    #expect(first.files[0].address == "https://registry.test/@acme/widget/-/widget-1.10.0.tgz")
    #expect(first.files[0].hashes["sha1"] == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    #expect(first.files[0].hashes["sha512"]?.hasPrefix("cf83e1357eefb8bd") == true)
    #expect(first.files[1].name == "attestations.json")
    #expect(listing.versions[1].files[0].address == "https://registry.test/w-1.9.0.tgz")
    #expect(
      listing.versions[2].files[0].address
        == "https://registry.test/@acme/widget/-/widget-2.0.0-rc.1.tgz"
    )
    #expect(listing.versions[2].files[0].hashes.isEmpty)
  }

  @Test func `what the control API shows is in the metadata`() throws {
    let metadata = try listing().versions[0].metadata
    #expect(metadata["summary"]?.string == "A über widget")
    #expect(metadata["homePage"]?.string == "https://widget.test/")
    #expect(metadata["sourceCodeRepository"]?.string == "git+https://widget.test/w.git")
    #expect(metadata["licenses"]?.array?.first?["name"]?.string == "MIT")
    let manifest = try #require(NpmManifest(metadata: metadata))
    let dependencies = manifest.dependencies.map { "\($0.kind) \($0.name) \($0.requirement)" }
    #expect(dependencies == ["regular a ^1.0.0", "optional b 2", "dev c *"])
    #expect(manifest.metadata == metadata)
  }

  @Test func `the full document keeps what publishers wrote and points to us`() throws {
    let document = try JSONReader.read(try packument(listing()).renderFull())
    #expect(document["_rev"]?.string == (try packument(listing()).revision))
    #expect(document["_id"]?.string == "@acme/widget")
    #expect(document["readme"]?.string == "# Widget")
    #expect(document["maintainers"]?.array?.count == 1)
    #expect(document["license"]?.string == "MIT")
    #expect(
      document["versions"]?.members?.map(\.name) == ["1.9.0", "1.10.0", "2.0.0-rc.1", "weird"]
    )
    let version = try #require(document["versions"]?["1.10.0"])
    #expect(version["_id"]?.string == "@acme/widget@1.10.0")
    #expect(version["gitHead"]?.string == "f00")
    #expect(version["deprecated"]?.string == "use \"gadget\"")
    #expect(version["readme"] == nil)
    #expect(version["hasInstallScript"] == .bool(true))
    let dist = try #require(version["dist"])
    #expect(
      dist["tarball"]?.string == "http://h:1/npm/d/x/y/@acme/widget/-/widget-1.10.0.tgz"
    )
    #expect(dist["unpackedSize"] == .number("12345678901234567890"))
    #expect(dist["signatures"]?.array?.count == 1)
    #expect(
      dist["attestations"]?["url"]?.string
        == "http://h:1/npm/d/x/y/-/npm/v1/attestations/@acme%2Fwidget@1.10.0"
    )
    #expect(dist["attestations"]?["provenance"]?["predicateType"]?.string == "p")
    // Whatever the manifest says, it is of this package and this version.
    #expect(document["versions"]?["2.0.0-rc.1"]?["name"]?.string == "@acme/widget")
    #expect(document["versions"]?["2.0.0-rc.1"]?["dependencies"]?.array?.count == 1)
    let text = String(decoding: try packument(listing()).renderFull(), as: UTF8.self)
    #expect(!text.contains("/home/me"))
    #expect(!text.contains("registry.test"))
  }

  @Test func `times are the upstream's, in the form of JavaScript`() throws {
    let time = try JSONReader.read(try packument(listing()).renderFull())["time"]
    #expect(time?["created"]?.string == "2012-02-03T04:05:06.789Z")
    #expect(time?["modified"]?.string == "2031-01-01T00:00:00.123Z")
    #expect(time?["1.10.0"]?.string == "2013-01-01T00:00:00.000Z")
    #expect(time?["weird"] == nil)
    #expect(UploadTime(microseconds: -1).npmText == "1969-12-31T23:59:59.999Z")
    #expect(UploadTime(microseconds: 1_999).npmText == "1970-01-01T00:00:00.001Z")
  }

  @Test func `the abbreviated document has what an installation needs and no more`() throws {
    let document = try JSONReader.read(try packument(listing()).renderAbbreviated())
    #expect(document.members?.map(\.name) == ["name", "modified", "dist-tags", "versions"])
    let version = try #require(document["versions"]?["1.10.0"])
    #expect(
      Set(version.members?.map(\.name) ?? []) == [
        "name", "version", "dependencies", "optionalDependencies", "devDependencies",
        "bundledDependencies", "bundleDependencies", "hasInstallScript", "deprecated", "dist",
      ]
    )
  }

  @Test func `tags that point nowhere are left out, and latest is always there`() throws {
    var listing = try listing()
    #expect(try packument(listing).tagObject == .object([.init("latest", .string("1.10.0"))]))
    listing.attributes = .object([])
    // 1.10.0 is deprecated.
    #expect(try packument(listing).version("latest") == "1.9.0")
    listing.versions.removeAll { $0.version.hasPrefix("1.") }
    #expect(try packument(listing).version("latest") == "weird")
    listing.versions.removeAll()
    #expect(try packument(listing).tags.isEmpty)
  }

  @Test func `what is unlisted does not show`() throws {
    var listing = try listing()
    listing.versions[0].isListed = false
    let packument = try packument(listing)
    #expect(!packument.versions.contains("1.10.0"))
    #expect(packument.renderManifest(of: "1.10.0") == nil)
    #expect(packument.version("latest") == "1.9.0")
  }

  @Test func `a single manifest is found by version and tag`() throws {
    let packument = try packument(listing())
    #expect(packument.version("1.9.0") == "1.9.0")
    #expect(packument.version("latest") == "1.10.0")
    #expect(packument.version("3.0.0") == nil)
    let manifest = try JSONReader.read(try #require(packument.renderManifest(of: "1.9.0")))
    #expect(manifest["version"]?.string == "1.9.0")
  }

  @Test func `names of JavaScript are plain names here`() throws {
    let text = #"""
      {"name":"x","__proto__":{"a":1},"versions":{"1.0.0":{"__proto__":{"polluted":true},
      "dependencies":{"constructor":"1","__proto__":"2"}}},"dist-tags":{"__proto__":"1.0.0"}}
      """#
    let name = try #require(NpmName("x"))
    let listing = try #require(
      try PackageListing(npmPackument: text.bytes, of: name, at: "https://r.test/x")
    )
    let document = try JSONReader.read(
      NpmPackument(listing, of: name, root: "http://h").renderFull()
    )
    #expect(document["dist-tags"]?["__proto__"]?.string == "1.0.0")
    #expect(document["versions"]?["1.0.0"]?["dependencies"]?["__proto__"]?.string == "2")
  }

  @Test func `a version that is no JSON hides no other`() throws {
    let name = try #require(NpmName("x"))
    let text = #"{"name":"x","versions":{"1.0.0":{"a":01},"2.0.0":{"a":1},"3.0.0":{"b":"\q"}}}"#
    let listing = try PackageListing(npmPackument: text.bytes, of: name, at: "https://r.test/x")
    #expect(listing?.versions.map(\.version) == ["2.0.0"])
  }

  @Test func `versions that are read in parts are those that are read at once`() throws {
    let name = try #require(NpmName("x"))
    let manifests = (0..<50).map { number in
      #""1.\#(number).0":{\#(number % 7 == 3 ? #""a":01"# : #""dist":{"shasum":"\#(number)"}"#)}"#
    }
    let text = #"{"name":"x","versions":{\#(manifests.joined(separator: ","))}}"#
    let whole = try PackageListing(npmPackument: text.bytes, of: name, at: "https://r.test/x")
    let document = try NpmDocument(text.bytes, of: name, at: "https://r.test/x")
    #expect(document.versionCount == 50)
    let parts = [0..<0, 0..<4, 4..<31, 31..<50].flatMap { document.versions(in: $0) }
    #expect(parts.count == 43)
    #expect(try document.listing(of: parts) == whole)
    #expect(try document.listing(of: []) == nil)
  }

  @Test func `a document with blanks reads as the same without`() throws {
    let name = try #require(Self.name)
    let whole = try JSONMembers(of: "{\"document\":\(Self.upstream)}".bytes)
    let compact = try PackageListing(
      npmPackument: try whole.copy(whole.all[0]),
      of: name,
      at: "https://registry.test/@acme%2fwidget"
    )
    #expect(try packument(#require(compact)).renderFull() == packument(listing()).renderFull())
  }

  @Test func `a document that is no packument of the package is refused`() throws {
    let name = try #require(NpmName("x"))
    for text in ["", "[]", "{", #"{"name":"y","versions":{"1.0.0":{}}}"#, #"{"name":"x"} z"#] {
      #expect(throws: MalformedInput.self, "\(text)") {
        _ = try PackageListing(npmPackument: text.bytes, of: name, at: "https://r.test/x")
      }
    }
    let unpublished = #"{"name":"x","time":{"unpublished":{}}}"#
    #expect(try PackageListing(npmPackument: unpublished.bytes, of: name, at: "") == nil)
  }

  @Test func `Accept decides which document it is`() {
    let npm = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*"
    #expect(NpmPackument.isAbbreviated(accept: [npm]))
    #expect(NpmPackument.isAbbreviated(accept: ["Application/vnd.NPM.install-v1+json"]))
    for accept in [[], ["*/*"], ["application/json"], ["application/vnd.npm.install-v1+json;q=0"]] {
      #expect(!NpmPackument.isAbbreviated(accept: accept), "\(accept)")
    }
  }

  /// Ten thousand versions are put together by copying: neither their number nor their size may
  /// cost more than a copy does.
  @Test(.timeLimit(.minutes(10)))
  func `ten thousand versions are no stall`() throws {
    let name = try #require(NpmName("many"))
    let manifest = try JSONReader.read(
      #"{"name":"many","dependencies":{"a":"^1.0.0"},"description":"d","dist":{"shasum":"x"}}"#
        .bytes
    )
    let versions = (0..<10_000).map { number in
      ListedVersion(
        version: "1.0.\(number)",
        publishedAt: UploadTime(microseconds: Int64(number) * 1_000_000),
        metadata: NpmManifest(manifest, of: name, version: "1.0.\(number)").metadata,
        files: [ListedFile(name: "package.tgz")]
      )
    }
    let listing = PackageListing(name: "many", versions: versions)
    let clock = ContinuousClock()
    var packument = NpmPackument(listing, of: name, root: "http://h")
    let elapsed = clock.measure {
      packument = NpmPackument(listing, of: name, root: "http://h")
      #expect(packument.renderFull().count > 1_000_000)
      #expect(packument.renderAbbreviated().count > 1_000_000)
    }
    print("10,000 versions, both documents: \(elapsed)")
    #expect(packument.version("latest") == "1.0.9999")
    #expect(packument.versions[2] == "1.0.2")
  }
}
