internal import Catalog

extension Catalog {
  /// Goes through the keys of all domains, a hundred in a snapshot.
  func forEachDomainKey(
    _ body: (DomainKeyRecord, DomainRecord) async throws -> Void
  ) async throws {
    var last = DomainID(0)
    while true {
      let after = last
      let page = try await withSnapshot { snapshot in
        try snapshot.keys(after: after, limit: 100).map { record in
          (record, try snapshot.domain(record.domainID))
        }
      }
      guard let end = page.last else { return }
      last = end.0.domainID
      for (record, domain) in page {
        if let domain { try await body(record, domain) }
      }
    }
  }
}
