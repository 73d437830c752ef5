/// The clients of npm's registry.
extension LoginTool {
  /// `.npmrc` of the user, which npm, pnpm and deno read (npmrc(5)).
  func npmPlan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    LoginPlan(edits: [npmrc(grant, places)], advice: self == .deno ? [Self.youngPackages] : [])
  }

  private static let youngPackages =
    "deno takes no version that is younger than a day, unless told --minimum-dependency-age=0"

  private func npmrc(
    _ grant: RepositoryGrant,
    _ places: ClientPlaces,
    alwaysAuthenticates: Bool = false
  ) -> FileEdit {
    let path =
      places.variable("npm_config_userconfig") ?? places.variable("NPM_CONFIG_USERCONFIG")
      ?? places.inHome(".npmrc")
    return FileEdit(self == .deno ? places.inHome(".npmrc") : path) { text in
      var file = FlatText(text, .npmrc)
      file.set(grant.scope.map { "@\($0):registry" } ?? "registry", to: grant.endpoint)
      file.set("\(grant.endpointWithoutScheme):_authToken", to: grant.token)
      if alwaysAuthenticates {
        file.set("\(grant.endpointWithoutScheme):always-auth", to: "true")
      }
      return file.text
    }
  }

  /// Yarn 1 reads npm's file, where its own says nothing; it sends the token for archives only when
  /// told so.
  func yarnPlan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    let own = FileEdit(places.inHome(".yarnrc"), holdsSecret: false) { text in
      var file = FlatText(text, .yarnrc)
      let name = grant.scope.map { "@\($0):registry" } ?? "registry"
      if file.has(name) { file.set(name, to: grant.endpoint) }
      return file.text
    }
    return LoginPlan(edits: [npmrc(grant, places, alwaysAuthenticates: true), own])
  }

  /// `.yarnrc.yml` in the home (Yarn's settings reference): the server, its token, and leave to
  /// speak clear text to it where it does.
  func berryPlan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    let edit = FileEdit(places.inHome(".yarnrc.yml")) { text throws(EditError) in
      var file = YAMLText(text)
      let server = YAMLText.string(grant.endpointWithoutSlash)
      if let scope = grant.scope {
        try file.set(["npmScopes", scope, "npmRegistryServer"], to: server)
      } else {
        try file.set(["npmRegistryServer"], to: server)
      }
      let key = String(grant.endpointWithoutScheme.dropLast())
      try file.set(["npmRegistries", key, "npmAlwaysAuth"], to: "true")
      try file.set(["npmRegistries", key, "npmAuthToken"], to: YAMLText.string(grant.token))
      guard !grant.isEncrypted else { return file.text }
      let host = grant.host
      try file.putFirst(YAMLText.string(host), in: "unsafeHttpWhitelist") { $0 == host }
      return file.text
    }
    return LoginPlan(edits: [edit])
  }

  /// `.bunfig.toml` of the user (Bun's bunfig reference).
  func bunPlan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    let path = places.variable("XDG_CONFIG_HOME").map { "\($0)/.bunfig.toml" }
    let registry =
      "{ url = \(TOMLText.string(grant.endpoint)), token = \(TOMLText.string(grant.token)) }"
    let edit = FileEdit(path ?? places.inHome(".bunfig.toml")) { text throws(EditError) in
      var file = TOMLText(text)
      if let scope = grant.scope {
        try file.set([(scope, registry)], inTable: ["install", "scopes"])
      } else {
        try file.set([("registry", registry)], inTable: ["install"])
      }
      return file.text
    }
    return LoginPlan(edits: [edit])
  }
}
