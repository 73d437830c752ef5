/// The clients of gems.
extension LoginTool {
  /// `.gemrc` for installing (gem environment) and gem's credentials for pushing.
  func gemPlan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    let settings = FileEdit(places.variable("GEMRC") ?? places.inHome(".gemrc")) {
      text throws(EditError) in
      var file = YAMLText(text)
      let key = file.has("sources") ? "sources" : ":sources"
      try file.putFirst(grant.endpointWithToken, in: key) { grant.isAddress($0) }
      return file.text
    }
    let credentials = FileEdit(places.inHome(".gem/credentials")) { text throws(EditError) in
      var file = YAMLText(text.isEmpty ? "---\n" : text)
      try file.set([grant.endpointWithoutSlash], to: grant.token, quoting: false)
      return file.text
    }
    let advice = "push with: gem push --host \(grant.endpointWithoutSlash) FILE.gem"
    return LoginPlan(edits: [settings, credentials], advice: [advice])
  }

  /// Bundler's settings of the user: the token for the source, and all other sources sent to it
  /// where that is wanted (bundle-config(1)).
  func bundlerPlan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    let folder = places.inHome(".bundle")
    let path =
      places.variable("BUNDLE_USER_CONFIG")
      ?? places.inFolder("BUNDLE_USER_HOME", or: folder, "config")
    let edit = FileEdit(path) { text throws(EditError) in
      var file = YAMLText(text.isEmpty ? "---\n" : text)
      let key = Self.bundlerKey(grant.endpoint)
      try file.set([key], to: YAMLText.string("aws:\(grant.token)"), quoting: false)
      if grant.isMirror {
        // For files it sends to the mirror of all, Bundler forgets the token it has for the place.
        let address = YAMLText.string(grant.endpointWithToken)
        try file.set(["BUNDLE_MIRROR__ALL"], to: address, quoting: false)
      }
      return file.text
    }
    let advice = grant.isMirror ? [] : ["a Gemfile says: source \"\(grant.endpoint)\""]
    return LoginPlan(edits: [edit], advice: advice)
  }

  /// Bundler spells the names of its settings as variables of the environment.
  private static func bundlerKey(_ name: String) -> String {
    "BUNDLE_" + name.replacing(".", with: "__").replacing("-", with: "___").uppercased()
  }
}

extension RepositoryGrant {
  /// Whether an address is this endpoint, with any user and token or none.
  func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "://", maxSplits: 1)
    guard parts.count == 2 else { return false }
    let authority = parts[1].prefix { $0 != "/" }
    let rest = authority.contains("@") ? parts[1].drop { $0 != "@" }.dropFirst() : parts[1]
    let address = "\(parts[0])://\(rest)"
    return address == endpoint || address == endpointWithoutSlash
  }
}
