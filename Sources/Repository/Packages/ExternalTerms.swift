internal import Catalog

/// On what terms the public registry behind a repository is asked: what an administrator set for
/// the repository that has the connection.
struct ExternalTerms: Hashable, Sendable {
  /// How long a document is good without being asked for again; nil leaves it to the server.
  var freshness: Duration?
  /// Why nobody is asked, for people; nil when the registry may be.
  var silence: String?

  /// The terms of a repository.
  init(_ node: RepositoryGraph.Node) {
    freshness = node.settings.freshness
    silence = node.settings.isOffline ? "repository \(node.repository.name) is offline" : nil
  }

  /// The terms of a connection that several repositories on the way have: it is asked when one of
  /// them may, as often as the strictest of those wants.
  func united(with other: ExternalTerms) -> ExternalTerms {
    guard silence == nil else { return other.silence == nil ? other : self }
    guard other.silence == nil else { return self }
    var united = self
    united.freshness = freshness.flatMap { mine in other.freshness.map { min(mine, $0) } ?? mine }
    united.freshness = united.freshness ?? other.freshness
    return united
  }

  /// The same terms, by which nobody is asked.
  func silent(because reason: String) -> ExternalTerms {
    var terms = self
    terms.silence = silence ?? reason
    return terms
  }
}

/// A connection as a search reaches it.
struct ExternalReach: Hashable, Sendable {
  let connection: ExternalConnection
  let terms: ExternalTerms
}

/// Whether a search may ask beyond the domain.
enum Asking: Hashable, Sendable {
  /// As the terms of each repository have it; documents checked before a moment are asked for
  /// again, whatever their age.
  case freely(notBefore: Timestamp?)
  /// Nobody is asked: what is kept has to do.
  case nobody

  /// As the terms of each repository have it.
  static let freely = Asking.freely(notBefore: nil)

  /// What may be asked to see whether a version can be had upstream before it is published.
  ///
  /// A package that is first published here is closed to what lies upstream, unless its group says
  /// more (``OriginRules/restrictionsWhenNew(_:)``), and behind that block its versions do not
  /// conflict with anybody's. So the name of a new package is no reason to ask: it would tell the
  /// world a name that may be private. What is known without asking still counts. A package that is
  /// open to what lies upstream is no secret, and its versions are looked up.
  ///
  /// - Parameters:
  ///   - restrictions: those of the package; nil when it is new.
  ///   - whenNew: those that it gets when it is.
  /// - Returns: who may be asked.
  static func beforePublishing(
    under restrictions: OriginRestrictions?,
    or whenNew: OriginRestrictions
  ) -> Asking {
    (restrictions ?? whenNew).upstream == .block ? .nobody : .freely
  }

  /// The moment before which no document counts.
  var notBefore: Timestamp? {
    if case .freely(let notBefore) = self { notBefore } else { nil }
  }

  /// The reach on these conditions.
  func limiting(_ reaches: [ExternalReach]) -> [ExternalReach] {
    guard self == .nobody else { return reaches }
    return reaches.map { reach in
      ExternalReach(
        connection: reach.connection,
        terms: reach.terms.silent(because: "the name may be a private one")
      )
    }
  }
}

/// What one request wants of the registries that it asks.
struct ExternalInquiry: Sendable {
  let terms: ExternalTerms
  /// Documents checked before this moment are asked for again, whatever their age.
  var notBefore: Timestamp?
  /// When the request began: a document that was checked since is good for it, whatever the terms.
  let began: Timestamp
  /// Whether it counts, while nobody can be asked, that something was not there long ago.
  ///
  /// It does beside files that are here: a build that asks for what was never there goes on.
  var trustsOldAbsence = false
}

extension ExternalFailure {
  /// Nobody was asked, on purpose.
  init(silence reason: String, of connection: ExternalConnection) {
    self.init(
      .offline,
      "\(connection.rawValue) was not asked, since \(reason); only what is kept here can be had"
    )
  }
}
