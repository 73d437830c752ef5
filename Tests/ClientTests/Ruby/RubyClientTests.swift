import Foundation
import Testing

/// The real gem and bundler, against a repository of their own and through one in front of another
/// registry.
@Suite("gem and bundler", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct RubyClientTests {
  private func withRegistries(_ body: (inout RegistryPair) throws -> Void) throws {
    try RegistryPair.run(connection: "public:ruby-gems-org", format: "ruby") { pair in
      pair.shell.environment["BUNDLE_SILENCE_ROOT_WARNING"] = "1"
      try body(&pair)
    }
  }

  /// Rails and Sinatra, 47 gems, put as `gem push` puts them; a second faster each.
  private let publish = """
    . ./lab
    export GEM_HOST_API_KEY=$TOKEN HOST=${ENDPOINT%/}
    ruby \(Checkout.support("repack_gems.rb")) built > repack.log 2>&1
    for file in built/*.gem; do
      curl -sS -f -o pushed --data-binary @$file -H "Authorization: $TOKEN" \
        -H 'Content-Type: application/octet-stream' "${ENDPOINT}api/v1/gems"
    done

    """

  /// A gem of our own, `VERSION` of it, for `PLATFORM`.
  private let make = """
    make_gem() {
      mkdir -p mine/lib; echo "VALUE = '$1$2'" > mine/lib/mine.rb
      (cd mine; cat > mine.gemspec <<END
    Gem::Specification.new do |s|
      s.name = 'mine'; s.version = '$1'; s.summary = 'Mine'; s.authors = ['A']
      s.files = ['lib/mine.rb']; s.platform = '${2:-ruby}'
    end
    END
      gem build mine.gemspec > /dev/null 2>&1; mv mine-*.gem ..)
    }

    """

  private func install(_ gem: String, from repository: String, into home: String) -> String {
    """
    . ./\(repository)
    SOURCE=$(echo $ENDPOINT | sed "s#http://#http://aws:$TOKEN@#")
    mkdir -p empty; cd empty
    GEM_HOME=$HOME/\(home) gem install \(gem) --clear-sources --source $SOURCE --no-document

    """
  }

  @Test func `push, install, search, yank and own`() throws {
    try withRegistries { pair in
      let pushed = try pair.shell.run(
        publish + make
          + """
          make_gem 1.0; make_gem 1.1; make_gem 1.1 java
          for file in mine-*.gem; do gem push $file --host $HOST; rm $file; done
          make_gem 1.1.0
          refused 'Repushing of gem versions is not allowed' gem push mine-1.1.0.gem --host $HOST
          sed -i "s/'mine'/'Mine'/" mine/mine.gemspec; (cd mine; gem build mine.gemspec)
          refused 'differs from it in case only' gem push mine/Mine-1.1.0.gem --host $HOST
          """
      )
      #expect(pushed.succeeded, "\(pushed.output)")
      #expect(pushed.output.contains("Successfully registered gem: mine (1.1-java)"))
      let installed = try pair.shell.run(
        install("activesupport mine", from: "lab", into: "one")
          + """
          GEM_HOME=$HOME/one ruby -e 'require "mine"; puts "value #{VALUE}"'
          gem search mine --clear-sources --source $SOURCE --remote --all
          gem fetch rack --clear-sources --source $SOURCE
          gem specification sinatra --remote --clear-sources --source $SOURCE
          """
      )
      #expect(installed.succeeded, "\(installed.output)\n\(pair.origin.said)")
      #expect(installed.output.contains("value 1.1\n"), "\(installed.output)")
      #expect(installed.output.contains("mine (1.1 ruby java, 1.0)"), "\(installed.output)")
      let yanked = try pair.shell.run(
        """
        . ./lab; export GEM_HOST_API_KEY=$TOKEN HOST=${ENDPOINT%/}
        gem yank mine -v 1.1 --host $HOST
        gem owner mine --host $HOST -a bob@x

        """
          + install("mine", from: "lab", into: "two")
            + """
            GEM_HOME=$HOME/two ruby -e 'require "mine"; puts "value #{VALUE}"'
            curl -s -o /dev/null -w "%{http_code}" ${SOURCE}gems/mine-1.1.gem
            """
      )
      #expect(yanked.succeeded && yanked.output.contains("value 1.0\n404"), "\(yanked.output)")
      #expect(yanked.output.contains("- administrator\n- bob@x"), "\(yanked.output)")
    }
  }

  private let gemfile = """
    mkdir -p app
    printf 'source "%s"\\ngem "rails", "~> 6.1"\\ngem "sinatra"\\ngem "rake", "~> 13.0"\\n' \
      "$ENDPOINT" > app/Gemfile

    """

  private func bundle(into path: String) -> String {
    """
    . ./team
    export BUNDLE_USER_HOME=$HOME/user-\(path) BUNDLE_PATH=$HOME/\(path)
    bundle config set --global $ENDPOINT aws:$TOKEN
    \(gemfile)
    cd app; bundle install --jobs 4

    """
  }

  @Test func `a Gemfile installs through a proxy, again from its lock, and with the registry gone`()
    throws
  {
    try withRegistries { pair in
      let published = try pair.shell.run(publish)
      try #require(published.succeeded, "\(published.output)")
      let cold = try pair.shell.run(bundle(into: "one"))
      #expect(cold.succeeded && cold.output.contains("Bundle complete"), "\(cold.output)")
      let installed = cold.output.components(separatedBy: "\nInstalling ").count - 1
      #expect(installed > 40, "all but what Ruby has: \(cold.output)")
      #expect(!cold.output.contains("full index"), "the compact index is used: \(cold.output)")
      let gem = try pair.shell.run(install("activesupport", from: "team", into: "gems"))
      #expect(gem.succeeded, "\(gem.output)\n\(pair.proxy.said)")
      let warm = try pair.shell.run(
        bundle(into: "two") + "bundle exec ruby -rrake -e 'puts Rake::VERSION'"
      )
      #expect(warm.succeeded && warm.output.contains("13."), "\(warm.output)")
      pair.origin.stop()
      let locked = try pair.shell.run(bundle(into: "three"))
      #expect(locked.succeeded, "\(locked.output)\n\(pair.proxy.said)")
      let unlocked = try pair.shell.run("rm app/Gemfile.lock\n" + bundle(into: "four"))
      #expect(unlocked.succeeded, "\(unlocked.output)\n\(pair.proxy.said)")
      let detached = try pair.shell.run(
        install("activesupport", from: "team", into: "more")
          + "GEM_HOME=$HOME/more gem list --no-versions"
      )
      #expect(detached.succeeded, "\(detached.output)\n\(pair.proxy.said)")
      #expect(detached.output.contains("zeitwerk"), "\(detached.output)")
    }
  }

  @Test func `bundler fetches only what was added to the index`() throws {
    try withRegistries { pair in
      let first = try pair.shell.run(
        publish + make
          + """
          make_gem 1.0; gem push mine-1.0.gem --host $HOST
          mkdir app; printf 'source "%s"\\ngem "mine"\\n' "$ENDPOINT" > app/Gemfile
          export BUNDLE_USER_HOME=$HOME/user BUNDLE_PATH=$HOME/gems
          bundle config set --global $ENDPOINT aws:$TOKEN
          (cd app; bundle install)
          make_gem 1.1; gem push mine-1.1.gem --host $HOST
          make_gem 1.2; gem push mine-1.2.gem --host $HOST; gem yank mine -v 1.2 --host $HOST
          (cd app; bundle update mine; bundle exec ruby -e 'require "mine"; puts "value #{VALUE}"')
          """
      )
      #expect(first.succeeded && first.output.contains("value 1.1"), "\(first.output)")
      let lists = pair.origin.said.split(separator: "\n").filter { $0.contains("/lab/versions ") }
      #expect(lists.count == 2 && lists.last?.contains("status=206") == true, "\(lists)")
    }
  }

  @Test func `a private gem is never asked of the registry`() throws {
    try withRegistries { pair in
      let published = try pair.shell.run(
        make
          + """
          . ./lab; make_gem 9.0; GEM_HOST_API_KEY=$TOKEN gem push mine-9.0.gem --host ${ENDPOINT%/}
          . ./team; make_gem 1.0; GEM_HOST_API_KEY=$TOKEN gem push mine-1.0.gem --host ${ENDPOINT%/}
          rm *.gem

          """ + install("mine", from: "team", into: "one")
      )
      #expect(published.succeeded, "\(published.output)")
      #expect(published.output.contains("Successfully installed mine-1.0"), "\(published.output)")
      let asked = try pair.shell.run(
        """
        . ./team
        for path in info/mine info/a%2fb info/.. info/__proto__ gems/..%2fx-1.0.gem \
          versions names; do
          curl -s --path-as-is -o answer -w "%{http_code} " -u aws:$TOKEN "$ENDPOINT$path"
        done
        curl -s -u aws:$TOKEN "${ENDPOINT}versions" | grep -c '^mine '
        """
      )
      #expect(asked.output.hasPrefix("200 404 404 404 404 200 200 1"), "\(asked.output)")
    }
  }
}
