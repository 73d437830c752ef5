import BlobEngine
import Bytes
import Catalog
import Testing

@testable import Repository

@Suite("Sweeping away what nothing refers to")
struct SweepTests {
  private typealias Fixture = SweepFixture

  @Test func `what was deleted goes after the delay, and its bytes are the store's again`()
    async throws
  {
    try await Fixture.with { fixture in
      let sweep = fixture.sweep()
      let kept = try await fixture.publish(Fixture.bytes(1), version: "1")
      var gone: [SHA256Digest] = []
      for number in 2..<200 {
        gone.append(
          try await fixture.publish(Fixture.bytes(number, count: 30_000), version: "\(number)")
        )
      }
      let full = try await fixture.blobs.usage()
      for number in 2..<200 { try await fixture.delete(version: "\(number)") }
      let first = try await sweep.run()
      #expect(first.blobCount == 199 && first.noticedCount == 198 && first.deletedCount == 0)
      try await fixture.pass(days: 6)
      #expect(try await sweep.run().deletedCount == 0)
      #expect(try await fixture.shop().stat(gone[0]) != nil, "younger than the delay")
      try await fixture.pass(days: 2)
      let second = try await sweep.run()
      #expect(second.deletedCount == 198 && second.deletedByteCount > 198 * 30_000)
      for key in gone { #expect(try await fixture.shop().stat(key) == nil) }
      #expect(try await fixture.shop().get(kept) == Fixture.bytes(1))
      try await fixture.blobs.compact()
      let empty = try await fixture.blobs.usage()
      #expect(full.liveByteCount > 198 * 30_000 && empty.liveByteCount < 10_000)
      #expect(empty.usedSegmentCount <= 4 && full.usedSegmentCount >= 6, "\(empty)")
      let last = try await sweep.run()
      #expect(last.blobCount == 1 && last.unreferredCount == 0)
    }
  }

  @Test func `bytes that two versions share stay until both are deleted`() async throws {
    try await Fixture.with { fixture in
      let sweep = fixture.sweep(delay: .zero)
      let key = try await fixture.publish(Fixture.bytes(1), version: "1")
      #expect(try await fixture.publish(Fixture.bytes(1), version: "2", in: "live") == key)
      try await fixture.pass(days: 3)
      try await fixture.delete(version: "1")
      #expect(try await sweep.run().unreferredCount == 0)
      #expect(try await fixture.shop().get(key) == Fixture.bytes(1))
      try await fixture.delete(version: "2", in: "live")
      #expect(try await sweep.run().deletedCount == 1)
      #expect(try await fixture.shop().get(key) == nil)
    }
  }

  @Test func `a copy keeps the bytes of the version that it was copied from`() async throws {
    try await Fixture.with { fixture in
      let sweep = fixture.sweep(delay: .zero)
      let key = try await fixture.publish(Fixture.bytes(1), version: "1")
      try await fixture.pass(days: 3)
      let result = try await fixture.depot.copyVersions(
        VersionCopying(
          VersionBatch(["1"]),
          of: Fixture.kit,
          from: Fixture.path("dev"),
          to: Fixture.path("live")
        )
      )
      #expect(result.failed.isEmpty)
      try await fixture.delete(version: "1")
      #expect(try await sweep.run().unreferredCount == 0)
      #expect(try await fixture.shop().get(key) == Fixture.bytes(1))
    }
  }

  @Test func `documents of registries and files cut out of assets are referred to`() async throws {
    try await Fixture.with { fixture in
      let sweep = fixture.sweep(delay: .zero)
      let document = try await fixture.blobs.put(Fixture.bytes(1)).key
      let attachment = try await fixture.shop().put(Fixture.bytes(2)).key
      let now = fixture.clock.now()
      try await fixture.catalog.write { rows throws(CatalogError) in
        try rows.store(
          ExternalDocumentRecord(
            key: ExternalDocumentKey(connection: .npmjs, path: "kit"),
            source: "http://elsewhere/kit",
            status: 200,
            blob: AttachedBlob(key: document, byteCount: 3_000),
            contentType: nil,
            entityTag: nil,
            lastModified: nil,
            fetchedAt: now,
            checkedAt: now
          )
        )
      }
      _ = try await fixture.depot.publish(
        try await fixture.upload(Fixture.bytes(3)),
        as: AssetPublication(
          repository: Fixture.path("dev"),
          package: Fixture.kit,
          displayName: "kit",
          version: "1",
          assetName: "file",
          attachment: AttachedBlob(key: attachment, byteCount: 3_000)
        )
      )
      try await fixture.pass(days: 3)
      let report = try await sweep.run()
      #expect(report.blobCount == 3 && report.unreferredCount == 0)
      try await fixture.delete(version: "1")
      #expect(try await sweep.run().deletedCount == 2)
      #expect(try await fixture.shop().get(attachment) == nil)
      #expect(try await fixture.blobs.get(document) == Fixture.bytes(1))
    }
  }

  @Test func `the delay begins anew when a blob was in use between`() async throws {
    try await Fixture.with { fixture in
      let sweep = fixture.sweep()
      let key = try await fixture.publish(Fixture.bytes(1), version: "1")
      try await fixture.delete(version: "1")
      #expect(try await sweep.run().noticedCount == 1)
      try await fixture.pass(days: 5)
      try await fixture.publish(Fixture.bytes(1), version: "2")
      // One time a sweep sees it in use, the other time none does.
      #expect(try await sweep.run().revivedCount == 1)
      try await fixture.delete(version: "2")
      #expect(try await sweep.run().noticedCount == 1)
      try await fixture.pass(days: 5)
      try await fixture.publish(Fixture.bytes(1), version: "3")
      try await fixture.delete(version: "3")
      #expect(try await sweep.run().noticedCount == 1)
      try await fixture.pass(days: 5)
      #expect(try await sweep.run().deletedCount == 0)
      #expect(try await fixture.shop().stat(key) != nil)
      try await fixture.pass(days: 3)
      #expect(try await sweep.run().deletedCount == 1)
    }
  }

  @Test func `an upload that nobody publishes stays for the grace, and then goes`() async throws {
    try await Fixture.with { fixture in
      let sweep = fixture.sweep(delay: .zero)
      let staged = try await fixture.upload(Fixture.bytes(1))
      let early = try await sweep.run()
      #expect(early.keptCount == 1 && early.deletedCount == 0)
      #expect(try await fixture.shop().stat(staged.key) != nil)
      try await fixture.pass(days: 3)
      #expect(try await sweep.run().deletedCount == 1)
      #expect(try await fixture.shop().stat(staged.key) == nil)
    }
  }

  @Test func `what nothing refers to goes although it is damaged`() async throws {
    try await Fixture.with(isSealed: false, { $0.recentByteLimit = 0 }) { fixture in
      let bytes = Fixture.bytes(1, count: 30_000)
      let key = try await fixture.publish(bytes, version: "1")
      try await fixture.blobs.checkpoint()
      #expect(try rot(Array(bytes[8..<72]), below: fixture.folder))
      try await fixture.delete(version: "1")
      try await fixture.pass(days: 3)
      let sweep = fixture.sweep(delay: .zero)
      #expect(try await sweep.run().deletedCount == 1)
      #expect(try await fixture.blobs.stat(key) == nil)
      #expect(try await sweep.run().blobCount == 0)
    }
  }

  @Test func `a store that is nearly full gives up the oldest first, unless that is forbidden`()
    async throws
  {
    try await Fixture.with({ $0.capacityByteCount = 16 << 20 }) { fixture in
      var keys: [SHA256Digest] = []
      while try await !fixture.blobs.usage().isTight {
        let number = keys.count
        keys.append(
          try await fixture.publish(Fixture.bytes(number, count: 90_000), version: "\(number)")
        )
      }
      #expect(keys.count > 60)
      // The even ones are deleted first and noticed a day earlier than the odd ones.
      for rest in [0, 1] {
        for number in stride(from: rest, to: keys.count - 10, by: 2) {
          try await fixture.delete(version: "\(number)")
        }
        _ = try await fixture.sweep().run()
        try await fixture.pass(days: 2)
      }
      #expect(try await fixture.sweep(isStrict: true).relieve() == nil)
      let doomedCount = (keys.count - 10) / 2
      var rounds = 0
      while let report = try await fixture.sweep().relieve() {
        rounds += 1
        try #require(report.deletedCount > 0 && rounds < 20)
        var goneCount = [0, 0]
        for (number, key) in keys.enumerated() where try await fixture.shop().stat(key) == nil {
          goneCount[number % 2] += 1
        }
        #expect(goneCount[1] == 0 || goneCount[0] >= doomedCount, "\(goneCount)")
        try await fixture.blobs.compact()
      }
      #expect(rounds > 0)
      #expect(try await fixture.blobs.usage().isTight == false)
      for key in keys.suffix(10) { #expect(try await fixture.shop().stat(key) != nil) }
    }
  }

  @Test(arguments: [true, false])
  func `an explanation says who refers to a blob, or when its bytes return`(
    isSealed: Bool
  ) async throws {
    try await Fixture.with(isSealed: isSealed) { fixture in
      let key = try await fixture.publish(Fixture.bytes(1), version: "1")
      func explanation() async throws -> BlobExplanation {
        try await BlobExplanation(
          of: key,
          sealedNames: DomainKeys(in: fixture.catalog, Fixture.masterKeys).keys
            .map { try $0.name(of: key) },
          in: fixture.catalog,
          rules: SweepRules(deletionDelay: Fixture.delay)
        ) { "second \(Int($0.seconds))" }
      }
      let name = try await fixture.shop().name(of: key)
      #expect((name != key) == isSealed)
      let alive = try await explanation()
      #expect(
        alive.lines == [
          "Alive: domain \(DepotFixture.account)/shop has it as 1 assets and as 0 files cut out of "
            + "assets" + (isSealed ? "; sealed, the store calls it \(name.hexadecimal)." : ".")
        ]
      )
      #expect(alive.storedNames == (isSealed ? [key, name] : [key]))
      try await fixture.delete(version: "1")
      #expect(
        try await explanation().lines.first?.contains("no sweep has noticed that yet") == true
      )
      _ = try await fixture.sweep().run()
      let now = Int(fixture.clock.now().seconds)
      let last = try await explanation()
      #expect(last.lines[0].contains("second \(now)"))
      #expect(last.lines[1].contains("second \(now + 7 * 86_400)"))
      #expect(last.storedNames == alive.storedNames)
    }
  }

  @Test func `a domain whose key cannot be had is named, and its blobs stay`() async throws {
    try await Fixture.with { fixture in
      let key = try await fixture.publish(Fixture.bytes(1), version: "1")
      let found = try await DomainKeys(in: fixture.catalog, MasterKeys([]))
      #expect(found.keys.isEmpty)
      #expect(found.gaps.count == 1 && found.gaps[0].contains("\(DepotFixture.account)/shop"))
      try await fixture.pass(days: 3)
      let report = try await fixture.sweep(delay: .zero).run()
      #expect(report.blobCount == 1 && report.unreferredCount == 0)
      #expect(try await fixture.shop().get(key) == Fixture.bytes(1))
    }
  }
}
