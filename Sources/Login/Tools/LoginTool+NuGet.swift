/// NuGet's clients from version 3 on, `dotnet` among them: version 2, which Mono has, can read no
/// V3 index, and no settings in `.nuget`.
extension LoginTool {
  /// `NuGet.Config` of the user (the nuget.config reference); the token is clear text, since only
  /// Windows can read an encrypted one back.
  func nugetPlan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    let path = places.first(of: [
      places.inSettings("NuGet/NuGet.Config"), places.inHome(".nuget/NuGet/NuGet.Config"),
    ])
    let edit = FileEdit(path) { text throws(EditError) in
      var file = XMLText(text, root: "configuration")
      let address = XMLText.escaped("\(grant.endpoint)v3/index.json")
      try file.put(
        "<add key=\"\(grant.name)\" value=\"\(address)\" protocolVersion=\"3\" />",
        in: ["configuration", "packageSources"]
      ) { _, text in text.contains("key=\"\(grant.name)\"") }
      try file.put(
        """
        <\(grant.name)>
          <add key="Username" value="aws" />
          <add key="ClearTextPassword" value="\(XMLText.escaped(grant.token))" />
        </\(grant.name)>
        """,
        in: ["configuration", "packageSourceCredentials"]
      ) { node, _ in node.name == grant.name }
      return file.text
    }
    let advice = [
      "push with: dotnet nuget push FILE.nupkg --source \(grant.name)",
      "this is for dotnet and NuGet 3 or later; NuGet 2 wants the source \(grant.endpoint), the "
        + "user aws and the token in a file of its own: -ConfigFile",
    ]
    return LoginPlan(edits: [edit], advice: advice)
  }
}
