import ArgumentParser
import BlobEngine

/// Which store a command works on, and how.
struct StoreLocation: ParsableArguments {
  @Option(help: "The data directory of a server; the store is the folder store in it.")
  var data: String?

  @Option(help: "The directory of the store itself.")
  var store: String?

  @Option(help: "How to reach the disk: auto, ring (io_uring) or threads.")
  var io = DiskArgument.auto

  @Flag(help: "Accept file systems that cannot keep the store's promises, such as NFS.")
  var anyFileSystem = false

  @Flag(name: .shortAndLong, help: "Tell what the store tells its operator, on standard error.")
  var verbose = false

  /// The data directory of the server.
  var dataDirectory: String { data ?? "./larder-data" }

  /// The directory of the store.
  var directory: String { store ?? "\(dataDirectory)/store" }

  func validate() throws {
    if data != nil, store != nil {
      throw ValidationError("Give either --data or --store, not both.")
    }
  }

  /// What the flags say about the store.
  var options: StoreOptions {
    StoreOptions(inputOutput: io.inputOutput, acceptsAnyFileSystem: anyFileSystem)
  }

  /// Opens the store for `body`, and closes it whatever happens.
  ///
  /// A store that is not there is made only when `creates` says so: a mistyped path should not
  /// leave a new store behind.
  func withStore<Value>(
    creates: Bool = false,
    options: StoreOptions? = nil,
    _ body: (BlobStore) async throws -> Value
  ) async throws -> Value {
    if !creates, !FileSystemNames.exists("\(directory)/SUPER") {
      throw StoreCommandError.noStore(directory)
    }
    let isVerbose = verbose
    let store = try await BlobStore.open(at: directory, options: options ?? self.options) { entry in
      if isVerbose || entry.level != .debug {
        Terminal.note("\(entry.level.rawValue): \(entry.message)")
      }
    }
    do {
      let value = try await body(store)
      await store.close()
      return value
    } catch {
      await store.close()
      throw error
    }
  }
}

/// How to reach the disk, as an argument.
enum DiskArgument: String, CaseIterable, ExpressibleByArgument {
  case auto
  case ring
  case threads

  var inputOutput: StoreOptions.InputOutput {
    switch self {
    case .auto: .automatic
    case .ring: .ring
    case .threads: .threads
    }
  }
}
