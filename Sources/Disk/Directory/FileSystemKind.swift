/// What is known of the file systems that a store may be put on, by their magic numbers
/// (statfs(2)).
package struct FileSystemKind: Equatable, Sendable {
  package enum Fitness: Equatable, Sendable {
    case fit
    /// It works, and this should be known.
    case limited(String)
    /// Only on explicit demand.
    case unfit(String)
  }

  package let name: String
  package let fitness: Fitness

  package init(magic: UInt32) {
    (name, fitness) =
      Self.table[magic] ?? (
        "unknown (0x\(String(magic, radix: 16)))",
        .limited("it has not been tried; ext4 and XFS are the file systems to choose")
      )
  }

  private static let network =
    "a network file system can lose flushed bytes, and its locks may not hold"

  private static let table: [UInt32: (String, Fitness)] = [
    0xef53: ("ext4", .fit),
    0x5846_5342: ("XFS", .fit),
    0x0102_1994: ("tmpfs", .limited("its files are gone after a restart; for tests only")),
    0x9123_683e: ("Btrfs", .limited("it may run out of space in files that were allocated")),
    0x2fc1_2fc1: ("ZFS", .limited("it may run out of space in files that were allocated")),
    0x794c_7630: (
      "overlay", .limited("it is slow to flush, and goes with its container; use a volume")
    ),
    0x6969: ("NFS", .unfit(network)),
    0xff53_4d42: ("CIFS", .unfit(network)),
    0xfe53_4d42: ("SMB", .unfit(network)),
    0x0102_1997: ("9P", .unfit(network)),
    0x00c3_6400: ("Ceph", .unfit(network)),
    0x6573_5546: ("FUSE", .unfit("what a flush means is up to the program behind it")),
  ]
}
