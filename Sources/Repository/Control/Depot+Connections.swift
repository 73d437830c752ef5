internal import Catalog

extension Depot {
  /// Connects a repository to a public registry.
  ///
  /// - Parameters:
  ///   - name: one of the ten that there are, such as `public:pypi`.
  ///   - path: which repository.
  /// - Returns: the repository as it is now.
  /// - Throws: ``RepositoryError``: `validation` for another name, `conflict` when the repository
  ///   has upstreams or a connection, `notFound`.
  package func associateExternalConnection(
    _ name: String,
    with path: RepositoryPath
  ) async throws(RepositoryError) -> RepositoryDescription {
    let connection = try Self.connection(named: name)
    let now = clock.now()
    return try await write { transaction in
      let (repository, domain) = try transaction.requireRepository(path)
      if let present = try transaction.externalConnections(of: repository.id).first {
        throw RepositoryError(
          .conflict,
          "Repository \(path.repository) has the external connection \(present.rawValue), and may "
            + "have one; disassociate it first.",
          resourceID: path.repository,
          resourceType: .repository
        )
      }
      guard try transaction.upstreams(of: repository.id).isEmpty else {
        throw RepositoryError(
          .conflict,
          "Repository \(path.repository) has upstreams, and may have upstreams or an external "
            + "connection, not both; clear its upstreams first.",
          resourceID: path.repository,
          resourceType: .repository
        )
      }
      let updated = try transaction.associate(connection, with: repository, at: now)
      return try transaction.describe(updated, in: domain)
    }
  }

  /// Takes a repository's external connection away; what was stored through it stays.
  ///
  /// - Parameters:
  ///   - name: the connection that it has.
  ///   - path: which repository.
  /// - Returns: the repository as it is now.
  /// - Throws: ``RepositoryError``: `validation` for a name that none has, `notFound` for one that
  ///   this repository has not.
  package func disassociateExternalConnection(
    _ name: String,
    from path: RepositoryPath
  ) async throws(RepositoryError) -> RepositoryDescription {
    let connection = try Self.connection(named: name)
    let now = clock.now()
    return try await write { transaction in
      let (repository, domain) = try transaction.requireRepository(path)
      guard try transaction.externalConnections(of: repository.id).contains(connection) else {
        throw RepositoryError(
          .notFound,
          "Repository \(path.repository) has no external connection \(connection.rawValue).",
          resourceID: path.repository,
          resourceType: .repository
        )
      }
      let updated = try transaction.disassociate(connection, from: repository, at: now)
      return try transaction.describe(updated, in: domain)
    }
  }

  private static func connection(
    named name: String
  ) throws(RepositoryError) -> ExternalConnection {
    guard let connection = ExternalConnection(rawValue: name) else {
      let known = ExternalConnection.allCases.map(\.rawValue).joined(separator: ", ")
      throw RepositoryError(
        .validation,
        "There is no external connection \(name). Those that there are: \(known).",
        resourceType: .repository,
        reason: .fieldValidationFailed
      )
    }
    return connection
  }
}
