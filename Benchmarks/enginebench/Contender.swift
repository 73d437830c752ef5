/// A way to keep blobs durably: ours, or a peer's.
protocol Contender: Sendable {
  /// The name in the table.
  var name: String { get }

  /// Keeps the bytes, and returns once they would survive a power cut.
  func put(_ bytes: [UInt8]) async throws -> Handle

  /// Keeps bytes that are there to be read in a moment, for whom a flush each would take minutes.
  func fill(_ bytes: [UInt8]) async throws -> Handle

  /// Reads back all that was put under a handle.
  func get(_ handle: Handle) async throws -> [UInt8]

  /// Lets go of everything, so that a cold start can follow.
  func close() async throws
}

extension Contender {
  func fill(_ bytes: [UInt8]) async throws -> Handle { try await put(bytes) }
}

/// Names a blob to the contender that keeps it: a content address in hexadecimal, a file's name.
typealias Handle = String
