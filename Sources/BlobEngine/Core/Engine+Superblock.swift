import Disk

/// The page that says what the store is, and its updates.
///
/// Only opening, checkpoints and closing change it, one at a time.
extension Engine {
  /// Writes all four copies with the changes made by `change`: two, flushed, then two, flushed.
  mutating func updateSuperblock(
    _ change: (inout Superblock) -> Void,
    then: @escaping (inout Engine, Result<Void, DiskError>) -> Void
  ) {
    change(&superblock)
    superblock.sequence += 1
    let buffer = superblockBuffer()
    let half = Superblock.fileByteCount / 2
    write(buffer, half: 0..<half) { engine, result in
      guard case .success = result else { return then(&engine, result.map { _ in }) }
      engine.write(buffer, half: half..<(2 * half)) { engine, result in
        then(&engine, result.map { _ in })
      }
    }
  }

  /// Reads `SUPER` and returns what its copies agree on.
  mutating func readSuperblock(
    then: @escaping (inout Engine, Result<SuperblockElection, EngineError>) -> Void
  ) {
    let count = Superblock.fileByteCount
    let buffer = makeBuffer(count)
    submit(
      .read(.superblock, offset: 0, byteCount: count, into: buffer, bufferOffset: 0, .direct)
    ) { engine, result in
      guard case .success = result else {
        if case .failure(let error) = result { then(&engine, .failure(EngineError(error))) }
        return
      }
      do throws(FormatError) {
        let file = buffer.span.extracting(0..<count)
        then(&engine, .success(try SuperblockElection(reading: file)))
      } catch {
        then(&engine, .failure(EngineError(superblock: error)))
      }
    }
  }

  private mutating func write(
    _ buffer: DiskBuffer,
    half: Range<Int>,
    then: @escaping DiskContinuation
  ) {
    submit(
      .write(
        .superblock,
        offset: UInt64(half.lowerBound),
        byteCount: half.count,
        from: buffer,
        bufferOffset: half.lowerBound,
        flushed: true
      ),
      then: then
    )
  }

  private func superblockBuffer() -> DiskBuffer {
    let buffer = makeBuffer(Superblock.fileByteCount)
    for copy in 0..<Superblock.copyCount {
      buffer.copy(
        from: superblock.encode(copy: copy).span,
        at: Int(Superblock.offset(ofCopy: copy))
      )
    }
    return buffer
  }
}

extension EngineError {
  /// What a superblock that cannot be used means for opening the store.
  init(superblock error: FormatError) {
    switch error.damage {
    case .unsupportedVersion, .unknownFeatures: self = .unsupportedFormat("\(error)")
    default: self = .notAStore("\(error)")
    }
  }
}
