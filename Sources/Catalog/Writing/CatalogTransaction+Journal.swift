extension CatalogTransaction {
  /// Appends a change to its domain's journal and returns its serial.
  ///
  /// The one way into the journal: the serial is taken from the domain's row in the same
  /// transaction, so that serials have no gaps and follow the order of commits.
  @discardableResult
  func journal(
    _ kind: JournalKind,
    in domain: DomainID,
    _ subject: JournalEntry.Subject = JournalEntry.Subject(),
    detail: JSONText = .object([]),
    at time: Timestamp
  ) throws(CatalogError) -> Int64 {
    let serial = try connection.requiredRow(DomainStatements.nextSerial, [.id(domain)]) {
      row throws(CatalogError) in try row.integer(0)
    }
    let entry = JournalEntry(
      domainID: domain,
      serial: serial,
      kind: kind,
      subject: subject,
      detail: detail.text,
      at: time
    )
    try append(entry)
    notes.entries.append(entry)
    return serial
  }

  /// Appends a change of one repository, and stamps the repository with its serial.
  @discardableResult
  func journal(
    _ kind: JournalKind,
    of repository: RepositoryRecord,
    package: PackageCoordinates? = nil,
    version: String? = nil,
    detail: JSONText = .object([]),
    at time: Timestamp
  ) throws(CatalogError) -> Int64 {
    let subject = JournalEntry.Subject(
      repositoryID: repository.id,
      repository: repository.name,
      package: package,
      version: version
    )
    let serial = try journal(kind, in: repository.domainID, subject, detail: detail, at: time)
    try connection.run(RepositoryStatements.setSerial, [.integer(serial), .id(repository.id)])
    return serial
  }

  private func append(_ entry: JournalEntry) throws(CatalogError) {
    let package = entry.subject.package
    try connection.run(
      JournalStatements.append,
      [
        .id(entry.domainID), .integer(entry.serial), .text(entry.kind.rawValue),
        .id(entry.subject.repositoryID), .text(entry.subject.repository),
        .text(package?.format.rawValue), .text(package?.namespace), .text(package?.name),
        .text(entry.subject.version), .text(entry.detail), .time(entry.at),
      ]
    )
  }
}
