/// The core metadata inside an egg (setuptools, "The Internal Structure of Python Eggs").
package enum EggMetadata {
  /// Returns the bytes of the egg's `EGG-INFO/PKG-INFO`.
  ///
  /// - Throws: ``MalformedInput`` when there is not exactly one or the archive is damaged, and
  ///   what the source throws.
  package static func cutOut(of source: ByteSource) async throws -> [UInt8] {
    let found = try await ZipDirectory(of: source).entries.filter {
      $0.name == "EGG-INFO/PKG-INFO"
    }
    guard let entry = found.first, found.count == 1 else {
      throw MalformedInput("egg", "it has \(found.count) EGG-INFO/PKG-INFO members, not one")
    }
    return try await entry.extract(from: source, upTo: WheelMetadata.maximumByteCount)
  }
}
