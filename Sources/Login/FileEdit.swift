/// A change of one file of settings, not yet made.
package struct FileEdit: Sendable {
  package let path: String
  /// Whether the file holds the token, so that nobody but its owner may read it.
  package let holdsSecret: Bool
  /// From the text that is there (empty when there is none) to the text that shall be there.
  package let change: @Sendable (String) throws(EditError) -> String

  init(
    _ path: String,
    holdsSecret: Bool = true,
    change: @escaping @Sendable (String) throws(EditError) -> String
  ) {
    self.path = path
    self.holdsSecret = holdsSecret
    self.change = change
  }
}

/// All that logging a tool in comes down to.
package struct LoginPlan: Sendable {
  package var edits: [FileEdit]
  /// What to type or to write next, for people; without the token.
  package var advice: [String] = []
}

extension LoginTool {
  /// What has to be edited so that the tool uses a repository.
  package func plan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    switch self {
    case .npm, .pnpm, .deno: npmPlan(grant, places)
    case .yarn: yarnPlan(grant, places)
    case .yarnBerry: berryPlan(grant, places)
    case .bun: bunPlan(grant, places)
    case .pip: pipPlan(grant, places)
    case .uv: uvPlan(grant, places)
    case .poetry: poetryPlan(grant, places)
    case .twine: twinePlan(grant, places)
    case .maven: mavenPlan(grant, places)
    case .gradle: gradlePlan(grant, places)
    case .cargo: cargoPlan(grant, places)
    case .gem: gemPlan(grant, places)
    case .bundler: bundlerPlan(grant, places)
    case .nuget: nugetPlan(grant, places)
    case .swift: swiftPlan(grant, places)
    }
  }
}
