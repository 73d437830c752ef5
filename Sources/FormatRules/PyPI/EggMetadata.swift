/// The core metadata inside an egg (setuptools, "The Internal Structure of Python Eggs").
package enum EggMetadata {
  /// How long all members may be together once unpacked.
  private static let mostBytes: UInt64 = 64 << 30

  /// Returns the bytes of the egg's `EGG-INFO/PKG-INFO`.
  ///
  /// All members are looked at where `inspectsMembers` says so, as for what is to be published.
  /// - Throws: ``MalformedInput`` when there is not exactly one or the archive is damaged, and
  ///   what the source throws.
  package static func cutOut(
    of source: ByteSource,
    inspectsMembers: Bool = false
  ) async throws -> [UInt8] {
    let directory = try await ZipDirectory(of: source)
    if inspectsMembers { try directory.checkMembers(bytes: mostBytes) }
    let found = directory.entries.filter { $0.name == "EGG-INFO/PKG-INFO" }
    guard let entry = found.first, found.count == 1 else {
      throw MalformedInput("egg", "it has \(found.count) EGG-INFO/PKG-INFO members, not one")
    }
    return try await entry.extract(from: source, upTo: WheelMetadata.maximumByteCount)
  }
}
