extension CatalogTransaction {
  /// Notes a wish; one for a whole registry takes the place of those for its packages.
  package func note(_ wish: RefreshWish) throws(CatalogError) {
    let name = wish.connection.rawValue
    if wish.package == nil {
      try connection.run(RefreshWishStatements.deleteOfPackages, [.text(name)])
    }
    try connection.run(
      RefreshWishStatements.store,
      [.text(name), .text(wish.package ?? ""), .time(wish.wishedAt)]
    )
  }
}
