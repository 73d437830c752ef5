import BlobEngine
import Bytes

/// Something a workload began and has not ended: which answer it waits for, and what follows it.
enum Activity {
  case put(BlobRecipe, Durability, Ledger.Stamp)
  case upload(Upload)
  case piece(BlobRecipe, UploadID)
  case growing(BlobRecipe, offset: Int)
  case delete(BlobRecipe, Ledger.Stamp, time: UInt64)
  case undelete(BlobRecipe, Ledger.Stamp, mustFind: Bool)
  case read(Reading)
  case stat(BlobRecipe, version: Int, Ledger.Expectation)
  case enrich(BlobRecipe)
  case sharing(SharingRun)
  case checkpoint
  case compact
  case scrub
  case list(found: Set<SHA256Digest>, before: ListingStart)
  case cancel

  /// A blob of several pieces, whose upload has no name yet.
  struct Upload {
    let recipe: BlobRecipe
    let durability: Durability
    let ending: Ending
  }

  /// How an upload ends.
  enum Ending {
    case finish(Ledger.Stamp)
    case cancel
    case leave
  }

  /// How things stood when a listing began.
  struct ListingStart {
    let deleteCount: Int
    let moveCount: UInt64
  }

  /// A blob on its way out.
  struct Reading {
    let recipe: BlobRecipe
    let range: Range<UInt64>?
    let version: Int
    let expectation: Ledger.Expectation
    var bytes: [UInt8] = []
  }
}
