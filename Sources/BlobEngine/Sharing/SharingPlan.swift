import Bytes

/// An archive and what could be chunks of it.
struct ArchiveProfile: Sendable {
  let blob: NamedBlob
  let byteCount: UInt64
  /// What it takes in the log now: less than it has, where parts of it can be compressed.
  let storedByteCount: UInt64
  /// The members, apart from one another and in order.
  let members: [Range<UInt64>]
  /// The chunks' keys and sizes, in order.
  let chunks: [(key: SHA256Digest, byteCount: UInt64)]
}

/// Which archives are worth putting together from chunks.
struct SharingPlan {
  /// Returns those of which enough is saved, given that the others that are returned share with
  /// them.
  ///
  /// What *n* of them have in common saves each of them 1 − 1/*n* of it; what is there as a chunk
  /// already, all of it. One that leaves takes its share of others' savings along, so this goes
  /// round until none leaves.
  ///
  /// - Complexity: O(*n*) in the number of chunks for each round, of which there are few.
  static func worthwhile(
    _ profiles: [ArchiveProfile],
    present: Set<SHA256Digest>,
    _ rules: SharingRules
  ) -> [ArchiveProfile] {
    var left = profiles
    while true {
      var counts: [SHA256Digest: UInt64] = [:]
      for profile in left {
        for key in Set(profile.chunks.map(\.key)) { counts[key, default: 0] += 1 }
      }
      let staying = left.filter { profile in
        let saved = profile.chunks.reduce(UInt64(0)) { sum, chunk in
          let count = counts[chunk.key] ?? 1
          let rest = present.contains(chunk.key) ? 0 : chunk.byteCount / count
          return sum + chunk.byteCount - rest
        }
        let stored = profile.storedByteCount
        return profile.byteCount - saved <= stored - stored / rules.leastSavingOneIn
      }
      guard staying.count < left.count else { return staying }
      left = staying
    }
  }
}
