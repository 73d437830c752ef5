import Catalog
import Exchange
import HTTPTypes
import Repository
import Testing

@Suite("Lists of all gems")
struct RubyListTests {
  private static let legacy = ["specs.4.8.gz", "latest_specs.4.8.gz", "prerelease_specs.4.8.gz"]

  @Test func `the legacy lists ask no registry, and look at no gem twice`() async throws {
    try await RubyHouse.run { house async throws in
      let names = (0..<12).map { "gem\($0)" }
      for name in names {
        house.offer(name, ["1.0"])
        _ = try await house.bytes("gems/\(name)-1.0.gem")
      }
      house.clock.advance(by: RubyHouse.pause)
      let asked = house.registry.requests.count
      for list in Self.legacy { _ = try await house.bytes(list) }
      #expect(house.registry.requests.count == asked)
      let rows = house.depot.catalog.rowsRead
      for list in Self.legacy { _ = try await house.bytes(list) }
      #expect(house.depot.catalog.rowsRead == rows)
      #expect(await house.push("own", "1.0") == .ok)
      let before = house.depot.catalog.rowsRead
      for list in Self.legacy { _ = try await house.bytes(list) }
      let read = house.depot.catalog.rowsRead - before
      #expect(1..<60 ~= read, "the held gems once, and the one that is new: \(read)")
    }
  }

  @Test func `held gems are listed while the registry cannot be asked`() async throws {
    try await RubyHouse.run { house async throws in
      house.registry.goDown()
      for list in ["versions", "names"] {
        #expect(await house.get(list).status == .serviceUnavailable, "nothing is held")
      }
      #expect(await house.push("own", "1.0") == .ok)
      let held = try await house.text("versions")
      #expect(held.contains("\nown 1.0 "))
      #expect(try await house.text("names") == "---\nown\n")
      house.list(["thing 1.0 00"])
      house.registry.setDocument(RubyHouse.base + "names", "---\nthing\n")
      house.registry.comeBack()
      let both = try await house.wait(for: "thing 1.0 00\n")
      #expect(String(decoding: both, as: UTF8.self).contains("\nown 1.0 "))
      #expect(try await house.text("names") == "---\nown\nthing\n")
    }
  }

  @Test func `a private gem's file is not asked for under a shorter name`() async throws {
    try await RubyHouse.run { house async throws in
      #expect(await house.push("acme-2-tools", "1.0") == .ok)
      let asked = house.registry.requests
      for path in ["gems/acme-2-tools-1.0.gem", "quick/Marshal.4.8/acme-2-tools-1.0.gemspec.rz"] {
        #expect(await house.get(path).status == .ok, "\(path)")
      }
      #expect(await house.get("gems/acme-2-tools-9.0.gem").status == .notFound)
      #expect(house.registry.requests == asked)
      house.registry.goDown()
      #expect(await house.get("gems/acme-2-tools-1.0.gem").status == .ok)
      house.registry.comeBack()
      // Names that are nobody's are asked for as ever, the likeliest first.
      house.offer("beta-2-tools", ["1.0"])
      #expect(await house.get("gems/beta-2-tools-1.0.gem").status == .ok)
    }
  }

  @Test func `a push looks at few names, however many begin alike`() async throws {
    try await RubyHouse.run { house async throws in
      for number in 0..<60 {
        #expect(await house.push("acme-\(number)", "1.0") == .ok)
      }
      let rows = house.depot.catalog.rowsRead
      #expect(await house.push("acme-new", "1.0") == .ok)
      let read = house.depot.catalog.rowsRead - rows
      #expect(read < 60, "\(read)")
      #expect(await house.push("ACME-new", "1.0") == .conflict)
      #expect(await house.push("acme-New", "1.0") == .conflict)
    }
  }

  @Test func `the list grows at its end, whoever has news`() async throws {
    try await RubyHouse.run { house async throws in
      house.list(["thing 1.0 00"])
      var shown = try await house.bytes("versions")
      func requireGrowth(_ what: String) async throws {
        let next = try await house.bytes("versions")
        #expect(next.starts(with: shown) && next.count > shown.count, "\(what)")
        shown = next
        house.clock.advance(by: .seconds(5))
      }
      #expect(await house.push("own", "1.0") == .ok)
      try await requireGrowth("a push")
      house.list(["thing 1.0 00", "thing 1.1 11"])
      _ = try await house.wait(for: "thing 1.1 11\n")
      try await requireGrowth("the registry's news")
      #expect(await house.push("own", "1.1") == .ok)
      try await requireGrowth("a push after that")
      #expect(await house.yank("own", "1.0") == .ok)
      try await requireGrowth("a yank")
      house.list(["thing 1.0 00", "thing 1.1 11", "late 2 22"])
      _ = try await house.wait(for: "late 2 22\n")
      try await requireGrowth("more of the registry's news")
      let again = try await house.restarted()
      #expect(try await house.bytes("versions", from: again) == shown)
    }
  }

  @Test func `a list that was rebuilt is taken as it is`() async throws {
    try await RubyHouse.run { house async throws in
      house.list(["thing 1.0 00"])
      #expect(await house.push("own", "1.0") == .ok)
      _ = try await house.bytes("versions")
      house.list(["a 1 00", "thing 1.0,1.1 11"], created: "2024-02-01T00:00:00Z")
      let shown = try await house.wait(for: "thing 1.0,1.1 11\n")
      let lines = String(decoding: shown, as: UTF8.self).split(separator: "\n").dropFirst(2)
      #expect(lines.map { $0.split(separator: " ")[0] } == ["a", "thing", "own"])
    }
  }

  @Test func `what a cool-down holds back is not listed, and the sums fit`() async throws {
    try await RubyHouse.run { house async throws in
      let lines = ["thing 1.0 00", "thing 1.1 11"]
      house.offer("thing", ["1.0"])
      house.list(lines)
      _ = try await house.bytes("gems/thing-1.0.gem")
      house.offer("thing", ["1.0", "1.1"])
      house.clock.advance(by: RubyHouse.pause)
      while try await !house.text("info/thing").contains("1.1") { await Task.yield() }
      let open = try await house.text("versions")
      let age = Duration.seconds(1200)
      _ = try await house.depot.changeSettings(of: DepotHouse.path("team")) { settings in
        settings.coolDown = CoolDownRule(age: age)
      }
      let info = await house.get("info/thing")
      let sum = try #require(info.headers[.eTag]).dropFirst().dropLast()
      #expect(try await !house.text("info/thing").contains("1.1"))
      #expect(try await house.text("versions") == open + "thing -1.1 \(sum)\n")
      house.clock.advance(by: age)
      #expect(try await house.text("info/thing").contains("1.1"))
      #expect(try await house.text("versions") == open)
    }
  }
}
