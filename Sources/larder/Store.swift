import ArgumentParser

/// `larder store`: the engine from the shell.
struct Store: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Work on a blob store directly, without a server.",
    discussion: """
      A store is open in one process at a time: stop the server first. Blobs are named by the \
      SHA-256 of their bytes. Exit codes: 0 done, 1 not done, 2 damage was found, 3 a promise of \
      the store was broken, 4 no such blob, 64 the arguments do not fit.
      """,
    subcommands: [
      StorePut.self, StoreGet.self, StoreStat.self, StoreLs.self, StoreInspect.self,
      StoreExplain.self, StoreScrub.self, StoreCompact.self, StoreSweep.self,
      StoreTorture.self, StoreTortureChild.self,
    ]
  )
}
