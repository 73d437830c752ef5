import Disk

/// The page that says what the store is, and its updates.
///
/// Only opening, checkpoints and closing change it, one at a time.
extension Engine {
  /// Writes all four copies with the changes made by `change`: two, flushed, then two, flushed.
  ///
  /// The two that an opening relied on come last. Otherwise a crash that tears the first two would
  /// leave no two that agree, if an earlier crash has torn the others.
  mutating func updateSuperblock(
    _ change: (inout Superblock) -> Void,
    then: @escaping (inout Engine, Result<Void, DiskError>) -> Void
  ) {
    change(&superblock)
    superblock.sequence += 1
    let buffer = superblockBuffer()
    let kept = superblockCopiesToKeep
    let first = (0..<Superblock.copyCount).filter { !kept.contains($0) }
    write(buffer, copies: first) { engine, result in
      guard case .success = result else { return then(&engine, result) }
      engine.write(buffer, copies: kept) { engine, result in
        if case .success = result { engine.superblockCopiesToKeep = [2, 3] }
        then(&engine, result)
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
    copies: [Int],
    then: @escaping (inout Engine, Result<Void, DiskError>) -> Void
  ) {
    let operations = copies.map { copy in
      let offset = Superblock.offset(ofCopy: copy)
      return DiskOperation.write(
        .superblock,
        offset: offset,
        byteCount: StoreFormat.pageByteCount,
        from: buffer,
        bufferOffset: Int(offset),
        flushed: true
      )
    }
    submitAll(operations) { engine, results in
      for case .failure(let error) in results { return then(&engine, .failure(error)) }
      then(&engine, .success(()))
    }
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
