/// Closing: what was asked for is finished, then the superblock says so.
extension Engine {
  mutating func close(for request: RequestID) {
    closing = request
    if case .running = mode { mode = .closing } else { mode = .closed }
    // Nobody waits for reclaim any more, which ends here.
    lanes.stopWaiting()
    for reader in readers.keys { endRead(reader) }
    for upload in uploads.values where upload.finishing == nil { endUpload(upload.id) }
  }

  /// Goes on with a close once nothing is under way any more.
  mutating func finishClosingIfQuiet() {
    guard let request = closing, continuations.isEmpty, gates.isEmpty, lanes.areIdle else { return }
    guard mode == .closing else {
      closing = nil
      return reply(request, .closed)
    }
    closing = nil
    let sequence = nextSequence
    let segment = nextSegmentID
    updateSuperblock { superblock in
      superblock.isClean = true
      superblock.nextSequence = sequence
      superblock.nextSegmentID = segment
    } then: { engine, result in
      engine.mode = .closed
      if case .failure(let error) = result {
        engine.log(.notice, "The close could not be noted: \(DiskFailure(error).message).")
      }
      engine.reply(request, .closed)
    }
  }
}
