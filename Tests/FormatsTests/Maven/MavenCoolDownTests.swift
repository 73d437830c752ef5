import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

/// Maven's registries state no times of publishing: ages come from when they changed their files.
@Suite("Maven packages under a cool-down", .timeLimit(.minutes(10)))
struct MavenCoolDownTests {
  private static let package = "org/acme/widget"
  /// The clock of the house stands at 22:13:20 on 14 November 2023.
  private static let today = "Tue, 14 Nov 2023 20:00:00 GMT"
  private static let longAgo = "Sat, 14 Nov 2020 20:00:00 GMT"
  private static let day = Duration.seconds(86_400)
  /// Longer than documents are fresh, and twice shorter than the house's token lives.
  private static let pause = Duration.seconds(31 * 60)
  private static let age = Duration.seconds(20 * 60)

  private static func jar(_ version: String) -> String {
    "\(package)/\(version)/widget-\(version).jar"
  }

  private func list(_ versions: [String], changed: String, _ house: MavenHouse) {
    house.registry.setFile(
      "\(Self.package)/maven-metadata.xml",
      MavenHouse.document(versions),
      lastModified: changed
    )
  }

  /// Asks until the registry's new list has come: an older one is served while it is on its way.
  private func wait(for versions: [String], _ house: MavenHouse) async throws {
    house.clock.advance(by: Self.pause)
    while try await house.metadata(Self.package)?.versions != versions { await Task.yield() }
  }

  private func coolDown(_ age: Duration, _ house: MavenHouse) async throws {
    _ = try await house.depot.changeSettings(of: MavenHouse.path("team")) { settings in
      settings.coolDown = CoolDownRule(age: age)
    }
  }

  @Test func `a list that was not changed lately has no young versions`() async throws {
    try await MavenHouse.run { house async throws in
      list(["1.0", "1.1"], changed: Self.longAgo, house)
      house.registry.setFile(Self.jar("1.1"), "jar")
      try await coolDown(Self.day, house)
      let metadata = try await house.metadata(Self.package)
      #expect(metadata?.versions == ["1.0", "1.1"])
      #expect(try await house.get(Self.jar("1.1")) == "jar")
    }
  }

  @Test func `latest and release are of what is shown`() async throws {
    try await MavenHouse.run { house async throws in
      list(["1.0"], changed: Self.longAgo, house)
      _ = try await house.metadata(Self.package)
      list(["1.0", "1.1"], changed: Self.today, house)
      try await wait(for: ["1.0", "1.1"], house)
      try await coolDown(Self.age, house)
      let metadata = try await house.metadata(Self.package)
      #expect(metadata?.versions == ["1.0"])
      #expect(metadata?.latest == "1.0" && metadata?.release == "1.0")
      house.clock.advance(by: Self.age)
      #expect(try await house.metadata(Self.package)?.release == "1.1")
    }
  }

  @Test func `a wanted file tells the age of its version when the list is no help`() async throws {
    try await MavenHouse.run { house async throws in
      list(["1.0", "1.1"], changed: Self.today, house)
      house.registry.setFile(Self.jar("1.0"), "old", lastModified: Self.longAgo)
      house.registry.setFile(Self.jar("1.1"), "young", lastModified: Self.today)
      house.registry.setFile(Self.jar("0.1"), "never listed", lastModified: Self.longAgo)
      house.registry.setFile(Self.jar("0.2"), "ageless")
      try await coolDown(Self.day * 7, house)
      #expect(try await house.metadata(Self.package) == nil)
      #expect(try await house.get(Self.jar("1.0")) == "old")
      #expect(try await house.metadata(Self.package)?.versions == ["1.0"])
      #expect(try await house.get(Self.jar("0.1")) == "never listed")
      for (version, reason) in [("1.1", "it opens at 2023-11-21"), ("0.2", "no registry says")] {
        let reply = await house.send(.get, Self.jar(version))
        #expect(reply.status == .forbidden)
        let text = String(decoding: try await house.bytes(reply), as: UTF8.self)
        #expect(text.contains(reason), "\(text)")
      }
      #expect(await house.send(.get, Self.jar("0.3")).status == .notFound)
      #expect(house.registry.requests.contains("+" + Self.jar("1.1")) == false)
    }
  }

  @Test func `a version that was listed later cannot be made older by its files`() async throws {
    try await MavenHouse.run { house async throws in
      list(["1.0"], changed: Self.longAgo, house)
      _ = try await house.metadata(Self.package)
      list(["1.0", "1.1"], changed: Self.longAgo, house)
      try await wait(for: ["1.0", "1.1"], house)
      house.registry.setFile(Self.jar("1.1"), "back-dated", lastModified: Self.longAgo)
      try await coolDown(Self.age, house)
      #expect(await house.send(.get, Self.jar("1.1")).status == .forbidden)
      #expect(try await house.metadata(Self.package)?.versions == ["1.0"])
    }
  }
}
