import BlobEngine
import Bytes
import Codec
import Disk
import Simulation
import Testing

/// A store on a simulated disk, one request at a time, for tests that tell a story.
final class SimulatedStore {
  let drive: SimulatedDrive
  private let harness: EngineHarness
  private(set) var preparer: Preparer?
  private(set) var report: OpenReport?

  init(_ drive: SimulatedDrive, options: StoreOptions = SimulatedStore.options) {
    self.drive = drive
    harness = EngineHarness(drive: drive, options: options, seed: 11)
  }

  static let options = StoreOptions(
    segmentByteCount: 64 << 10,
    recentByteLimit: 0,
    cacheByteLimit: 0,
    checkpointByteInterval: 1 << 30,
    compresses: false
  )

  var log: [EngineLogEntry] { harness.log }

  func open() throws {
    guard let report = try harness.open()?.get() else { throw NoAnswer() }
    self.report = report
    preparer = report.preparer
  }

  /// Puts bytes, as one record or in pieces.
  func put(_ bytes: [UInt8]) throws -> BlobInfo {
    let preparer = try #require(preparer)
    if bytes.count <= preparer.inlineByteLimit {
      return try info(harness.answer(.put(preparer.blob(bytes), .flushed)))
    }
    return try upload(bytes, preparer)
  }

  /// Puts bytes, and throws what the engine refuses them for.
  func put(refusable bytes: [UInt8]) throws(EngineError) -> BlobInfo {
    do {
      return try put(bytes)
    } catch let error as EngineError {
      throw error
    } catch {
      preconditionFailure("the engine answers in kind: \(error)")
    }
  }

  private func upload(_ bytes: [UInt8], _ preparer: Preparer) throws -> BlobInfo {
    guard case .upload(let id, _) = try answer(.beginUpload(.flushed, probe: nil)) else {
      throw WrongAnswer()
    }
    do {
      for start in stride(from: 0, to: bytes.count, by: preparer.extentByteCount) {
        let end = min(bytes.count, start + preparer.extentByteCount)
        _ = try answer(.append(id, preparer.extent(Array(bytes[start..<end]))))
      }
    } catch {
      _ = try answer(.cancelUpload(id))
      throw error
    }
    let key = SHA256Stream.digest(of: bytes.span)
    return try info(harness.answer(.finishUpload(id, PreparedName(key))))
  }

  /// Reads a blob; nil when it is absent.
  func get(_ key: SHA256Digest) throws -> [UInt8]? {
    var bytes: [UInt8] = []
    var request = EngineRequest.read(key, range: nil)
    while true {
      switch try answer(request) {
      case .absent: return nil
      case .piece(let piece):
        bytes += try piece.decoded()
        guard let reader = piece.reader else { return bytes }
        request = .readOn(reader)
      default: throw WrongAnswer()
      }
    }
  }

  func delete(_ key: SHA256Digest) throws -> Bool {
    guard case .deleted(let wasThere) = try answer(.delete(key)) else { throw WrongAnswer() }
    return wasThere
  }

  func checkpoint() throws {
    _ = try answer(.checkpoint)
    harness.settle()
  }

  /// Empties every segment with dead bytes, and waits for what follows.
  func compact() throws {
    _ = try answer(.compact)
    harness.settle()
  }

  func close() throws {
    _ = try answer(.close)
  }

  func audit() -> [String] {
    harness.settle()
    return harness.audit()
  }

  private func answer(_ request: EngineRequest) throws -> EngineReply {
    guard let reply = try harness.answer(request)?.get() else { throw NoAnswer() }
    return reply
  }

  private func info(_ answer: Result<EngineReply, EngineError>?) throws -> BlobInfo {
    guard case .stored(let info) = try answer?.get() else { throw WrongAnswer() }
    return info
  }

  struct WrongAnswer: Error {}

  /// The power went first, or the engine forgot.
  struct NoAnswer: Error {}
}
