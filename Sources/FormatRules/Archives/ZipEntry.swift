/// One member of a ZIP archive, as the central directory describes it (APPNOTE 4.3.12).
package struct ZipEntry: Hashable, Sendable {
  static let headerByteCount = 46
  static let localHeaderByteCount = 30

  /// With ill-formed UTF-8 repaired.
  package let name: String
  private let nameBytes: [UInt8]
  private let flags: UInt16
  private let method: UInt16
  private let checksum: UInt32
  package private(set) var compressedByteCount: UInt64
  package private(set) var byteCount: UInt64
  private(set) var localHeaderOffset: UInt64
  /// Whether the member is a symbolic link, by the mode that Unix archivers leave in the external
  /// attributes: its bytes are the path it leads to.
  package let isSymbolicLink: Bool

  /// Reads the entry at `position` and moves it past the entry.
  init(reading bytes: [UInt8], at position: inout Int) throws(MalformedInput) {
    guard bytes.count - position >= Self.headerByteCount,
      Fields(bytes, at: position).word(at: 0) == 0x0201_4B50
    else { throw ZipDirectory.failure("its directory is damaged") }
    let fields = Fields(bytes, at: position)
    let nameStart = position + Self.headerByteCount
    let extraStart = nameStart + Int(fields.short(at: 28))
    let commentStart = extraStart + Int(fields.short(at: 30))
    let end = commentStart + Int(fields.short(at: 32))
    guard end <= bytes.count else { throw ZipDirectory.failure("its directory is cut") }
    nameBytes = Array(bytes[nameStart..<extraStart])
    name = String(decoding: nameBytes, as: UTF8.self)
    flags = fields.short(at: 8)
    method = fields.short(at: 10)
    checksum = fields.word(at: 16)
    compressedByteCount = UInt64(fields.word(at: 20))
    byteCount = UInt64(fields.word(at: 24))
    localHeaderOffset = UInt64(fields.word(at: 42))
    isSymbolicLink = fields.word(at: 38) >> 28 == 0o12
    try readLongForm(Array(bytes[extraStart..<commentStart]))
    position = end
  }

  /// Takes the values that 32 bits could not hold from the zip64 extra field (section 4.5.3),
  /// which lists only those, in this order.
  private mutating func readLongForm(_ extra: [UInt8]) throws(MalformedInput) {
    guard
      byteCount == 0xFFFF_FFFF || compressedByteCount == 0xFFFF_FFFF
        || localHeaderOffset == 0xFFFF_FFFF
    else { return }
    guard var values = Self.extraField(1, in: extra) else { return }
    try Self.widen(&byteCount, from: &values)
    try Self.widen(&compressedByteCount, from: &values)
    try Self.widen(&localHeaderOffset, from: &values)
  }

  private static func extraField(_ id: UInt16, in extra: [UInt8]) -> ArraySlice<UInt8>? {
    var position = 0
    while extra.count - position >= 4 {
      let fields = Fields(extra, at: position)
      let end = position + 4 + Int(fields.short(at: 2))
      guard end <= extra.count else { return nil }
      if fields.short(at: 0) == id { return extra[(position + 4)..<end] }
      position = end
    }
    return nil
  }

  private static func widen(
    _ value: inout UInt64,
    from values: inout ArraySlice<UInt8>
  ) throws(MalformedInput) {
    guard value == 0xFFFF_FFFF else { return }
    guard values.count >= 8 else { throw ZipDirectory.failure("a zip64 field is cut") }
    value = Fields(Array(values.prefix(8)), at: 0).long(at: 0)
    values = values.dropFirst(8)
  }

  /// Returns the member's bytes, decompressed and compared with their checksum.
  ///
  /// - Throws: ``MalformedInput`` when the member is longer than `limit` bytes, encrypted,
  ///   compressed by a method other than store and deflate, or damaged; and what the source throws.
  package func extract(from source: ByteSource, upTo limit: Int) async throws -> [UInt8] {
    guard byteCount <= UInt64(limit), compressedByteCount <= UInt64(limit) + 1024 else {
      throw failure("is longer than the \(limit) bytes allowed")
    }
    guard flags & 1 == 0 else { throw failure("is encrypted") }
    let start = try await dataOffset(in: source)
    let data = try await source.read(Int(compressedByteCount), at: start)
    let bytes = try decompress(data)
    var actual = CRC32()
    actual.update(bytes)
    guard UInt64(bytes.count) == byteCount, actual.value == checksum else {
      throw failure("does not have the length and checksum that the directory gives")
    }
    return bytes
  }

  private func failure(_ reason: String) -> MalformedInput {
    ZipDirectory.failure("its member \(name) \(reason)")
  }

  private func decompress(_ data: [UInt8]) throws(MalformedInput) -> [UInt8] {
    switch method {
    case 0: return data
    case 8:
      var inflater = Inflater()
      inflater.feed(data)
      let bytes = try inflater.produce(upTo: Int(byteCount) + 1)
      guard inflater.isFinished else { throw failure("does not end where it should") }
      return bytes
    default: throw failure("is compressed by method \(method), which is not supported")
    }
  }

  /// Where the data begins: behind the local header, which must name the same member, or different
  /// readers would see different archives.
  private func dataOffset(in source: ByteSource) async throws -> UInt64 {
    let header = try await source.read(
      Self.localHeaderByteCount + nameBytes.count,
      at: localHeaderOffset
    )
    let fields = Fields(header, at: 0)
    guard fields.word(at: 0) == 0x0403_4B50, Int(fields.short(at: 26)) == nameBytes.count,
      header[Self.localHeaderByteCount...].elementsEqual(nameBytes)
    else { throw failure("is not where the directory says") }
    return localHeaderOffset + UInt64(header.count) + UInt64(fields.short(at: 28))
  }
}
