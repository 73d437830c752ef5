package import Catalog

extension Depot {
  /// How many packages are looked up at a time: reading rows and documents waits for the disk, and
  /// a search is not to take all readers of the catalog from everybody else.
  private static let lookUpCount = 4

  /// Shows packages as ``keptPackage(_:in:)`` does, in their order, a few at a time.
  ///
  /// - Returns: for each package what is known; nil where nothing is.
  /// - Throws: `notFound` when the repository does not exist.
  package func keptPackages(
    _ packages: [PackageCoordinates],
    in path: RepositoryPath
  ) async throws(RepositoryError) -> [MergedPackage?] {
    let lanes = min(Self.lookUpCount, packages.count)
    let results = await withTaskGroup(of: [(Int, Result<MergedPackage?, RepositoryError>)].self) {
      group in
      for lane in 0..<lanes {
        group.addTask {
          var found: [(Int, Result<MergedPackage?, RepositoryError>)] = []
          for index in stride(from: lane, to: packages.count, by: lanes) {
            let result = await self.result(of: packages[index], in: path)
            found.append((index, result))
            if case .failure = result { break }
          }
          return found
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    var merged = [MergedPackage?](repeating: nil, count: packages.count)
    for (index, result) in results { merged[index] = try result.get() }
    return merged
  }

  private func result(
    of package: PackageCoordinates,
    in path: RepositoryPath
  ) async -> Result<MergedPackage?, RepositoryError> {
    do {
      return .success(try await keptPackage(package, in: path))
    } catch {
      return .failure(error)
    }
  }
}
