import Repository

/// The master key of all houses: their domains' blobs are encrypted.
enum TestKeys {
  static let master = MasterKeys(
    [LocalMasterKey([UInt8](repeating: 9, count: 32))].compactMap { $0 }
  )
}
