extension CatalogTransaction {
  /// Gives a new domain its key, which it keeps for its life.
  package func insertKey(
    _ wrapped: [UInt8],
    by master: String,
    of domain: DomainID,
    at time: Timestamp
  ) throws(CatalogError) {
    try connection.run(
      KeyStatements.insert,
      [.id(domain), .text(master), .bytes(wrapped), .time(time)]
    )
  }

  /// Keeps the same key as another master key has wrapped it.
  ///
  /// - Returns: false when the key was wrapped anew, or deleted, since `generation`.
  package func rewrapKey(
    of domain: DomainID,
    _ wrapped: [UInt8],
    by master: String,
    from generation: Int64,
    at time: Timestamp
  ) throws(CatalogError) -> Bool {
    try connection.run(
      KeyStatements.rewrap,
      [.text(master), .bytes(wrapped), .time(time), .id(domain), .integer(generation)]
    ) > 0
  }
}
