extension CatalogTransaction {
  /// Adds tags to a thing of a domain, or gives those that it has another value; nothing is written
  /// when it has them all.
  package func putTags(
    _ tags: [Tag],
    on subject: TagSubject,
    in domain: DomainID,
    at time: Timestamp
  ) throws(CatalogError) {
    let held = try self.tags(of: subject, in: domain)
    let changed = tags.filter { tag in !held.contains { $0.isSame(as: tag) } }
    guard !changed.isEmpty else { return }
    for tag in changed {
      try connection.run(
        TagStatements.put,
        [.id(domain)] + subject.values + [.text(tag.key), .text(tag.value)]
      )
    }
    try journalTags(changed.map(\.key), of: subject, in: domain, at: time)
  }

  /// Takes tags from a thing of a domain; keys that it does not have are passed over.
  package func removeTags(
    _ keys: [String],
    from subject: TagSubject,
    in domain: DomainID,
    at time: Timestamp
  ) throws(CatalogError) {
    var removed: [String] = []
    for key in keys {
      let values = [SQLValue.id(domain)] + subject.values + [.text(key)]
      if try connection.run(TagStatements.delete, values) > 0 { removed.append(key) }
    }
    guard !removed.isEmpty else { return }
    try journalTags(removed, of: subject, in: domain, at: time)
  }

  /// Takes all tags from a thing that is being deleted; its deletion is the journal's row.
  func dropTags(of subject: TagSubject, in domain: DomainID) throws(CatalogError) {
    try connection.run(TagStatements.deleteOfResource, [.id(domain)] + subject.values)
  }

  private func journalTags(
    _ keys: [String],
    of subject: TagSubject,
    in domain: DomainID,
    at time: Timestamp
  ) throws(CatalogError) {
    let detail = JSONText.object([("keys", .array(keys.map(JSONText.string)))])
    if case .repository(let id) = subject, let repository = try repository(id) {
      try journal(.tagsChanged, of: repository, detail: detail, at: time)
    } else {
      try journal(.tagsChanged, in: domain, detail: detail, at: time)
    }
  }
}
