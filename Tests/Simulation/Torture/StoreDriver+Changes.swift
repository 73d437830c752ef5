package import BlobEngine
import Bytes

// Putting and deleting: the ledger learns of it before and after.
extension StoreDriver {
  /// Puts a blob, as one request or as an upload, by its size.
  package func put(_ recipe: BlobRecipe, _ durability: Durability) {
    guard let preparer else { return fail("a put before the store is open") }
    let blob = book.blob(recipe)
    let stamp = ledger.beginPut(recipe)
    if blob.bytes.count <= preparer.inlineByteLimit {
      begin(
        .put(recipe, durability, stamp),
        .put(
          preparer.blob(blob.bytes, key: blob.key).with(nextDigests(of: blob, preparer)),
          durability
        )
      )
    } else {
      beginUpload(recipe, durability, .finish(stamp))
    }
  }

  /// What a put brings beside the bytes: digests in every third.
  private func nextDigests(of blob: RecipeBook.Blob, _ preparer: Preparer) -> PreparedDigests {
    turnCount += 1
    let kinds: DigestKinds = turnCount % 3 > 0 ? [] : turnCount % 2 == 0 ? .all : [.md5, .sha512]
    return preparer.digests(blob.digests(kinds), of: preparer.name(of: blob.key))
  }

  /// Begins an upload, sends half of it, and does not finish it.
  package func abandonUpload(_ recipe: BlobRecipe, cancels: Bool) {
    beginUpload(recipe, .flushed, cancels ? .cancel : .leave)
  }

  /// Deletes a blob.
  package func delete(_ recipe: BlobRecipe) {
    let stamp = ledger.beginDelete(recipe)
    let key = name(of: recipe)
    deletedKeys.append(key)
    begin(.delete(recipe, stamp, time: harness.unixMilliseconds), .delete(key))
  }

  /// Deletes everything, one by one, and puts a little: a full store is not the end.
  package func emptyAndUse() {
    let present = ledger.recipes.filter { ledger.expectation(of: $0) == .present }
    for recipe in present {
      delete(recipe)
      settle()
    }
    // A small one: large ones have segments of their own, of which there may be too few.
    guard failure == nil, let first = present.first else { return }
    refusedForRoom = []
    put(first, .flushed)
    settle()
    guard refusedForRoom.isEmpty else {
      return fail("a store that was emptied has no room: \(harness.usage())")
    }
    read(first, part: nil)
    settle()
  }

  /// Asks for a checkpoint.
  package func checkpoint() {
    begin(.checkpoint, .checkpoint)
  }

  /// Asks for every segment with dead bytes to be emptied.
  package func compact(recompressing: Bool = false) {
    begin(.compact, recompressing ? .recompress : .compact)
  }

  /// Ends everything under way, and closes the store.
  package func close() {
    settle()
    switch harness.answer(.close) {
    case .success(.closed): return
    case .success: fail("a close was answered with something else")
    case .failure(let error): admit(error, during: "a close")
    case nil: fail(harness.misconduct ?? "a close was not answered")
    }
  }

  private func beginUpload(
    _ recipe: BlobRecipe,
    _ durability: Durability,
    _ ending: Activity.Ending
  ) {
    let bytes = book.blob(recipe).bytes
    let first = bytes.span.extracting(0..<min(bytes.count, BlobRecipe.sharedByteCount))
    let probe = preparer?.probe(first)
    begin(
      .upload(Activity.Upload(recipe: recipe, durability: durability, ending: ending)),
      .beginUpload(durability, probe: probe)
    )
  }

