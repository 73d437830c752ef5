/// The package managers that can be logged in.
package enum LoginTool: String, CaseIterable, Sendable {
  case bun, bundler, cargo, deno, gem, gradle, maven, npm, nuget, pip, pnpm, poetry, swift, twine,
    uv
  case yarn
  case yarnBerry = "yarn-berry"

  /// The format whose endpoint the tool talks to, in the API's word.
  package var format: String {
    switch self {
    case .bun, .deno, .npm, .pnpm, .yarn, .yarnBerry: "npm"
    case .bundler, .gem: "ruby"
    case .cargo: "cargo"
    case .gradle, .maven: "maven"
    case .nuget: "nuget"
    case .pip, .poetry, .twine, .uv: "pypi"
    case .swift: "swift"
    }
  }

  /// Whether packages of one scope alone can be taken from a repository.
  package var knowsScopes: Bool { ["npm", "swift"].contains(format) }

  /// Whether "everything from this repository" is a choice: the others are told of one default
  /// registry anyway.
  package var knowsMirrors: Bool { [.bundler, .cargo, .maven].contains(self) }
}
