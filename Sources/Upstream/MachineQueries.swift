/// What the machine's own package managers can be asked.
package protocol MachineQueries: Sendable {
  /// The value of a name in pip's configuration, or nil.
  func pipConfiguration(_ name: String) async -> String?
  /// The index that the installed pip uses when nobody tells it otherwise, or nil.
  func pipBuiltInIndex() async -> String?
}
