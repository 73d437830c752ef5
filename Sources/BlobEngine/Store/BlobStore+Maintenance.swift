package import Bytes

extension BlobStore {
  /// Lists blobs, a page at a time, in the order of the log.
  ///
  /// What does not change meanwhile is listed once. A blob that is deleted and put again while the
  /// pages are read may stand on two of them.
  package func keys(after cursor: ListCursor?) async throws(EngineError) -> KeyPage {
    guard case .keys(let page) = try await runtime.inbox.ask(.list(after: cursor)) else {
      preconditionFailure("the engine answers in kind")
    }
    return page
  }

  /// Tells what is known of a key: where its bytes are, in what state.
  package func explain(_ key: SHA256Digest) async throws(EngineError) -> Explanation {
    guard case .explained(let explanation) = try await runtime.inbox.ask(.explain(key)) else {
      preconditionFailure("the engine answers in kind")
    }
    return explanation
  }

  /// Verifies the next part of the log, at most 4 MiB of it.
  package func scrub(after cursor: ScrubCursor?) async throws(EngineError) -> ScrubReport {
    guard case .scrubbed(let report) = try await runtime.inbox.ask(.scrub(after: cursor)) else {
      preconditionFailure("the engine answers in kind")
    }
    return report
  }

  /// Writes the index down now, so that the next open has little to replay.
  package func checkpoint() async throws(EngineError) {
    guard case .checkpointed = try await runtime.inbox.ask(.checkpoint) else {
      preconditionFailure("the engine answers in kind")
    }
  }
}
