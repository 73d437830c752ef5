import Catalog
import Testing

@testable import Repository

@Suite("A crowd at one file")
struct FileCrowdTests {
  private static let wheel = "pkg-1.0-py3-none-any.whl"

  @Test func `rows are not read for each of a crowd, and are again when they have changed`()
    async throws
  {
    let fixture = try await ContentFixture()
    let gate = Gate()
    let bytes = fixture.offer(Self.wheel, of: "pkg", bytes: sampleBytes(1 << 20)) {
      $0.gate = (512 << 10, gate)
    }
    guard case .arriving(let file) = try await fixture.find(Self.wheel, of: "pkg", in: "app") else {
      Issue.record("the file is on its way")
      return
    }
    #expect(try await isKnownAbsent(in: fixture))
    gate.open()
    _ = try await file.stored()
    #expect(try await !isKnownAbsent(in: fixture))
    #expect(try await fixture.download(Self.wheel, of: "pkg", in: "app") == bytes)
    try await fixture.close()
  }

  private func isKnownAbsent(in fixture: ContentFixture) async throws -> Bool {
    let content = fixture.depot.content
    let start = try await content.start(at: fixture.path("app"))
    return content.routes.isAbsent(
      Self.wheel,
      of: "pkg",
      in: start.repository,
      at: content.routes.mark(start.map, "pkg")
    )
  }

  @Test func `who comes while rows are written waits for them only to have more written`() {
    let plan = FlightPlan(
      domain: DomainID(1),
      connection: .pypi,
      address: "https://index.invalid/\(Self.wheel)",
      fileName: Self.wheel,
      hashes: [:],
      byteCount: nil
    )
    let flight = Flight(plan, from: nil, windowByteCount: 1 << 20)
    let (wanted, late) = (Self.place(in: 1), Self.place(in: 2))
    #expect(flight.add(wanted))
    #expect(flight.closePlaces() == [wanted])
    #expect(flight.add(wanted))
    #expect(!flight.add(late))
    #expect(flight.closePlaces() == [wanted])
  }

  private static func place(in repository: Int64) -> LandingPlace {
    LandingPlace(
      repositories: [RepositoryID(repository)],
      connection: .pypi,
      package: PackageCoordinates(format: .pypi, name: "pkg"),
      restrictionsWhenNew: OriginRestrictions(publish: .block, upstream: .allow),
      displayName: "pkg",
      version: "1.0",
      fileName: wheel,
      uploadedAt: nil,
      attributes: "{}"
    )
  }
}
