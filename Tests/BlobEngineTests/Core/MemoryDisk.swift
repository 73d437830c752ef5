import Bytes
import Disk

/// A disk that does everything at once, in memory; the adversarial one is the simulated disk's.
final class MemoryDisk {
  var files: [StoreFile: [UInt8]] = [:]
  /// What was asked for, newest last.
  private(set) var log: [DiskOperation] = []
  /// Makes an operation fail instead of doing it.
  var fault: ((DiskOperation) -> DiskError?)?
  /// The most bytes that all files may take together.
  var capacity = Int.max

  var sizes: [StoreFile: UInt64] { files.mapValues { UInt64($0.count) } }

  /// What all files take, in bytes.
  var byteCount: Int { files.values.reduce(0) { $0 + $1.count } }

  /// What the slots take, in bytes.
  var slotByteCount: Int {
    files.reduce(0) { sum, file in
      if case .slot = file.key { sum + file.value.count } else { sum }
    }
  }

  func forgetLog() { log = [] }

  func perform(_ operation: DiskOperation) -> Result<Int, DiskError> {
    log.append(operation)
    if let error = fault?(operation) { return .failure(error) }
    switch operation {
    case .create(let file, let byteCount):
      guard files[file] == nil else { return refusal(17) }
      let used = files.values.reduce(0) { $0 + $1.count }
      guard used + Int(byteCount) <= capacity else { return refusal(28) }
      files[file] = [UInt8](repeating: 0, count: Int(byteCount))
      return .success(0)
    case .extend(let file, let byteCount):
      guard let count = files[file]?.count else { return refusal(2) }
      let used = files.values.reduce(0) { $0 + $1.count }
      let more = max(0, Int(byteCount) - count)
      guard used + more <= capacity else { return refusal(28) }
      files[file]?.append(contentsOf: [UInt8](repeating: 0, count: more))
      return .success(0)
    case .remove(let file):
      return files.removeValue(forKey: file) == nil ? refusal(2) : .success(0)
    case .read(let file, let offset, let byteCount, let buffer, let position, _):
      guard let bytes = files[file] else { return refusal(2) }
      let end = Int(offset) + byteCount
      guard end <= bytes.count else {
        return .failure(.short(expected: byteCount, actual: max(0, bytes.count - Int(offset))))
      }
      buffer.copy(from: bytes.span.extracting(Int(offset)..<end), at: position)
      return .success(byteCount)
    case .write(let file, let offset, let byteCount, let buffer, let position, _):
      guard let count = files[file]?.count else { return refusal(2) }
      let end = Int(offset) + byteCount
      guard end <= count, Int(offset) % 4096 == 0, byteCount % 4096 == 0 else { return refusal(22) }
      let bytes = buffer.bytes(in: position..<(position + byteCount))
      files[file]?.replaceSubrange(Int(offset)..<end, with: bytes)
      return .success(byteCount)
    case .flush, .flushDirectory:
      return .success(0)
    }
  }

  /// Flips a bit; the second time it is as before.
  func corrupt(_ file: StoreFile, at offset: Int) {
    files[file]?[offset] ^= 0x10
  }

  func overwrite(_ file: StoreFile, at offset: Int, with bytes: [UInt8]) {
    files[file]?.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
  }

  /// A write to a slot.
  struct Place: Hashable {
    let slot: UInt32
    let offset: Int
    let byteCount: Int
  }

  /// The writes to slots so far, headers and footers too.
  var writes: [Place] {
    log.compactMap { operation in
      guard case .write(.slot(let slot), let offset, let byteCount, _, _, _) = operation else {
        return nil
      }
      return Place(slot: slot, offset: Int(offset), byteCount: byteCount)
    }
  }

  private func refusal(_ code: Int32) -> Result<Int, DiskError> {
    .failure(.system(operation: "memory", code: code))
  }
}