  /// Sends the pieces of an upload that has got its name, and ends it, without waiting between.
  func send(_ upload: Activity.Upload, _ answer: Result<EngineReply, EngineError>) {
    guard case .success(.upload(let id, _)) = answer, let preparer else {
      return refuse(upload, answer)
    }
    let blob = book.blob(upload.recipe)
    var offset = 0
    var count = 0
    while offset < blob.bytes.count {
      let end = min(blob.bytes.count, offset + preparer.extentByteCount)
      let extent = preparer.extent(
        blob.bytes[offset..<end],
        of: id,
        ordinal: count,
        offset: UInt64(offset)
      )
      count += 1
      begin(.piece(upload.recipe, id), .append(id, extent))
      offset = end
      if case .finish = upload.ending { continue }
      if offset > blob.bytes.count / 2 { break }
    }
    switch upload.ending {
    case .finish(let stamp):
      var name = preparer.name(
        blob.key,
        of: id,
        extentCount: count,
        byteCount: UInt64(blob.bytes.count)
      )
      name.digests = nextDigests(of: blob, preparer)
      begin(.put(upload.recipe, upload.durability, stamp), .finishUpload(id, name))
    case .cancel: begin(.cancel, .cancelUpload(id))
    case .leave: return
    }
  }

  private func refuse(_ upload: Activity.Upload, _ answer: Result<EngineReply, EngineError>) {
    if case .failure(let error) = answer {
      admit(error, during: "an upload of \(upload.recipe)")
      if error == .storageFull { refusedForRoom.insert(upload.recipe) }
    } else {
      fail("an upload of \(upload.recipe) was answered with something else")
    }
    if case .finish(let stamp) = upload.ending { ledger.endPut(upload.recipe, stamp, nil) }
  }

  func endPiece(
    of recipe: BlobRecipe,
    _ id: UploadID,
    _ answer: Result<EngineReply, EngineError>
  ) {
    switch answer {
    case .success(.appended(let readable)):
      let offset = Int(readable) - min(Int(readable), 5000)
      begin(
        .growing(recipe, offset: offset),
        .readUpload(id, offset: UInt64(offset), byteCount: 10000)
      )
    case .failure(.writerClosed): return
    case .failure(let error): admit(error, during: "a piece of \(recipe)")
    case .success: fail("a piece of \(recipe) was answered with something else")
    }
  }

  // MARK: - Answers

  func endPut(
    _ recipe: BlobRecipe,
    _ durability: Durability,
    _ stamp: Ledger.Stamp,
    _ answer: Result<EngineReply, EngineError>
  ) {
    let wasAlone = ledger.wasAlone(recipe, since: stamp)
    switch answer {
    case .success(.stored(let info)):
      check(info, of: recipe)
      if wasAlone, !conditions.admitsFailures, !conditions.admitsDamage {
        checkNews(info.wasNew, recipe, stamp)
      }
      ledger.endPut(recipe, stamp, durability)
    case .success: fail("a put of \(recipe) was answered with something else")
    case .failure(let error):
      admit(error, during: "a put of \(recipe)")
      if error == .storageFull { refusedForRoom.insert(recipe) }
      ledger.endPut(recipe, stamp, nil)
    }
  }

  private func checkNews(_ wasNew: Bool, _ recipe: BlobRecipe, _ stamp: Ledger.Stamp) {
    switch stamp.before {
    case .absent where !wasNew: fail("\(recipe) was said to be there already, and was not")
    case .present where wasNew, .relaxed where wasNew: fail("\(recipe) was stored twice")
    default: return
    }
  }

  func endDelete(
    _ recipe: BlobRecipe,
    _ stamp: Ledger.Stamp,
    at time: UInt64,
    _ answer: Result<EngineReply, EngineError>
  ) {
    deletedKeys.append(name(of: recipe))
    let wasAlone = ledger.wasAlone(recipe, since: stamp)
    switch answer {
    case .success(.deleted(let wasThere)):
      if wasAlone, !conditions.admitsDamage {
        switch stamp.before {
        case .absent where wasThere: fail("\(recipe) was deleted, and was not there")
        case .relaxed where !wasThere && conditions.admitsFailures: break
        case .present where !wasThere, .relaxed where !wasThere:
          fail("\(recipe) was there, and its delete says that it was not")
        default: break
        }
      }
      ledger.endDelete(recipe, stamp, succeeded: true, at: time)
    case .success: fail("a delete of \(recipe) was answered with something else")
    case .failure(let error):
      admit(error, during: "a delete of \(recipe)")
      if conditions.isCrowded { fail("a delete of \(recipe) was refused: \(error)") }
      ledger.endDelete(recipe, stamp, succeeded: false)
    }
  }
}
