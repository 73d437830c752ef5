import BlobEngine
import Bytes
import Codec

// Looking: every look is compared with what the ledger says at that moment.
extension StoreDriver {
  /// Reads a blob, or the thousandths of it in `part`.
  package func read(_ recipe: BlobRecipe, part: Range<Int>? = nil) {
    let range = part.map { thousandths in
      UInt64(
        recipe.byteCount * thousandths.lowerBound / 1000
      )..<UInt64(
        recipe.byteCount * thousandths.upperBound / 1000
      )
    }
    let reading = Activity.Reading(
      recipe: recipe,
      range: range,
      version: ledger.version(of: recipe),
      expectation: ledger.expectation(of: recipe)
    )
    begin(.read(reading), .read(name(of: recipe), range: range))
  }

  /// Asks for a blob's description.
  package func stat(_ recipe: BlobRecipe) {
    begin(
      .stat(recipe, version: ledger.version(of: recipe), ledger.expectation(of: recipe)),
      .stat(name(of: recipe))
    )
  }

  /// Lists everything.
  package func list() {
    let start = Activity.ListingStart(
      deleteCount: deletedKeys.count,
      moveCount: harness.recordMoveCount
    )
    begin(.list(found: [], before: start), .list(after: nil))
  }

  /// Verifies the whole log.
  package func scrub() {
    begin(.scrub, .scrub(after: nil))
  }

  /// Reads everything that was ever put, and lists everything, until all of it is answered.
  package func lookAtAll() {
    found = []
    for recipe in ledger.recipes { read(recipe) }
    list()
    settle()
    if failure == nil, !conditions.admitsDamage, !conditions.admitsFailures {
      compareListing(with: found)
    }
  }

  // MARK: - Answers

  func advance(_ reading: Activity.Reading, _ answer: Result<EngineReply, EngineError>) {
    switch answer {
    case .success(.piece(let piece)): advance(reading, with: piece)
    case .success(.absent): noteLook(reading.recipe, reading.version, reading.expectation, false)
    case .success: fail("a read of \(reading.recipe) was answered with something else")
    case .failure(let error): endRead(reading, error)
    }
  }

  private func advance(_ reading: Activity.Reading, with piece: StoredPiece) {
    var reading = reading
    do throws(EngineError) {
      let bytes = try piece.decoded(with: sealer)
      let start = Int(reading.range?.lowerBound ?? 0) + reading.bytes.count
      if piece.offset != UInt64(start) || bytes.count != piece.byteCount {
        fail("a piece of \(reading.recipe) at \(piece.offset) came in place of \(start)")
      }
      reading.bytes += bytes
    } catch {
      return endRead(reading, error)
    }
    if let info = piece.info { check(info, of: reading.recipe) }
    if let reader = piece.reader {
      begin(.read(reading), .readOn(reader))
    } else {
      finish(reading)
    }
  }

  private func finish(_ reading: Activity.Reading) {
    comparedReadCount += 1
    let blob = book.blob(reading.recipe)
    if let range = reading.range {
      let expected = blob.bytes.span.extracting(Int(range.lowerBound)..<Int(range.upperBound))
      if !reading.bytes.span.hasSameBytes(as: expected) {
        fail("a read of \(range) of \(reading.recipe) returned other bytes")
      }
    } else if SHA256Stream.digest(of: reading.bytes.span) != blob.key {
      fail("a read of \(reading.recipe) returned \(reading.bytes.count) other bytes")
    }
    noteLook(reading.recipe, reading.version, reading.expectation, true)
  }

  private func endRead(_ reading: Activity.Reading, _ error: EngineError) {
    damageCount += 1
    admit(error, during: "a read of \(reading.recipe)")
    if !conditions.admitsDamage, reading.expectation == .absent,
      ledger.version(of: reading.recipe) == reading.version
    {
      fail("\(reading.recipe) is absent, and a read of it fails: \(error)")
    }
  }

  /// Compares what a look found with what was to be found, unless that changed meanwhile.
  func noteLook(
    _ recipe: BlobRecipe,
    _ version: Int,
    _ expectation: Ledger.Expectation,
    _ isPresent: Bool
  ) {
    if isPresent { found.insert(recipe) }
    guard ledger.version(of: recipe) == version else { return }
    switch expectation {
    // A flush that fails may cost what did not wait for one.
    case .present where !isPresent && conditions.admitsFailures && ledger.isRelaxed(recipe): return
    case .present where !isPresent && !conditions.admitsDamage:
      fail("\(recipe) was acknowledged and is not there")
    case .absent where isPresent && !conditions.admitsDamage:
      fail("\(recipe) is there, and was never put or was deleted")
    default: ledger.settle(recipe, isPresent: isPresent)
    }
  }

