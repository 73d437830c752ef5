/// The clients of Maven repositories.
extension LoginTool {
  /// `settings.xml` of the user (Maven's settings reference): the credentials, and a profile that
  /// has the repository, or a mirror of all others.
  func mavenPlan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    let edit = FileEdit(places.inHome(".m2/settings.xml")) { text throws(EditError) in
      var file = XMLText(text, root: "settings")
      let id = XMLText.escaped(grant.name)
      func isOurs(_ node: XMLNode, _ text: String) -> Bool {
        XMLText.value(of: "id", in: text) == id
      }
      try file.put(
        """
        <server>
          <id>\(id)</id>
          <username>aws</username>
          <password>\(XMLText.escaped(grant.token))</password>
        </server>
        """,
        in: ["settings", "servers"],
        replacing: isOurs
      )
      if grant.isMirror {
        try file.put(Self.mirror(grant), in: ["settings", "mirrors"], replacing: isOurs)
      }
      try file.put(Self.profile(grant), in: ["settings", "profiles"], replacing: isOurs)
      return file.text
    }
    let advice =
      "deploy with: <distributionManagement><repository><id>\(grant.name)</id>"
      + "<url>\(grant.endpoint)</url></repository></distributionManagement>"
    return LoginPlan(edits: [edit], advice: [advice])
  }

  private static func mirror(_ grant: RepositoryGrant) -> String {
    """
    <mirror>
      <id>\(grant.name)</id>
      <mirrorOf>*</mirrorOf>
      <url>\(XMLText.escaped(grant.endpoint))</url>
    </mirror>
    """
  }

  /// Active unless somebody says otherwise: `activeByDefault` ends as soon as another profile of
  /// the file is asked for.
  private static func profile(_ grant: RepositoryGrant) -> String {
    let place = """
      <id>\(grant.name)</id>
            <url>\(XMLText.escaped(grant.endpoint))</url>
            <snapshots><enabled>true</enabled></snapshots>
      """
    return """
      <profile>
        <id>\(grant.name)</id>
        <activation>
          <property><name>!larder.\(grant.name).off</name></property>
        </activation>
        <repositories>
          <repository>
            \(place)
          </repository>
        </repositories>
        <pluginRepositories>
          <pluginRepository>
            \(place)
          </pluginRepository>
        </pluginRepositories>
      </profile>
      """
  }

  /// The properties of the user, by the names that Gradle gives credentials of a repository, and a
  /// script that adds the repository to every build (Gradle's user manual, *Initialization
  /// Scripts*).
  func gradlePlan(_ grant: RepositoryGrant, _ places: ClientPlaces) -> LoginPlan {
    let name = Self.identity(grant.name)
    func path(_ file: String) -> String {
      places.inFolder("GRADLE_USER_HOME", or: places.inHome(".gradle"), file)
    }
    let properties = FileEdit(path("gradle.properties")) { text in
      var file = FlatText(text, .properties)
      file.set("\(name)Url", to: grant.endpoint)
      file.set("\(name)Username", to: "aws")
      file.set("\(name)Password", to: grant.token)
      return file.text
    }
    let script = FileEdit(path("init.d/larder-\(grant.name).gradle"), holdsSecret: false) { _ in
      Self.gradleScript(name)
    }
    let advice =
      "a build of its own settings can say: maven { name = '\(name)'; "
      + "url = \(name)Url; credentials(PasswordCredentials) }"
    return LoginPlan(edits: [properties, script], advice: [advice])
  }

  /// Gradle takes letters and digits in the name of credentials: `acme-team` becomes `acmeTeam`.
  private static func identity(_ name: String) -> String {
    let words = name.split { $0 == "-" || $0 == "_" }
    return words.enumerated().map { index, word in
      index == 0 ? String(word) : word.prefix(1).uppercased() + word.dropFirst()
    }.joined()
  }

  private static func gradleScript(_ name: String) -> String {
    """
    // Written by larder login, which replaces this file. The address and the token are in
    // gradle.properties.
    allprojects { project ->
      repositories {
        maven {
          name = '\(name)'
          url = project.property('\(name)Url')
          if (url.scheme == 'http' && it.hasProperty('allowInsecureProtocol')) {
            allowInsecureProtocol = true
          }
          credentials {
            username = project.property('\(name)Username')
            password = project.property('\(name)Password')
          }
        }
      }
    }

    """
  }
}

extension XMLText {
  /// The text of an element's child, where the element stands alone in a text.
  static func value(of name: String, in element: String) -> String? {
    var scanner = XMLScanner(element)
    guard let child = scanner.document()?.children.first(where: { $0.name == name }),
      let inner = child.inner
    else { return nil }
    return String(element[inner].trimmed)
  }
}
