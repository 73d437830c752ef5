extension Shell {
  /// Whether an address is answered from what is kept, with the words that it may be outdated.
  ///
  /// Before that a client proves nothing about an upstream that is gone: within its freshness a
  /// document is not asked for again.
  func isStale(_ address: String, token: String) throws -> Bool {
    let outcome = try run("curl -sfL -D - -o /dev/null -u 'aws:\(token)' '\(address)'")
    return outcome.succeeded && outcome.output.lowercased().contains("warning: 110 larder")
  }
}
