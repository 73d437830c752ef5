import ArgumentParser
import BlobEngine
import Foundation

/// `larder store get`: a blob, or a part of it, to a file or standard output.
struct StoreGet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Read a blob, or a part of it.",
    discussion: """
      Every byte that comes out was verified. A file is written under another name and renamed at \
      the end, so that it is whole or not there; standard output may end early, with exit code 2, \
      when damage is met.
      """
  )

  @OptionGroup var location: StoreLocation

  @Option(
    help: """
      The part to read, as in HTTP: FIRST-LAST, both included, FIRST- to the end, or -COUNT for \
      the last bytes.
      """
  )
  var range: ByteRangeArgument?

  @Option(name: .shortAndLong, help: "The file to write; - is standard output.")
  var output = "-"

  @Argument(help: "The blob's SHA-256.")
  var blob: BlobName

  func run() async throws {
    do {
      if try await location.withStore({ try await copy(from: $0) }) { return }
    } catch EngineError.damaged(let key, let damage) {
      Terminal.note("Blob \(key) is damaged: \(damage).")
      throw ExitCode.damage
    }
    Terminal.note("The store has no blob \(blob.key).")
    throw ExitCode.absent
  }

  /// Copies what was asked for, and answers whether the blob is there.
  private func copy(from store: BlobStore) async throws -> Bool {
    guard let info = try await store.stat(blob.key) else { return false }
    let part = range?.resolved(in: info.byteCount)
    guard let reader = try await store.makeReader(for: blob.key, range: part) else { return false }
    try await copy(reader)
    return true
  }

  private func copy(_ reader: BlobReader) async throws {
    let sink = try ByteSink(output)
    var progress = Progress("reading", of: UInt64(reader.range.count))
    do {
      var done: UInt64 = 0
      while let bytes = try await reader.next() {
        try sink.write(bytes)
        done += UInt64(bytes.count)
        progress.show(done)
      }
      progress.finish()
      try sink.finish()
    } catch {
      progress.finish()
      sink.discard()
      throw error
    }
  }
}

/// A part of a blob, as people write it.
struct ByteRangeArgument: ExpressibleByArgument {
  let first: UInt64?
  let last: UInt64?

  init?(argument: String) {
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    (first, last) = (UInt64(parts[0]), UInt64(parts[1]))
    if first == nil, !parts[0].isEmpty || last == nil { return nil }
    if last == nil, !parts[1].isEmpty { return nil }
    if let first, let last, last < first { return nil }
  }

  /// The part in bytes of a blob of this size, end excluded.
  func resolved(in byteCount: UInt64) -> Range<UInt64> {
    guard let first else { return byteCount - min(byteCount, last ?? 0)..<byteCount }
    let end = last.map { $0 == .max ? $0 : $0 + 1 } ?? byteCount
    return min(first, byteCount)..<min(max(end, first), byteCount)
  }
}

/// Where the bytes of a blob go.
final class ByteSink {
  private let path: String
  private let partial: String
  private let handle: FileHandle

  init(_ path: String) throws {
    self.path = path
    partial = "\(path).partial-\(ProcessInfo.processInfo.processIdentifier)"
    if path == "-" {
      handle = .standardOutput
      return
    }
    guard FileManager.default.createFile(atPath: partial, contents: nil),
      let handle = FileHandle(forWritingAtPath: partial)
    else { throw StoreCommandError.unwritable(path: path, reason: "cannot make \(partial)") }
    self.handle = handle
  }

  func write(_ bytes: [UInt8]) throws {
    do {
      try handle.write(contentsOf: Data(bytes))
    } catch {
      throw StoreCommandError.unwritable(path: path, reason: error.localizedDescription)
    }
  }

  /// Gives the file its name.
  func finish() throws {
    guard path != "-" else { return }
    do {
      try handle.close()
      _ = try? FileManager.default.removeItem(atPath: path)
      try FileManager.default.moveItem(atPath: partial, toPath: path)
    } catch {
      throw StoreCommandError.unwritable(path: path, reason: error.localizedDescription)
    }
  }

  func discard() {
    guard path != "-" else { return }
    try? FileManager.default.removeItem(atPath: partial)
  }
}
