import ArchiveSamples
import Exchange
import HTTPTypes
import Repository
import Testing

@testable import Catalog

/// A package of ten thousand versions, end to end: what a publication and the reads after it cost,
/// counted in rows.
@Suite("A package of very many versions")
struct NuGetGrowthTests {
  private static let count = 10_000

  /// Gives the only package so many versions of one file each, without the cost of publishing them
  /// one by one.
  private func fill(_ house: NuGetHouse) async throws {
    let numbers = """
      WITH RECURSIVE number (n) AS
        (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < \(Self.count))
      """
    try await house.depot.catalog.write { transaction throws(CatalogError) in
      try transaction.connection.run(
        NamedStatement(
          "fill versions",
          """
          \(numbers) INSERT INTO version
            (package_id, version, display_name, status, revision, origin_type, origin_name,
             published_at, metadata)
          SELECT package.id, '1.' || n || '.0', '1.' || n || '.0', 'Published', 'r', 'INTERNAL',
            'team', 1700000000000000 + n, '{}'
          FROM number, package
          """
        ),
        []
      )
      try transaction.connection.run(
        NamedStatement(
          "fill assets",
          """
          INSERT INTO asset
            (version_id, package_id, name, byte_count, sha256, md5, sha1, sha512, uploaded_at,
             attributes)
          SELECT version.id, version.package_id, 'big.' || version || '.nupkg', 100, zeroblob(32),
            zeroblob(16), zeroblob(20), zeroblob(64), 0, '{}'
          FROM version WHERE revision = 'r'
          """
        ),
        []
      )
    }
  }

  private func push(_ version: String, to house: NuGetHouse) async -> HTTPResponse.Status {
    let metadata = "<id>Big</id><version>\(version)</version><description>d</description>"
    let archive = TestZip([
      ("Big.nuspec", "<package><metadata>\(metadata)</metadata></package>")
    ]).bytes
    let head = "--b\r\nContent-Disposition: form-data; name=package; filename=p\r\n\r\n"
    return await house.send(
      .put,
      "v3/package/",
      [.contentType: "multipart/form-data; boundary=b"],
      body: Array(head.utf8) + archive + Array("\r\n--b--\r\n".utf8)
    ).status
  }

  @Test func `is published to and served, each row read once`() async throws {
    try await NuGetHouse.run { house async throws in
      #expect(await push("1.0.0", to: house) == .created)
      try await fill(house)
      let catalog = house.depot.catalog
      var before = catalog.rowsRead
      #expect(await push("2.0.0", to: house) == .created)
      #expect(catalog.rowsRead - before < 100, "a publication looks at its own version")
      before = catalog.rowsRead
      let list = try #require(try await house.text("v3/flatcontainer/big/index.json"))
      #expect(list.contains(#""1.10000.0""#) && list.contains(#""2.0.0""#))
      let read = catalog.rowsRead - before
      #expect(2 * Self.count...2 * Self.count + 100 ~= read, "versions and files once: \(read)")
      before = catalog.rowsRead
      let index = try #require(try await house.text("v3/registration4/big/index.json"))
      let pages = index.split(separator: #"{"@id":""#).dropFirst().compactMap { part in
        part.prefix { $0 != "\"" }.split(separator: "/team/").last.map(String.init)
      }.filter { $0.contains("page") }
      #expect(pages.count == (Self.count + 2 + 63) / 64)
      for page in pages { #expect(try await house.bytes(page) != nil, "\(page)") }
      #expect(try await house.bytes("v3/registration4/big/1.10000.0.json") != nil)
      #expect(catalog.rowsRead == before, "what was read is in memory")
    }
  }
}
