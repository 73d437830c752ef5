internal import BlobEngine
internal import Catalog
internal import FormatRules

/// A file that came without any promise of what it hashes to: it has to be, at least, what it is
/// called.
///
/// The public gallery of NuGet names no digests where packages are listed, and a body without a
/// length may end anywhere: the directory of a zip stands at its end, so that one that was cut off
/// has none, and a page that says something else was never one.
struct UnvouchedFile {
  private let plan: FlightPlan
  private let byteCount: UInt64

  /// - Parameters:
  ///   - plan: what was fetched.
  ///   - byteCount: how many bytes came.
  init(_ plan: FlightPlan, byteCount: UInt64) {
    self.plan = plan
    self.byteCount = byteCount
  }

  /// Looks at what was written.
  ///
  /// - Throws: `unusable` for a package that cannot be read as one.
  func check(_ writer: BlobWriter) async throws(RepositoryError) {
    guard plan.connection.format == .nuget, plan.fileName.hasSuffix(".nupkg") else { return }
    do { _ = try await NuGetArchive.nuspec(of: source(writer)) } catch {
      throw RepositoryError(
        ExternalFailure(
          .unusable,
          "\(plan.fileName) is no package that can be read (\(error)), and nothing was kept"
        )
      )
    }
  }

  private func source(_ writer: BlobWriter) -> ByteSource {
    ByteSource(byteCount: byteCount) { range in
      var bytes: [UInt8] = []
      while bytes.count < range.count {
        let offset = range.lowerBound + UInt64(bytes.count)
        let piece = try await writer.read(at: offset, upTo: range.count - bytes.count)
        guard !piece.isEmpty else { break }
        bytes += piece
      }
      return bytes
    }
  }
}