  func check(_ info: BlobInfo, of recipe: BlobRecipe) {
    if info.key != name(of: recipe) || info.byteCount != UInt64(recipe.byteCount) {
      fail("\(recipe) is described as \(info.byteCount) bytes with key \(info.key)")
    }
  }

  /// Compares the digests that a blob is stored with, and adds to them now and then.
  private func check(_ digests: PreparedDigests, of recipe: BlobRecipe) {
    guard let preparer else { return }
    let (blob, name) = (book.blob(recipe), name(of: recipe))
    let found = preparer.digests(digests, of: name)
    if found != blob.digests(digests.kinds) {
      fail("\(recipe) has digests \(found.kinds) of \(digests.kinds) that are not its own")
    }
    turnCount += 1
    guard turnCount % 2 == 0 else { return }
    let more = preparer.digests(blob.digests(.all), of: name)
    begin(.enrich(recipe), .enrich(name, more))
  }

  func endStat(
    _ recipe: BlobRecipe,
    _ version: Int,
    _ expectation: Ledger.Expectation,
    _ answer: Result<EngineReply, EngineError>
  ) {
    switch answer {
    case .success(.description(let info, let digests)):
      check(info, of: recipe)
      check(digests, of: recipe)
      noteLook(recipe, version, expectation, true)
    case .success(.absent): noteLook(recipe, version, expectation, false)
    case .success: fail("a stat of \(recipe) was answered with something else")
    case .failure(let error): admit(error, during: "a stat of \(recipe)")
    }
  }

  func compareGrowing(
    _ recipe: BlobRecipe,
    _ offset: Int,
    _ answer: Result<EngineReply, EngineError>
  ) {
    switch answer {
    case .success(.piece(let piece)):
      do throws(EngineError) {
        let bytes = try piece.decoded(with: sealer)
        let start = Int(piece.offset)
        let expected = book.blob(recipe).bytes.span.extracting(start..<start + bytes.count)
        if start != offset || bytes.isEmpty || !bytes.span.hasSameBytes(as: expected) {
          fail("a read at \(offset) of the growing \(recipe) returned other bytes")
        }
      } catch {
        admit(error, during: "a read of the growing \(recipe)")
      }
    case .success(.absent), .failure(.writerClosed): return
    case .success: fail("a read of the growing \(recipe) was answered with something else")
    case .failure(let error): admit(error, during: "a read of the growing \(recipe)")
    }
  }

  // MARK: - Looks at everything

  /// A blob that is moved, or deleted and put again, while the pages come may stand on two of them.
  func advance(
    listing found: Set<SHA256Digest>,
    before: Activity.ListingStart,
    _ answer: Result<EngineReply, EngineError>
  ) {
    switch answer {
    case .success(.keys(let page)):
      var found = found
      for entry in page.keys {
        let isNew = found.insert(entry.key).inserted
        let isMoving =
          harness.recordMoveCount != before.moveCount
          || deletedKeys[before.deleteCount...].contains(entry.key)
        if !isNew, !isMoving, !conditions.admitsDamage { fail("\(entry.key) is listed twice") }
      }
      if let next = page.next {
        begin(.list(found: found, before: before), .list(after: next))
      } else {
        listed = found
      }
    case .success: fail("a listing was answered with something else")
    case .failure(let error): admit(error, during: "a listing")
    }
  }

  func advance(scrub report: ScrubReport) {
    damageCount += report.damaged.count + report.otherDamage.count
    if !conditions.admitsDamage, !conditions.admitsFailures {
      if let first = report.damaged.first {
        fail("a scrub calls \(first.key) damaged: \(first.damage)")
      } else if let first = report.otherDamage.first {
        fail("a scrub found damage: \(first)")
      }
    }
    if let next = report.next { begin(.scrub, .scrub(after: next)) }
  }

  /// Compares the last complete listing with the blobs that reads found.
  ///
  /// - Precondition: nothing changed since the listing began.
  package func compareListing(with present: Set<BlobRecipe>) {
    guard let listed else { return fail("a listing did not end") }
    let expected = Set(present.map { name(of: $0) })
    if let missing = expected.subtracting(listed).first {
      fail("\(missing) can be read and is not listed")
    } else if let surplus = listed.subtracting(expected).first {
      fail("\(surplus) is listed and cannot be read")
    }
  }
}
