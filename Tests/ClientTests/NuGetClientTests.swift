import Foundation
import Testing

/// The one NuGet client that a Debian machine has: 2.8 on Mono, which speaks V2; V3 with the
/// requests that a modern client was recorded to send.
@Suite("NuGet clients", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct NuGetClientTests {
  /// A repository `hosted`, and in another domain of the same server `team`, whose upstream
  /// `store` has the first one as its public gallery.
  private func withGalleries(
    _ body: (inout Shell, LarderServer, String) throws -> Void
  ) throws {
    var shell = try Shell()
    defer { shell.remove() }
    let data = shell.home.appendingPathComponent("upstream")
    let upstream = try LarderServer(
      data: data,
      upstream: "http://127.0.0.1:9/simple/"
    )
    defer { upstream.stop() }
    let prepared = try shell.run(
      Self.environment(of: upstream)
        + """
        aws codeartifact create-domain --domain acme
        aws codeartifact create-repository --domain acme --repository hosted
        aws codeartifact get-authorization-token --domain acme --query authorizationToken \
          --output text > token
        aws codeartifact get-repository-endpoint --domain acme --repository hosted \
          --format nuget --query repositoryEndpoint --output text > endpoint
        """
    )
    try #require(prepared.succeeded, "\(prepared.output)\n\(upstream.said)")
    let token = try shell.read("token")
    let endpoint = try shell.read("endpoint")
    try body(&shell, upstream, token)
    // Behind it, a server that has never seen the packages.
    let address = endpoint.replacingOccurrences(of: "://", with: "://aws:\(token)@")
    let second = try LarderServer(
      upstream: "http://127.0.0.1:9/simple/",
      flags: ["--external", "public:nuget-org=\(address)v3/index.json", "--freshness", "0"]
    )
    defer { second.remove() }
    let made = try shell.run(
      Self.environment(of: second)
        + """
        aws codeartifact create-domain --domain acme
        aws codeartifact create-repository --domain acme --repository store
        aws codeartifact associate-external-connection --domain acme --repository store \
          --external-connection public:nuget-org
        aws codeartifact create-repository --domain acme --repository team \
          --upstreams repositoryName=store
        aws codeartifact get-authorization-token --domain acme --query authorizationToken \
          --output text > token
        aws codeartifact get-repository-endpoint --domain acme --repository team \
          --format nuget --query repositoryEndpoint --output text > endpoint
        """ + "\n" + Self.configuration
    )
    try #require(made.succeeded, "\(made.output)\n\(second.said)")
    let cold = try shell.run(Self.install("cold"))
    #expect(
      cold.succeeded && cold.output.contains("lib/acme.base.txt"),
      "\(cold.output)\n\(second.said)"
    )
    let modern = try shell.run(Self.modernInstall)
    #expect(modern.succeeded, "\(modern.output)\n\(second.said)")
    let warm = try shell.run(Self.restore("warm"))
    #expect(warm.succeeded, "\(warm.output)\n\(second.said)")
    upstream.stop()
    let document = try shell.read("endpoint") + "v3/flatcontainer/nunit/index.json"
    #expect(try shell.isStale(document, token: try shell.read("token")), "\(second.said)")
    let offline = try shell.run(Self.install("offline") + "\n" + Self.restore("restored"))
    #expect(offline.succeeded, "\(offline.output)\n\(second.said)")
    #expect(offline.output.contains("lib/acme.base.txt"))
    let listed = try shell.run(Self.list)
    #expect(listed.output.contains("Acme.App 2.0"), "\(listed.output)\n\(second.said)")
  }

  private static func environment(of server: LarderServer) -> String {
    "eval \"$(\(LarderServer.program) env --data \(server.data.path))\"\n"
  }

  /// The client's own configuration, with the token as the password of its source.
  private static let configuration = """
    cat > nuget.config <<END
    <?xml version="1.0" encoding="utf-8"?>
    <configuration><packageSources><clear/>
    <add key="team" value="$(sed 's#/$##' endpoint)"/></packageSources>
    <packageSourceCredentials><team><add key="Username" value="aws"/>
    <add key="ClearTextPassword" value="$(cat token)"/></team></packageSourceCredentials>
    </configuration>
    END

    """

  private static let pack = """
    pack() { # id, version, dependency
      mkdir -p "src/$1/lib"; echo "$1 $2" > "src/$1/lib/$1.txt"
      cat > "src/$1/$1.nuspec" <<END
    <?xml version="1.0"?>
    <package><metadata><id>$1</id><version>$2</version><authors>Acme</authors>
    <description>The package $1.</description>$3</metadata>
    <files><file src="lib/$1.txt" target="lib/$1.txt"/></files></package>
    END
      (cd "src/$1" && nuget pack "$1.nuspec" -NonInteractive -OutputDirectory ../..)
    }
    """

  private static let packages = """
    \(pack)
    pack acme.base 1.0.0
    pack acme.base 1.1.0
    pack Acme.App 2.0 '<dependencies><dependency id="acme.base" version="1.0"/></dependencies>'

    """

  private static let push = """
    push() { nuget push "$1" -Source "$(sed 's#/$##' endpoint)" -ApiKey "$(cat token)" \
      -ConfigFile nuget.config -NonInteractive; }

    """

  /// On a terminal: with none, this client takes the width of a line for zero, and never ends.
  private static let list = """
    TERM=xterm timeout 60 script -qec \
      'stty cols 100; nuget list -Source team -ConfigFile nuget.config -NonInteractive' /dev/null
    """

  private static func install(_ folder: String) -> String {
    """
    rm -rf .local .nuget .config
    nuget install Acme.App -Source "$(sed 's#/$##' endpoint)" -ConfigFile nuget.config \
      -NonInteractive -NoCache -OutputDirectory \(folder)
    (cd \(folder) && find . -type f) | sed 's#^./[^/]*/##'
    cat \(folder)/*/lib/*.txt
    """
  }

  /// What a project of this client keeps, in place of a lock file.
  private static func restore(_ folder: String) -> String {
    """
    cat > packages.config <<'END'
    <?xml version="1.0" encoding="utf-8"?>
    <packages><package id="Acme.App" version="2.0"/><package id="acme.base" version="1.0.0"/>
    <package id="Newtonsoft.Json" version="6.0.8"/><package id="NUnit" version="2.6.4"/></packages>
    END
    rm -rf .local .nuget .config
    nuget install packages.config -Source "$(sed 's#/$##' endpoint)" -ConfigFile nuget.config \
      -NonInteractive -NoCache -OutputDirectory \(folder)
    cmp \(folder)/NUnit.2.6.4/*.nupkg \(real)/NUnit.2.6.4.nupkg
    test -f \(folder)/Newtonsoft.Json.6.0.8/*.nupkg
    test -f \(folder)/acme.base.1.0.0/*.nupkg
    """
  }

  /// Where Debian keeps packages of the public gallery that it has built anew.
  private static let real = "/usr/share/nupkg"

  /// What `dotnet restore` asks for, in its order, with its headers (recorded with NuGet 3.4.3):
  /// no credentials until it was refused, then Basic.
  private static let modernInstall = """
    base="$(cat endpoint)"; token="$(cat token)"
    status=$(curl -s -o /dev/null -D refusal -w '%{http_code}' "${base}v3/index.json")
    test "$status" = 401
    grep -qi '^www-authenticate: basic realm=' refusal
    ask() { curl -sf -u "aws:$token" -H 'User-Agent: NuGet Client V3' "$@"; }
    find_resource() { python3 -c 'import json,sys
    print(next(r["@id"] for r in json.load(open("index.json"))["resources"] if r["@type"]==sys.argv[1]))' "$1"; }
    ask "${base}v3/index.json" -o index.json
    flat=$(find_resource PackageBaseAddress/3.0.0)
    registration=$(find_resource RegistrationsBaseUrl/3.6.0)
    search=$(find_resource SearchQueryService/3.5.0)
    ask "${flat}acme.app/index.json" | grep -F '"2.0.0"'
    ask "${registration}acme.app/index.json" -o registration.json
    python3 - <<'END' > content
    import json
    page = json.load(open("registration.json"))["items"][0]
    leaf = page["items"][0]
    dependency = leaf["catalogEntry"]["dependencyGroups"][0]["dependencies"][0]
    assert dependency["id"] == "acme.base" and dependency["range"] == "[1.0.0, )", dependency
    print(leaf["packageContent"])
    END
    ask "$(cat content)" -o app.nupkg
    cmp app.nupkg Acme.App.2.0*.nupkg
    ask "${flat}acme.app/2.0.0/acme.app.nuspec" | grep -F '<id>Acme.App</id>'
    found() { ask "${search}?q=acme&prerelease=false&semVerLevel=2.0.0" | grep -F '"Acme.App"'; }
    # What was fetched is found once it is written down, a moment after its last byte.
    for _ in $(seq 100); do ! found > /dev/null || break; sleep 0.1; done
    found

    """

  @Test func `what nuget packs and pushes, nuget installs, here and through an upstream`() throws {
    try withGalleries { shell, server, _ in
      let pushed = try shell.run(
        Self.configuration + Self.packages + Self.push
          + "cp \(Self.real)/N*.nupkg .; for p in *.nupkg; do push $p; done"
      )
      try #require(pushed.succeeded, "\(pushed.output)\n\(server.said)")
      // Packing again is changing: the names and times inside are new.
      let again = try shell.run(
        Self.push
          + """
          mv acme.base.1.0.0.nupkg first; \(Self.pack); pack acme.base 1.0.0
          status=0; push acme.base.1.0.0.nupkg || status=$?
          mv first acme.base.1.0.0.nupkg; exit $status
          """
      )
      #expect(!again.succeeded)
      #expect(again.output.contains("never changes"), "\(again.output)")
      let installed = try shell.run(Self.install("hosted"))
      #expect(installed.succeeded, "\(installed.output)\n\(server.said)")
      #expect(installed.output.contains("acme.base 1.0.0"), "\(installed.output)")
      let listed = try shell.run(Self.list)
      #expect(listed.output.contains("acme.base 1.1.0"), "\(listed.output)")
      let unlisted = try shell.run(
        """
        nuget delete acme.base 1.1.0 -Source "$(sed 's#/$##' endpoint)" -ApiKey "$(cat token)" \
          -ConfigFile nuget.config -NonInteractive -NoPrompt
        \(Self.list)
        nuget install acme.base -Source "$(sed 's#/$##' endpoint)" -ConfigFile nuget.config \
          -NonInteractive -NoCache -OutputDirectory newest
        ls newest
        nuget install acme.base -Version 1.1.0 -Source "$(sed 's#/$##' endpoint)" \
          -ConfigFile nuget.config -NonInteractive -NoCache -OutputDirectory pinned
        cat pinned/*/lib/*.txt
        """
      )
      #expect(unlisted.succeeded, "\(unlisted.output)\n\(server.said)")
      #expect(unlisted.output.contains("acme.base 1.0.0"), "the list goes back")
      #expect(unlisted.output.contains("\nacme.base.1.0.0\n"), "\(unlisted.output)")
      #expect(unlisted.output.contains("\nacme.base 1.1.0\n"), "what is pinned is installed")
      let modern = try shell.run(Self.modernInstall)
      #expect(modern.succeeded, "\(modern.output)\n\(server.said)")
    }
  }
}
