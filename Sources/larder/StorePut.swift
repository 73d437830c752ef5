import ArgumentParser
import BlobEngine
import Bytes
import Foundation

/// `larder store put`: files or standard input become blobs.
struct StorePut: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "put",
    abstract: "Store files, or standard input.",
    discussion: """
      Prints a line for each: the SHA-256, the size in bytes, whether it is new or was present \
      already, and the name. Each line is printed once its blob is durable.
      """
  )

  @OptionGroup var location: StoreLocation

  @Option(help: "The SHA-256 that the bytes must have; for one file.")
  var expect: BlobName?

  @Flag(help: "Acknowledge before the flush, as for bytes that can be fetched again.")
  var relaxed = false

  @Argument(help: "The files; none or - is standard input.")
  var files: [String] = []

  func validate() throws {
    if expect != nil, files.count > 1 {
      throw ValidationError("--expect is for one file.")
    }
  }

  func run() async throws {
    try await location.withStore(creates: true) { store in
      for path in files.isEmpty ? ["-"] : files {
        let info = try await put(path, into: store)
        let state = info.wasNew ? "new" : "present"
        Terminal.say("\(info.key)  \(info.byteCount)  \(state)  \(path)")
      }
    }
  }

  private func put(_ path: String, into store: BlobStore) async throws -> BlobInfo {
    let handle = try open(path)
    defer { if path != "-" { try? handle.close() } }
    var progress = Progress("storing \(path)", of: FileSystemNames.byteCount(of: path))
    defer { progress.finish() }
    let writer = try await store.makeWriter(durability: relaxed ? .relaxed : .flushed)
    do {
      var done: UInt64 = 0
      while let bytes = try read(handle, path) {
        try await writer.write(bytes)
        done += UInt64(bytes.count)
        progress.show(done)
      }
      return try await writer.finish(expecting: expect?.key)
    } catch {
      await writer.cancel()
      throw error
    }
  }

  private func open(_ path: String) throws -> FileHandle {
    if path == "-" { return .standardInput }
    do {
      return try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    } catch {
      throw StoreCommandError.unreadable(path: path, reason: error.localizedDescription)
    }
  }

  private func read(_ handle: FileHandle, _ path: String) throws -> [UInt8]? {
    do {
      guard let data = try handle.read(upToCount: 1 << 20), !data.isEmpty else { return nil }
      return [UInt8](data)
    } catch {
      throw StoreCommandError.unreadable(path: path, reason: error.localizedDescription)
    }
  }
}
