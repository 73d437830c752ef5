/// Cargo.
extension LoginTool {
  /// The settings and credentials of the user (the Cargo book, *Configuration*).
  ///
  /// Cargo refuses a registry that wants a token for reading unless a provider of credentials is
  /// named, even its own.
  func cargoPlan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    func path(_ name: String) -> String {
      let file = places.inFolder("CARGO_HOME", or: places.inHome(".cargo"), name)
      // The older spelling wins where both are there.
      return places.first(of: [file, "\(file).toml"])
    }
    let settings = FileEdit(path("config"), holdsSecret: false) { text throws(EditError) in
      var file = TOMLText(text)
      try file.set(
        [
          ("index", TOMLText.string("sparse+\(grant.endpoint)")),
          ("credential-provider", "[\"cargo:token\"]"),
        ],
        inTable: ["registries", grant.name]
      )
      if grant.isMirror {
        let replacement = [("replace-with", TOMLText.string(grant.name))]
        try file.set(replacement, inTable: ["source", "crates-io"])
      }
      return file.text
    }
    let credentials = FileEdit(path("credentials")) { text throws(EditError) in
      var file = TOMLText(text)
      let token = [("token", TOMLText.string(grant.token))]
      try file.set(token, inTable: ["registries", grant.name])
      return file.text
    }
    let name = grant.name
    let advice =
      "a dependency says registry = \"\(name)\"; publish with: cargo publish "
      + "--registry \(name)"
    return LoginPlan(edits: [settings, credentials], advice: [advice])
  }
}
