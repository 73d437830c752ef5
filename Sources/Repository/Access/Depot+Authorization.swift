package import Access
internal import Catalog

extension Depot {
  /// Returns when `principal` may do `action` to what `resource` names.
  ///
  /// Every door asks here. A question that was asked lately is answered from memory. Where policies
  /// look at more than who does what to which, what is remembered is the conditions that are still
  /// open, and they are evaluated: no SQL either.
  ///
  /// - Parameters:
  ///   - principal: who is asking.
  ///   - action: what for.
  ///   - resource: the full name; nil for what concerns the caller's account as a whole.
  ///   - context: what conditions of policies may look at beside these.
  /// - Throws: ``RepositoryError`` with `accessDenied` and AWS's sentence; what reading the catalog
  ///   throws.
  package func authorize(
    _ principal: Principal,
    to action: Action,
    on resource: ARN?,
    context: AccessContext = AccessContext()
  ) async throws(RepositoryError) {
    let resource = resource.map(GuardedResource.named) ?? .account
    try await authorize(principal, to: action, on: resource, context)
  }

  /// Returns when `principal` may do `action` to a repository: the same, without spelling out its
  /// name.
  package func authorize(
    _ principal: Principal,
    to action: Action,
    on path: RepositoryPath,
    context: AccessContext = AccessContext()
  ) async throws(RepositoryError) {
    try await authorize(principal, to: action, on: .repository(path), context)
  }

  private func authorize(
    _ principal: Principal,
    to action: Action,
    on resource: GuardedResource,
    _ context: AccessContext
  ) async throws(RepositoryError) {
    let question = PolicyCache.Question(
      principal: principal,
      action: action,
      resource: resource
    )
    switch try await judgement(of: question) {
    case .settled(.allowed): return
    case .settled(.denied(let denial)):
      throw RepositoryError(AccessDenied(request(for: question), denial))
    case .open(let rules, var request):
      request.context = try await completed(context, for: rules, on: resource)
      guard case .denied(let denial) = rules.decide(request) else { return }
      throw RepositoryError(AccessDenied(request, denial))
    }
  }

  /// What is known of a question, or found out about it.
  private func judgement(
    of question: PolicyCache.Question
  ) async throws(RepositoryError) -> PolicyCache.Judgement {
    let identities = credentials.identityGeneration
    if let known = policies.judgement(on: question, ofIdentities: identities) { return known }
    let generation = policies.generation(ofIdentities: identities)
    let request = request(for: question)
    var rules = try await rules(for: question, since: generation).narrowed(to: request)
    if question.action.targets.contains(.account) {
      rules.homeAccounts = [question.principal.account]
    }
    let judgement: PolicyCache.Judgement =
      rules.dependOnRequest ? .open(rules, request) : .settled(rules.decide(request))
    policies.remember(judgement, on: question, since: generation)
    return judgement
  }

  private func request(for question: PolicyCache.Question) -> AccessRequest {
    AccessRequest(
      principal: question.principal,
      action: question.action.qualifiedName,
      resources: question.resource.names(for: question.action, region: options.region)
    )
  }

  /// The circumstances of a request, with what the depot knows of them.
  private func completed(
    _ context: AccessContext,
    for rules: AccessRules,
    on resource: GuardedResource
  ) async throws(RepositoryError) -> AccessContext {
    var context = completed(context)
    if let place = resource.place { context.others["aws:resourceaccount"] = [place.owner] }
    if rules.lookAtResourceTags, case .named(let name) = resource.named(region: options.region) {
      context.resourceTags = try await tags(of: name)
    }
    return context
  }

  /// Everything that has a say in a question.
  private func rules(
    for question: PolicyCache.Question,
    since generation: PolicyCache.Generation
  ) async throws(RepositoryError) -> AccessRules {
    var rules = try await ownRules(of: question.principal)
    guard let place = question.resource.place else { return rules }
    rules.homeAccounts = [place.owner]
    guard question.action.asksDomainPolicy || place.repository != nil else { return rules }
    let domain = try await domainRules(at: place, since: generation)
    if question.action.asksDomainPolicy { rules.domain = domain?.policy }
    guard place.repository != nil, question.action != .createRepository else { return rules }
    let repository = try await repositoryRules(at: place, in: domain, since: generation)
    if question.action.asksRepositoryPolicy { rules.repository = repository?.policy }
    if let administrator = repository?.administrator { rules.homeAccounts.append(administrator) }
    return rules
  }

  private func domainRules(
    at place: GuardedPlace,
    since generation: PolicyCache.Generation
  ) async throws(RepositoryError) -> PolicyCache.DomainRules? {
    let place = GuardedPlace(owner: place.owner, domain: place.domain, repository: nil)
    if let known = policies.domain(at: place) { return known }
    let found = try await read { snapshot -> PolicyCache.DomainRules? in
      guard let domain = try snapshot.domain(owner: place.owner, name: place.domain) else {
        return nil
      }
      return PolicyCache.DomainRules(
        id: domain.id,
        policy: try snapshot.policy(of: domain.id).map(Self.document)
      )
    }
    if let found { policies.remember(found, at: place, since: generation) }
    return found
  }

  private func repositoryRules(
    at place: GuardedPlace,
    in domain: PolicyCache.DomainRules?,
    since generation: PolicyCache.Generation
  ) async throws(RepositoryError) -> PolicyCache.RepositoryRules? {
    guard let name = place.repository, let domain else { return nil }
    if let known = policies.repository(at: place), known.domainID == domain.id { return known }
    let found = try await read { snapshot -> PolicyCache.RepositoryRules? in
      guard let repository = try snapshot.repository(name, in: domain.id) else { return nil }
      return PolicyCache.RepositoryRules(
        domainID: domain.id,
        administrator: repository.administrator,
        policy: try snapshot.policy(of: repository.id).map(Self.document)
      )
    }
    if let found { policies.remember(found, at: place, since: generation) }
    return found
  }

  /// A policy that was read when it was put, and must still read.
  private static func document(_ record: PolicyRecord) throws -> PolicyDocument {
    do {
      return try PolicyDocument(record.document, kind: .resource)
    } catch {
      throw RepositoryError(
        .internalFailure,
        "The catalog has a policy that cannot be read (revision \(record.revision)). "
          + error.message,
        cause: error
      )
    }
  }
}

extension RepositoryError {
  init(_ denied: AccessDenied) {
    self.init(.accessDenied, denied.message, cause: denied)
  }
}
