import FormatRules
import Testing

@testable import Repository

@Suite("A crowd at a package")
struct PackageCrowdTests {
  /// A thousand clients that each merge a popular package for themselves wait for seconds.
  @Test func `what registries and repositories say is merged once for all who wait`() async throws {
    try await MannersFixture.with { fixture in
      fixture.offer((0..<3_000).map { "1.\($0)" })
      let content = fixture.depot.content
      let start = try await content.start(at: fixture.path("app"))
      let merges = try await withThrowingTaskGroup(of: ResolvedPackage.self) { group in
        for _ in 0..<50 {
          group.addTask {
            try await content.resolve(MannersFixture.package, from: start).package
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(merges.count == 50)
      #expect(Set(merges.map(ObjectIdentifier.init)).count == 1)
      #expect(merges.first?.listing.versions.count == 3_000)
    }
  }
}
