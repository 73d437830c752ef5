/// The clients of Python's index.
extension LoginTool {
  /// `pip.conf` of the user, or the file that `PIP_CONFIG_FILE` names (pip's user guide).
  func pipPlan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    let named = places.variable("PIP_CONFIG_FILE").flatMap { $0 == "/dev/null" ? nil : $0 }
    let edit = FileEdit(named ?? places.inSettings("pip/pip.conf")) { text in
      var file = INIText(text)
      file.set("index-url", to: "\(grant.endpointWithToken)simple/", in: "global")
      return file.text
    }
    return LoginPlan(edits: [edit])
  }

  /// `uv.toml` of the user: an index that stands before all others, with a place to publish to.
  func uvPlan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    let path = places.variable("UV_CONFIG_FILE") ?? places.inSettings("uv/uv.toml")
    let edit = FileEdit(path) { text throws(EditError) in
      var file = TOMLText(text)
      let entries = [
        ("url", TOMLText.string("\(grant.endpointWithToken)simple/")),
        ("publish-url", TOMLText.string(grant.endpointWithToken)),
        ("default", "true"),
      ]
      try file.set(entries, inElementOf: ["index"], named: grant.name)
      return file.text
    }
    return LoginPlan(edits: [edit], advice: ["publish with: uv publish --index \(grant.name)"])
  }

  /// Poetry's settings and credentials of the user, and the source in the project at hand: Poetry
  /// knows sources of projects alone.
  func poetryPlan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    let folder = places.inSettings("pypoetry")
    var edits = [
      FileEdit(
        places.inFolder("POETRY_CONFIG_DIR", or: folder, "config.toml"),
        holdsSecret: false
      ) { text throws(EditError) in
        var file = TOMLText(text)
        let url = [("url", TOMLText.string(grant.endpoint))]
        try file.set(url, inTable: ["repositories", grant.name])
        return file.text
      },
      FileEdit(places.inFolder("POETRY_CONFIG_DIR", or: folder, "auth.toml")) {
        text throws(EditError) in
        var file = TOMLText(text)
        let pair = [("username", "\"aws\""), ("password", TOMLText.string(grant.token))]
        try file.set(pair, inTable: ["http-basic", grant.name])
        return file.text
      },
    ]
    let publish = "publish with: poetry publish --build -r \(grant.name)"
    let project = "\(places.project)/pyproject.toml"
    guard places.exists(project) else {
      let source = "poetry source add --priority primary \(grant.name) \(grant.endpoint)simple/"
      return LoginPlan(edits: edits, advice: ["in each project, once: \(source)", publish])
    }
    edits.append(
      FileEdit(project, holdsSecret: false) { text throws(EditError) in
        var file = TOMLText(text)
        let url = TOMLText.string("\(grant.endpoint)simple/")
        try file.set(
          [("url", url), ("priority", "\"primary\"")],
          inElementOf: ["tool", "poetry", "source"],
          named: grant.name
        )
        return file.text
      }
    )
    return LoginPlan(edits: edits, advice: [publish])
  }

  /// `.pypirc` (the packaging guide's specification of it).
  func twinePlan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    let edit = FileEdit(places.inHome(".pypirc")) { text in
      var file = INIText(text)
      file.add(grant.name, to: "index-servers", or: ["pypi"], in: "distutils")
      file.set("repository", to: grant.endpoint, in: grant.name)
      file.set("username", to: "aws", in: grant.name)
      file.set("password", to: grant.token, in: grant.name)
      return file.text
    }
    return LoginPlan(edits: [edit], advice: ["publish with: twine upload -r \(grant.name) dist/*"])
  }
}
