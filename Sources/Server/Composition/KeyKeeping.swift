import Catalog
import Disk
import Foundation
import Repository

/// What operators do with the keys of domains, while no server runs on the data.
package struct KeyKeeping: Sendable {
  private let data: DataDirectory
  private let settings: [MasterKeySetting]

  /// - Parameters:
  ///   - path: the server's data directory.
  ///   - masterKeys: where the master keys are, as `larder serve` is told; none: beside the data.
  /// - Throws: when there is no catalog, or a setting makes no sense.
  package init(data path: String, masterKeys: [String]) throws {
    guard FileManager.default.fileExists(atPath: path + "/catalog.sqlite") else {
      throw NoData(path: path)
    }
    data = try DataDirectory(path: path)
    settings = try masterKeys.map { try MasterKeySetting($0) }
  }

  /// One line about each domain: its name, the master key that wraps its key, and since when.
  package func list() async throws -> [String] {
    let catalog = try Catalog.open(at: data.catalog)
    return try await KeyRotation.list(catalog)
  }

  /// Wraps the keys of all domains anew; no blob is touched.
  ///
  /// - Parameter target: where the new master key is; nil: a new one beside the data takes the
  ///   place of the old one.
  /// - Returns: how many keys were wrapped anew.
  /// - Throws: what keeps the catalog or a master key from being used; what was wrapped anew by
  ///   then stays so.
  package func rotate(to target: String?) async throws -> Int {
    let catalog = try Catalog.open(at: data.catalog)
    let ring = try await MasterKeyRing(settings, in: data, catalog)
    let outcome: Result<Int, any Error>
    do {
      outcome = .success(try await rotate(ring, catalog, to: target))
    } catch {
      outcome = .failure(error)
    }
    await ring.shutdown()
    return try outcome.get()
  }

  private var now: Timestamp {
    Timestamp(microseconds: Int64(WallClock.unixMilliseconds()) * 1000)
  }

  private func rotate(
    _ ring: MasterKeyRing,
    _ catalog: Catalog,
    to target: String?
  ) async throws -> Int {
    if let target {
      let provider = try MasterKeyRing.provider(MasterKeySetting(target))
      let rotation = KeyRotation(catalog, from: ring.keys, to: provider)
      let outcome: Result<Int, any Error>
      do {
        outcome = .success(try await rotation.run(at: now))
      } catch {
        outcome = .failure(error)
      }
      await MasterKeyRing.close(provider)
      return try outcome.get()
    }
    guard settings.isEmpty else { throw TargetMissing() }
    // The new key is on the disk before anything is wrapped with it, and takes the old one's place
    // when nothing is wrapped with that any more.
    let next = try PrivateFile.read(data.nextDomainKey) ?? MasterKeyRing.makeLocal().bytes
    guard let provider = LocalMasterKey(next) else {
      throw MasterKeyMissing(path: data.nextDomainKey)
    }
    try PrivateFile.write(next, to: data.nextDomainKey)
    let both = try await MasterKeyRing([], in: data, catalog)
    let count = try await KeyRotation(catalog, from: both.keys, to: provider).run(at: now)
    try PrivateFile.write(next, to: data.domainKey)
    try FileManager.default.removeItem(atPath: data.nextDomainKey)
    return count
  }
}

/// There is no server's data in a directory.
struct NoData: Error, CustomStringConvertible {
  let path: String
  var description: String { "there is no catalog in \(path): name the data directory with --data" }
}

/// Keys that are elsewhere are not replaced by one beside the data.
struct TargetMissing: Error, CustomStringConvertible {
  var description: String { "name the new master key with --to, as for --master-key" }
}
