/// How external sources are treated: how long is waited, how often is asked, how much at once.
package struct UpstreamOptions: Sendable {
  /// How long a connection may take to stand.
  package var connectTimeout: Duration = .seconds(10)
  /// How long a source may be silent in the middle of an answer.
  package var idleTimeout: Duration = .seconds(30)
  /// How long a document may take in all.
  package var documentTimeout: Duration = .seconds(60)
  /// How often a request is sent before it is given up.
  package var attempts = 3
  /// The first pause between two attempts; each further one is twice as long, less some chance.
  package var firstPause: Duration = .milliseconds(150)
  /// The longest pause that a source's `Retry-After` is obeyed within one request; a longer one is
  /// passed on to the client.
  package var longestPause: Duration = .seconds(5)
  /// How many retries an origin is sent for each request, over time.
  package var retryShare = 0.1
  /// How many retries an origin may be sent beyond that share, at most.
  package var retryReserve = 20
  /// The longest time that all requests to an origin are held back because it asked for it.
  package var longestRest: Duration = .seconds(300)
  /// How many requests one origin is sent at once.
  ///
  /// As many as the package managers send that send most, bun and uv some fifty each: whoever
  /// installs through here waits no longer than straight from there.
  package var concurrencyPerOrigin = 64
  /// How many failures in a row open an origin's circuit.
  package var failuresToOpen = 3
  /// How long an open circuit refuses at once before one request may try again.
  package var openTime: Duration = .seconds(10)
  /// How many redirects are followed.
  package var redirectLimit = 5

  package init() {}
}
