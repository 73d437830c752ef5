import Repository

/// No public registry at all.
struct Nowhere: ExternalSource {
  func address(of connection: String) -> String? { nil }

  func document(_ request: ExternalRequest) async throws(ExternalFailure) -> ExternalAnswer {
    throw ExternalFailure(.offline, "There is nothing outside.")
  }

  func download(
    _ address: String,
    for connection: String,
    from offset: UInt64,
    ifStill validator: String?
  ) async throws(ExternalFailure) -> ExternalDownload {
    throw ExternalFailure(.offline, "There is nothing outside.")
  }
}
