import Testing

@testable import Catalog

@Suite("Repository settings")
struct SettingsTests {
  private static let full = RepositorySettings(
    freshness: .microseconds(1_500_000),
    isOffline: true,
    coolDown: CoolDownRule(
      age: .seconds(7 * 86_400),
      exemptions: [PackagePattern("npm/@acme/*"), PackagePattern("pypi/\"odd\"")].compactMap(
        \.self
      ),
      released: [
        VersionCoordinates(
          PackageCoordinates(format: .npm, namespace: "types", name: "node"),
          "20.1.0"
        ),
        VersionCoordinates(PackageCoordinates(format: .pypi, name: "requests"), "2.32.0"),
      ],
      freezeAt: moment(1_700_000_000)
    )
  )

  @Test(arguments: [
    RepositorySettings(), full, RepositorySettings(freshness: .zero),
    RepositorySettings(coolDown: CoolDownRule()),
  ])
  func `settings come back as they were set, with the repository and with the graph`(
    settings: RepositorySettings
  ) async throws {
    try await withCatalog { catalog in
      try await catalog.write { transaction throws(CatalogError) in
        let (domain, repositories) = try transaction.makeDomain(repositories: ["store", "other"])
        let store = repositories[0]
        try transaction.changeSettings(of: store, to: settings, at: moment(9))
        #expect(try transaction.settings(of: store.id) == settings)
        let graph = try transaction.graph(of: domain.id)
        #expect(graph?.node(named: "store")?.settings == settings)
        #expect(graph?.node(named: "other")?.settings == RepositorySettings())
      }
    }
  }

  @Test func `a change is one of the repository in the journal, and none is none`() async throws {
    try await withCatalog { catalog in
      try await catalog.write { transaction throws(CatalogError) in
        let (domain, repositories) = try transaction.makeDomain()
        let before = try transaction.journal(of: domain.id, limit: 100).count
        for _ in 0..<2 {
          let settings = RepositorySettings(isOffline: true)
          try transaction.changeSettings(of: repositories[0], to: settings, at: moment(9))
        }
        let entries = try transaction.journal(of: domain.id, limit: 100).dropFirst(before)
        #expect(entries.map(\.kind) == [.repositoryUpdated])
        #expect(entries.first?.detail == #"{"settings":{"offline":true}}"#)
        let store = try transaction.repository(repositories[0].id)
        #expect(store?.serial == entries.first?.serial)
      }
    }
  }

  @Test(arguments: [
    "", "[]", "{", #"{"fresh":1}"#, #"{"freshness":"1"}"#, #"{"freshness":1.5}"#,
    #"{"offline":1}"#, #"{"coolDown":{}}"#,
    #"{"coolDown":{"age":1,"exemptions":["acme"],"released":[]}}"#,
    #"{"coolDown":{"age":1,"exemptions":[],"released":["x"]}}"#,
    #"{"coolDown":{"age":1,"exemptions":[],"released":[],"until":1}}"#,
  ])
  func `a column that this program did not write is damage`(text: String) async throws {
    try await withCatalog { catalog in
      try await catalog.write { transaction throws(CatalogError) in
        let (domain, repositories) = try transaction.makeDomain()
        try transaction.connection.run(
          RepositoryStatements.setSettings,
          [.text(text), .id(repositories[0].id)]
        )
        #expect {
          _ = try transaction.settings(of: repositories[0].id)
        } throws: { if case .damaged = $0 as? CatalogError { true } else { false } }
        #expect(throws: CatalogError.self) { _ = try transaction.graph(of: domain.id) }
      }
    }
  }

  @Test func `what was seen comes back in order, whatever the names`() async throws {
    try await withCatalog { catalog in
      try await catalog.write { transaction throws(CatalogError) in
        let key = SightingKey(
          connection: .npmjs,
          package: PackageCoordinates(format: .npm, namespace: "a", name: "b")
        )
        let other = SightingKey(
          connection: .npmjs,
          package: PackageCoordinates(format: .npm, name: "b")
        )
        let first = Sighting(
          seenAt: moment(5),
          times: ["1.0.0": moment(1), "__proto__": moment(2), "\"\n\\é": moment(3)]
        )
        let second = Sighting(seenAt: moment(5), times: ["1.1.0": moment(5)])
        try transaction.note(first, of: key)
        try transaction.note(second, of: key)
        #expect(try transaction.sightings(of: key) == [first, second])
        #expect(try transaction.sightings(of: other) == [])
      }
    }
  }
}
