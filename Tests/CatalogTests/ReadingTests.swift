import Testing

@testable import Catalog

@Suite("Reading")
struct ReadingTests {
  private func wish(_ name: String, _ seconds: Int64) -> RefreshWish {
    RefreshWish(
      connection: .npmjs,
      package: name,
      wishedAt: moment(seconds)
    )
  }

  /// Many share a snapshot: none of them one from before it was asked.
  @Test func `however many read at once, each sees what was written before`() async throws {
    try await withCatalog { catalog in
      try await withThrowingTaskGroup { group in
        for writer in 0..<40 {
          group.addTask {
            for round in 1...20 as ClosedRange<Int64> {
              let wish = wish("package-\(writer)", round)
              try await catalog.write(durability: .relaxed) { transaction throws(CatalogError) in
                try transaction.note(wish)
              }
              let found = try await catalog.read { snapshot throws(CatalogError) in
                try snapshot.refreshWishes(limit: 100)
              }
              #expect(found.contains(wish))
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test func `a reading that fails takes none of its neighbours with it`() async throws {
    try await withCatalog { catalog in
      await withTaskGroup { group in
        for number in 0..<200 {
          group.addTask {
            let answer = try? await catalog.read { _ throws(CatalogError) in
              guard number % 3 > 0 else { throw CatalogError.refused("\(number)") }
              return number
            }
            #expect(answer == (number % 3 > 0 ? number : nil))
          }
        }
      }
    }
  }

  @Test func `after the end every reading is refused`() async throws {
    try await withCatalogPath { path in
      let catalog = try Catalog.open(at: path)
      try await catalog.close()
      for _ in 0..<10 {
        await #expect(throws: CatalogError.closed) {
          try await catalog.read { _ throws(CatalogError) in 1 }
        }
      }
    }
  }
}
