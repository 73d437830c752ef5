import Catalog
import Testing

@testable import Repository

@Suite("Repository errors")
struct RepositoryErrorTests {
  @Test func `every code is listed once`() {
    let codes = RepositoryError.Code.allCases
    #expect(codes.count == 12)
    #expect(Set(codes).count == codes.count)
    #expect(Set(codes.map(\.description)).count == codes.count)
  }

  @Test func `failures of the catalog have a meaning`() {
    #expect(RepositoryError.translating(CatalogError.full).code == .storageFull)
    #expect(RepositoryError.translating(CatalogError.busy).retryAfter == .seconds(5))
    #expect(RepositoryError.translating(CatalogError.closed).code == .internalFailure)
    let own = RepositoryError(.conflict, "as it is", resourceID: "x")
    #expect(RepositoryError.translating(own).resourceID == "x")
  }
}
