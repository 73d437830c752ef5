package import Catalog

extension Depot {
  /// Returns what is set for a repository beyond what the API knows.
  package func settings(
    of path: RepositoryPath
  ) async throws(RepositoryError) -> RepositorySettings {
    try await read { snapshot in
      let (repository, _) = try snapshot.requireRepository(path)
      return try snapshot.settings(of: repository.id) ?? RepositorySettings()
    }
  }

  /// Changes what is set for a repository.
  ///
  /// What depends on it follows at once: the change is one of the repository, as a change of its
  /// upstreams is.
  ///
  /// - Parameters:
  ///   - path: which repository.
  ///   - change: makes the new settings of those that hold; nothing comes in between.
  /// - Returns: the settings as they are now.
  /// - Throws: ``RepositoryError``: `notFound`, `validation` for settings that mean nothing, and
  ///   what `change` throws.
  package func changeSettings(
    of path: RepositoryPath,
    _ change: @escaping @Sendable (inout RepositorySettings) throws(RepositoryError) -> Void
  ) async throws(RepositoryError) -> RepositorySettings {
    let now = clock.now()
    return try await write { transaction in
      let (repository, _) = try transaction.requireRepository(path)
      var settings = try transaction.settings(of: repository.id) ?? RepositorySettings()
      try change(&settings)
      try settings.validate()
      try transaction.changeSettings(of: repository, to: settings, at: now)
      return settings
    }
  }
}

extension RepositorySettings {
  /// A hundred years: more is a mistake in the unit.
  private static let longest = Duration.seconds(100 * 366 * 86_400)
  /// How many patterns and how many versions a rule may name: each document made is held against
  /// all of the first.
  private static let mostNamed = 1000

  /// - Throws: ``RepositoryError`` with `validation` for settings that mean nothing.
  func validate() throws(RepositoryError) {
    try Self.require(freshness ?? .zero, "The freshness")
    guard let coolDown else { return }
    try Self.require(coolDown.age, "The cool-down age")
    guard max(coolDown.exemptions.count, coolDown.released.count) <= Self.mostNamed else {
      throw .invalidSettings(
        "A cool-down names at most \(Self.mostNamed) exemptions and as many released versions; "
          + "exempt what they have in common by a pattern."
      )
    }
  }

  private static func require(_ duration: Duration, _ name: String) throws(RepositoryError) {
    guard .zero...longest ~= duration else {
      throw .invalidSettings("\(name) must be between nothing and a hundred years.")
    }
  }
}

extension RepositoryError {
  fileprivate static func invalidSettings(_ message: String) -> RepositoryError {
    RepositoryError(
      .validation,
      message,
      resourceType: .repository,
      reason: .fieldValidationFailed
    )
  }
}
