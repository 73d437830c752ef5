import Testing

@testable import FormatRules

extension VersionDescription {
  /// `type namespace:package requirement`, for comparing at a glance.
  var needs: [String] {
    dependencies.map { dependency in
      let name = [dependency.namespace, dependency.package].compactMap(\.self)
      return [
        dependency.dependencyType, name.joined(separator: ":"), dependency.versionRequirement,
      ].compactMap(\.self).joined(separator: " ")
    }
  }
}

@Suite("Dependencies, in the API's words")
struct DependencyTests {
  private func npm(_ json: String) throws -> VersionDescription {
    let name = try #require(NpmName("@acme/widget"))
    let manifest = NpmManifest(try JSONReader.read(json.bytes), of: name, version: "1.0.0")
    return VersionDescription(npm: manifest.metadata)
  }

  @Test func `npm has four kinds, and what is optional is not regular too`() throws {
    let description = try npm(
      """
      {"dependencies":{"a":"^1","@s/b":"npm:c@2","o":"1"},"optionalDependencies":{"o":"1"},
      "peerDependencies":{"p":">=1 <3"},"devDependencies":{"d":"*"},
      "bundledDependencies":["a"]}
      """
    )
    #expect(
      description.needs == [
        "regular a ^1", "regular s:b npm:c@2", "optional o 1", "peer p >=1 <3", "dev d *",
      ]
    )
    #expect(try npm(#"{"dependencies":["a","b c","d/e"]}"#).needs == ["regular a *"])
    #expect(try npm(#"{"dependencies":7}"#).needs == [])
  }

  @Test(
    arguments: [
      ("requests", "requests"), ("Flask_Login >=1.0 ", "flask-login >=1.0"),
      ("a (>=2,<3)", "a >=2,<3"),
      ("a (>=2) ; python_version < \"3\"", "a >=2 ; python_version < \"3\""),
      ("a[x,y]>=1; extra == 'z'", "a [x,y]>=1; extra == 'z'"), ("a[x] (==1)", "a [x]==1"),
      ("a @ https://h/a (1).zip", "a @ https://h/a1.zip"), ("a;(b)", "a ;(b)"),
      ("-a", nil), ("", nil), ("é", nil),
    ] as [(String, String?)]
  )
  func `Python's are split behind the name`(text: String, expected: String?) {
    let dependency = PackageDependency(requiresDist: text)
    let shown = dependency.map { [$0.package, $0.versionRequirement].compactMap(\.self) }
    #expect(shown?.joined(separator: " ") == expected)
    #expect(dependency.map { $0.dependencyType == "Requires-Dist" } ?? true)
  }

  @Test func `Maven's scopes are its types, and the parent is one`() throws {
    let project = try ProjectObjectModel(reading: MavenSamples.pom.bytes)
    let expected = [
      "parent org.acme:parent 7", "compile org.other:lib 2.1", "test org.acme:core 1.0",
      "optional x:y ${unknown}", "provided org.managed:m 2.1",
    ]
    #expect(VersionDescription(project: project).needs == expected)
    #expect(VersionDescription(row: project.metadata).needs == expected)
  }

  @Test func `NuGet's have no type, and each stands once`() throws {
    let row = try NuGetDescription(nuspec: NuGetNuspecTests.nuspec.bytes).row
    #expect(VersionDescription(row: row).needs == ["Acme.Base [1.0.0, )", "Acme.Any (, )"])
  }

  @Test func `a crate's go by their own names, with their kinds`() throws {
    let crate = try CrateDescription(reading: CrateDescriptionTests.json.bytes, ownIndex: "")
    #expect(
      VersionDescription(crate: crate.metadata(checksum: "")).needs
        == ["normal serde ^1", "dev twig *"]
    )
    let line = try JSONReader.read(
      #"{"deps":[{"name":"a","req":"1","kind":null},{"req":"1"}]}"#.bytes
    )
    #expect(VersionDescription(crate: line).needs == ["normal a 1"])
  }

  @Test func `a gem's are for running or for development`() throws {
    let gem = try GemCorpus.specification("demo-2-1.0.rc1-java.gem")
    let needs = VersionDescription(gem: gem.metadata).needs
    #expect(needs.first == "runtime rack ~> 2.0, >= 2.0.1")
    #expect(needs.last?.hasPrefix("development rake ") == true)
    let sum = String(repeating: "0a", count: 32)
    let listing = try GemListing.read(
      "---\n1.0 rack:>= 1&< 2|checksum:\(sum)\n".bytes,
      of: "x",
      base: "http://h/"
    )
    #expect(
      VersionDescription(gem: listing.versions[0].metadata).needs == ["runtime rack >= 1, < 2"]
    )
  }

  @Test func `Swift's by address go by the name that SwiftPM makes of it`() {
    let manifest = """
      let p = Package(dependencies: [
        .package(id: "Acme.Base", from: "1.0.0"),
        .package(url: "https://git.test/acme/Swift-Tools.git", .upToNextMinor(from: "2.1.0")),
      ])
      """
    let found = SwiftDependencyScanner.dependencies(in: manifest.bytes).map(\.json)
    let release = SwiftRelease(
      identifier: "acme.x",
      metadata: .object([]),
      signature: nil,
      metadataSignature: nil,
      manifests: [],
      dependencies: found
    )
    let needs = VersionDescription(swift: release.row).dependencies
    #expect(needs.map(\.package) == ["base", "swift-tools"])
    #expect(needs.map(\.namespace) == ["acme", nil])
    #expect(
      needs[1].versionRequirement?.hasPrefix("https://git.test/acme/Swift-Tools.git, ") == true
    )
  }

  @Test func `what no package can be called is left out`() {
    for name in ["", "a b", "a/b", "a#b", "a\u{3000}b", String(repeating: "a", count: 256)] {
      #expect(PackageDependency(package: name, requirement: nil) == nil)
      #expect(PackageDependency(namespace: name, package: "a", requirement: nil) == nil)
    }
    #expect(PackageDependency(package: String(repeating: "é", count: 255), requirement: "") != nil)
  }
}
