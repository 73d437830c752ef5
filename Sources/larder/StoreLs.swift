import ArgumentParser
import BlobEngine

/// `larder store ls`: the names of all blobs.
struct StoreLs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls",
    abstract: "List all blobs, in the order of the log.",
    discussion: "A line for each: the SHA-256, and with --long the sizes as stat prints them."
  )

  @OptionGroup var location: StoreLocation

  @Flag(name: .shortAndLong, help: "Print sizes too, which reads the head of every blob.")
  var long = false

  func run() async throws {
    try await location.withStore { store in
      var cursor: ListCursor?
      repeat {
        let page = try await store.keys(after: cursor)
        var lines: [String] = []
        for entry in page.keys {
          if !long {
            lines.append("\(entry.key)")
          } else if let info = try await store.stat(entry.key) {
            lines.append("\(info.key)  \(info.byteCount)  \(info.storedByteCount)")
          }
        }
        if !lines.isEmpty { Terminal.say(lines.joined(separator: "\n")) }
        cursor = page.next
      } while cursor != nil
    }
  }
}
