extension CatalogReading {
  /// Returns the latest wishes, the latest first.
  package func refreshWishes(limit: Int) throws(CatalogError) -> [RefreshWish] {
    try connection.rows(
      RefreshWishStatements.latest,
      [.integer(Int64(limit))]
    ) { row throws(CatalogError) in
      let package = try row.text(1)
      return RefreshWish(
        connection: try row.word(0),
        package: package.isEmpty ? nil : package,
        wishedAt: try row.time(2)
      )
    }
  }
}
