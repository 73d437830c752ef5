internal import Access
internal import Catalog
internal import Synchronization

/// What is known of the policies of domains and repositories, and what was decided by them lately,
/// so that a request by a known caller asks no database.
///
/// What is read from the database may be outdated by the time it is put here. So a reader takes the
/// generation first, and what it read is kept only while nothing was forgotten since.
///
/// Invariant: a decision is held only while the policies and identities that it was made by hold.
final class PolicyCache: Sendable {
  /// What stands with a domain.
  struct DomainRules: Sendable {
    let id: DomainID
    let policy: PolicyDocument?
  }

  /// What stands with a repository.
  struct RepositoryRules: Sendable {
    let domainID: DomainID
    let administrator: String
    let policy: PolicyDocument?
  }

  /// A question whose answer depends on nothing else.
  struct Question: Hashable, Sendable {
    let principal: Principal
    let action: Action
    let resource: GuardedResource
  }

  /// What is known of a question.
  enum Judgement: Sendable {
    /// The same for every request.
    case settled(AccessDecision)
    /// What is still to be asked of each request, and the request but for its circumstances.
    case open(AccessRules, AccessRequest)
  }

  /// What was forgotten how often, here and of identities.
  struct Generation: Equatable, Sendable {
    let policies: UInt64
    let identities: UInt64
  }

  private struct State {
    var domains: TwoGenerationCache<GuardedPlace, DomainRules>
    var repositories: TwoGenerationCache<GuardedPlace, RepositoryRules>
    var decisions: TwoGenerationCache<Question, Judgement>
    var generation: UInt64 = 0
    /// Which generation of the identities the decisions belong to.
    var identities: UInt64 = 0

    init() {
      domains = TwoGenerationCache(budget: PolicyCache.placeCapacity)
      repositories = TwoGenerationCache(budget: PolicyCache.placeCapacity)
      decisions = TwoGenerationCache(budget: PolicyCache.decisionCapacity)
    }
  }

  /// How many domains and how many repositories are remembered: with the longest policies about
  /// 30 KiB each.
  private static let placeCapacity = 4096
  /// How many decisions are remembered, about half a kilobyte each.
  private static let decisionCapacity = 16_384

  private let state = Mutex(State())

  func generation(ofIdentities identities: UInt64) -> Generation {
    Generation(policies: state.withLock(\.generation), identities: identities)
  }

  func judgement(on question: Question, ofIdentities identities: UInt64) -> Judgement? {
    state.withLock { state in
      guard state.identities == identities else { return nil }
      return state.decisions.value(for: question)
    }
  }

  func domain(at place: GuardedPlace) -> DomainRules? {
    state.withLock { $0.domains.value(for: place) }
  }

  func repository(at place: GuardedPlace) -> RepositoryRules? {
    state.withLock { $0.repositories.value(for: place) }
  }

  func remember(
    _ judgement: Judgement,
    on question: Question,
    since generation: Generation
  ) {
    state.withLock { state in
      guard state.generation == generation.policies, state.identities <= generation.identities
      else { return }
      if state.identities < generation.identities {
        state.decisions = TwoGenerationCache(budget: Self.decisionCapacity)
        state.identities = generation.identities
      }
      state.decisions.insert(judgement, for: question, cost: 1)
    }
  }

  func remember(_ rules: DomainRules, at place: GuardedPlace, since generation: Generation) {
    state.withLock { state in
      guard state.generation == generation.policies else { return }
      state.domains.insert(rules, for: place, cost: 1)
    }
  }

  func remember(_ rules: RepositoryRules, at place: GuardedPlace, since generation: Generation) {
    state.withLock { state in
      guard state.generation == generation.policies else { return }
      state.repositories.insert(rules, for: place, cost: 1)
    }
  }

  /// Forgets what changes of domains make untrue.
  ///
  /// Everything, because such changes are rare and a read of one place costs little.
  func follow(_ changes: some Sequence<JournalKind>) {
    guard changes.contains(where: Self.kinds.contains) else { return }
    state.withLock { state in
      let (generation, identities) = (state.generation, state.identities)
      state = State()
      state.generation = generation + 1
      state.identities = identities
    }
  }

  private static let kinds: Set<JournalKind> = [
    .domainPolicyChanged, .repositoryPolicyChanged, .domainDeleted, .repositoryDeleted,
    .repositoryCreated, .domainCreated,
  ]
}
