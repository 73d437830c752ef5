/// SwiftPM.
extension LoginTool {
  /// `registries.json` of the user and `.netrc` (SE-0292, SE-0378): what `swift package-registry
  /// set` and `login` write.
  func swiftPlan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    let path = places.inHome(".swiftpm/configuration/registries.json")
    let settings = FileEdit(path, holdsSecret: false) { text throws(EditError) in
      var file = JSONText(text)
      let registry = "{ \"url\": \(JSONText.string(grant.endpointWithoutSlash)) }"
      try file.set(["registries", grant.scope ?? "[default]"], to: registry)
      let login =
        "{ \"type\": \"token\", \"loginAPIPath\": \(JSONText.string("\(grant.path)login")) }"
      try file.set(["authentication", grant.authority], to: login)
      try file.set(["version"], to: "1")
      return file.text
    }
    let netrc = FileEdit(places.inHome(".netrc")) { text in
      var file = NetrcText(text)
      file.set(machine: grant.host, login: "token", password: grant.token)
      return file.text
    }
    let advice =
      grant.isEncrypted
      ? []
      : [
        "SwiftPM wants https for a registry; over http it needs the flag "
          + "--allow-insecure-http of swift package-registry set"
      ]
    return LoginPlan(edits: [settings, netrc], advice: advice)
  }
}
