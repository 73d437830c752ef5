internal import Catalog
internal import FormatRules

/// What registries are asked about a file at once with what they say of its package, where their
/// word on the file is wanted whatever they say of the package.
///
/// One question after the other would cost a round trip each.
struct EarlyAnswers: Sendable {
  typealias Promise = Task<Result<ListedFile?, ExternalFailure>, Never>

  enum Download: Sendable {
    case underWay(HeadStart)
    /// Nobody was asked, since the registry said at this moment that it has no such file.
    case absent(Timestamp)
  }

  /// What registries promise of the file, where it is asked for beside their lists.
  var promises: [ExternalConnection: Promise] = [:]
  /// The download of the file itself, and where it comes from.
  var download: (source: HeadStart.Source, state: Download)?

  /// Waits for what was asked and is not wanted any more: when a client is told of a failure,
  /// nothing that was asked on its behalf is under way.
  func settle() async {
    for promise in promises.values { _ = await promise.value }
  }
}
