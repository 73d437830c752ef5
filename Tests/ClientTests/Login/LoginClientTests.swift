import Foundation
import Testing

/// `larder login`, then the tool itself with nothing else configured, in a home that had settings
/// of its own before.
@Suite("larder login", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct LoginClientTests {
  @Test func `npm, Yarn 1 and 3, Bun and Deno`() throws {
    try LoginLab.run { lab in
      let npmrc = #"printf '; mine\nfund=false\n@other:registry=https://other.test/\n' > .npmrc"#
      let npmrcKept = "kept .npmrc '; mine' fund=false @other:registry=https://other.test/"
      let project = """
        mkdir app; cd app
        echo '{"name": "app", "version": "1.0.0", "dependencies": {"@acme/widget": "^1.0.0"}}' \
          > package.json

        """
      let proof = "\nnode -e 'console.log(\"value\", require(\"@acme/widget\").value)'"
      func check(_ name: String, _ before: String, _ after: String, _ install: String) throws {
        let said = try lab.run(
          "user \(name)\n\(before)\nlogin \(name)\n\(after)\n\(project)\(install)\(proof)"
        )
        #expect(said.contains("value 1"), "\(name): \(said)")
      }
      try lab.run(
        """
        user maker; \(npmrc); login npm; \(npmrcKept)
        mkdir widget; cd widget; echo 'exports.value = 1' > index.js
        echo '{"name": "@acme/widget", "version": "1.0.0"}' > package.json
        npm publish
        """
      )
      try check("npm", npmrc, npmrcKept, "npm install --no-fund --no-audit")
      try check(
        "yarn",
        npmrc
          + #"; printf '# mine\nregistry "https://other.test/"\nlastUpdateCheck 1\n' > .yarnrc"#,
        npmrcKept + #"; grep -qx '# mine' .yarnrc; grep -qx 'lastUpdateCheck 1' .yarnrc"#,
        "NODE_PATH=/usr/share/nodejs yarnpkg install --non-interactive"
      )
      try check(
        "yarn-berry",
        #"""
        cat > .yarnrc.yml <<'END'
        # mine
        nodeLinker: node-modules # like npm
        enableTelemetry: false
        enableGlobalCache: false
        npmRegistries:
          "//other.test":
            npmAuthToken: other
        END
        """#,
        #"""
        kept .yarnrc.yml '# mine' 'nodeLinker: node-modules # like npm' '  "//other.test":' \
          '    npmAuthToken: other'
        """#,
        "touch yarn.lock; \(NpmClient.berry.program) install"
      )
      try check(
        "bun",
        #"printf '# mine\n[install]\nexact = true # so\n' > .bunfig.toml"#,
        "kept .bunfig.toml '# mine' 'exact = true # so'",
        "bun install"
      )
      try check("deno", npmrc, npmrcKept, NpmClient.deno.install)
    }
  }

  @Test func `one scope of npm's, by a user who has another default`() throws {
    try LoginLab.run { lab in
      try lab.run(
        """
        user maker; echo 'registry=http://127.0.0.1:9/' > .npmrc
        login npm --scope acme; kept .npmrc registry=http://127.0.0.1:9/
        mkdir widget; cd widget; echo '{"name": "@acme/widget", "version": "1.0.0"}' > package.json
        npm publish; npm view @acme/widget version
        """
      )
    }
  }

  private static let project = """
    mkdir -p mine/src/mine
    cat > mine/pyproject.toml <<'END'
    # mine
    [build-system]
    requires = ["setuptools"]
    build-backend = "setuptools.build_meta"
    [project]
    name = "mine-own"
    version = "1.0"
    requires-python = ">=3.9"
    END
    echo 'VALUE = 1' > mine/src/mine/__init__.py
    build() { (cd $HOME/mine; python -m build --no-isolation --outdir $HOME/dist . > /dev/null); }

    """

  @Test func `twine, pip, uv and Poetry`() throws {
    try LoginLab.run { lab in
      try lab.run(
        "user twine\n" + Self.project
          + #"""
          printf '[distutils]\nindex-servers =\n  lab\n\n[lab] \n# mine\nrepository = x\n' > .pypirc
          login twine; kept .pypirc '  lab' '# mine' 'repository = x'
          build; twine upload --non-interactive --disable-progress-bar -r acme-team dist/*
          """#
      )
      let proof = "-c 'import mine; print(\"value\", mine.VALUE)'"
      let pip = try lab.run(
        #"""
        user pip; mkdir -p .config/pip
        printf '[global]\n# mine\ntimeout = 30\n\n[install]\nno-compile = true\n' \
          > .config/pip/pip.conf
        login pip; kept .config/pip/pip.conf '# mine' 'timeout = 30' '[install]' 'no-compile = true'
        python3 -m venv one; one/bin/pip install --no-cache-dir mine-own

        """# + "one/bin/python \(proof)"
      )
      #expect(pip.contains("value 1"), "\(pip)")
      let uv = try lab.run(
        "user uv\n" + Self.project
          + #"""
          mkdir -p .config/uv
          cat > .config/uv/uv.toml <<'END'
          # mine
          link-mode = "copy" # so

          [[index]]
          name = "other"
          url = "https://other.test/simple/"
          explicit = true
          END
          login uv; kept .config/uv/uv.toml '# mine' 'link-mode = "copy" # so' 'name = "other"'
          sed -i 's/1.0/2.0/' mine/pyproject.toml; build
          uv publish --index acme-team dist/*
          mkdir app; cd app; uv init --quiet --no-workspace --python python3 .
          uv add --no-cache 'mine-own>=2'
          tokenless uv.lock pyproject.toml

          """# + "uv run --no-cache python \(proof)"
      )
      #expect(uv.contains("value 1"), "\(uv)")
      let poetry = try lab.run(
        """
        user poetry; export POETRY_VIRTUALENVS_PATH=$HOME/venvs
        mkdir -p .config/pypoetry app; cd app
        printf '[repositories.other]\\nurl = "https://other.test/"\\n' \
          > ../.config/pypoetry/config.toml
        poetry init -n --name app --python '>=3.9'
        (echo '# mine'; cat pyproject.toml) > p; mv p pyproject.toml; cp pyproject.toml before
        login poetry; kept ../.config/pypoetry/auth.toml
        grep -qxF 'url = "https://other.test/"' ../.config/pypoetry/config.toml
        head -c $(stat -c %s before) pyproject.toml | cmp - before
        [ $(stat -c %a pyproject.toml) = $(stat -c %a before) ]
        poetry add 'mine-own<2'; tokenless pyproject.toml poetry.lock

        """ + "poetry run python \(proof)\n"
          + """
          mkdir src src/app; touch src/app/__init__.py README.md
          poetry publish --build -r acme-team
          """
      )
      #expect(poetry.contains("value 1"), "\(poetry)")
      #expect(poetry.contains("100%"), "\(poetry)")
    }
  }

  @Test func `Cargo, by name and in place of its default`() throws {
    try LoginLab.run { lab in
      let said = try lab.run(
        #"""
        user cargo; mkdir .cargo
        printf '# mine\n[net]\nretry = 1 # so\n' > .cargo/config.toml
        printf '[registries.other]\ntoken = "x"\n' > .cargo/credentials.toml
        login cargo; kept .cargo/credentials.toml '[registries.other]' 'token = "x"'
        grep -qxF 'retry = 1 # so' .cargo/config.toml
        cargo new --quiet --lib --vcs none leaf; cd leaf
        sed -i 's/^edition.*/edition = "2021"\nlicense = "MIT"\ndescription = "A leaf"/' Cargo.toml
        echo 'pub fn value() -> i32 { 1 }' > src/lib.rs
        cargo publish --registry acme-team --allow-dirty; cd ..
        cargo new --quiet --vcs none app; cd app
        echo 'leaf = { version = "0.1", registry = "acme-team" }' >> Cargo.toml
        echo 'fn main() { println!("value {}", leaf::value()); }' > src/main.rs
        cargo run --quiet; cd ..
        login cargo --mirror
        cd app; sed -i 's/^leaf = .*/leaf = "0.1"/' Cargo.toml; rm Cargo.lock; cargo run --quiet
        """#
      )
      #expect(said.components(separatedBy: "value 1").count == 3, "\(said)")
    }
  }

  @Test func `gem and Bundler, by source and in place of any other`() throws {
    try LoginLab.run { lab in
      let said = try lab.run(
        #"""
        user gem; export GEM_HOME=$HOME/gems
        printf -- '---\n# mine\n:verbose: false\ngem: --no-document # so\n' > .gemrc
        mkdir .gem; printf -- '---\nhttps://other.test: x\n' > .gem/credentials
        chmod 600 .gem/credentials
        login gem; kept .gemrc '# mine' ':verbose: false' 'gem: --no-document # so'
        kept .gem/credentials 'https://other.test: x'
        mkdir -p mine/lib; cd mine; echo 'VALUE = 1' > lib/mine.rb
        cat > mine.gemspec <<'END'
        Gem::Specification.new do |s|
          s.name = 'mine'; s.version = '1.0'; s.summary = 'Mine'; s.authors = ['A']
          s.files = ['lib/mine.rb']
        end
        END
        gem build mine.gemspec > build.log 2>&1
        host=$(endpoint ruby); gem push --host ${host%/} mine-1.0.gem; cd ..
        gem install mine; ruby -e 'require "mine"; puts "value #{VALUE}"'; unset GEM_HOME

        user bundler; export BUNDLE_PATH=$HOME/gems BUNDLE_SILENCE_ROOT_WARNING=1
        mkdir -p .bundle app; printf -- '---\nBUNDLE_JOBS: "2"\n' > .bundle/config
        login bundler; kept .bundle/config 'BUNDLE_JOBS: "2"'
        cd app; printf 'source "%s"\ngem "mine"\n' $(endpoint ruby) > Gemfile
        bundle install; bundle exec ruby -e 'require "mine"; puts "value #{VALUE}"'; cd ..
        login bundler --mirror; rm -rf gems app/Gemfile.lock
        cd app; printf 'source "https://other.test"\ngem "mine"\n' > Gemfile
        bundle install; bundle exec ruby -e 'require "mine"; puts "value #{VALUE}"'
        """#
      )
      #expect(said.components(separatedBy: "value 1").count == 4, "\(said)")
    }
  }

  @Test func `Maven and Gradle, with nothing of it in their projects`() throws {
    try LoginLab.run { lab in
      let plugins = [
        ("deploy", "3.0.0"), ("install", "3.1.0"), ("jar", "3.3.0"), ("compiler", "3.10.1"),
        ("resources", "3.3.0"), ("surefire", "2.22.3"),
      ].map {
        "<plugin><artifactId>maven-\($0)-plugin</artifactId><version>\($1)</version></plugin>"
      }.joined()
      func project(_ name: String, _ more: String) -> String {
        """
        mkdir -p \(name)/src/main/java; cd \(name)
        echo 'public class C_\(name) { }' > src/main/java/C_\(name).java
        cat > pom.xml <<END
        <project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
        <groupId>org.acme</groupId><artifactId>\(name)</artifactId><version>1.0</version>
        <properties><maven.compiler.source>11</maven.compiler.source>
        <maven.compiler.target>11</maven.compiler.target><maven.test.skip>true</maven.test.skip>
        <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
        <build><plugins>\(plugins)</plugins></build>
        \(more)
        </project>
        END

        """
      }
      let mirror =
        "<id>debian</id><mirrorOf>central</mirrorOf><url>file://\(StaticRepository.folder)</url>"
      // Maven takes the home folder from the password database.
      let maven = "mvn -B -ntp -s $HOME/.m2/settings.xml -Dmaven.repo.local=$HOME/$local"
      try lab.run(
        """
        user jvm; mkdir .m2
        cat > .m2/settings.xml <<'END'
        \(MavenLab.settings(mirror: mirror, token: "other"))
        END
        login maven
        kept .m2/settings.xml '<mirrors><mirror>\(mirror)</mirror></mirrors>' '</profile>'
        local=one

        """
          + project(
            "widget",
            "<distributionManagement><repository><id>acme-team</id><url>$(endpoint maven)</url>"
              + "</repository></distributionManagement>"
          ) + maven + " deploy; cd ..\nlocal=two\n"
          + project(
            "app",
            "<dependencies><dependency><groupId>org.acme</groupId><artifactId>widget</artifactId>"
              + "<version>1.0</version></dependency></dependencies>"
          ) + maven + " package\nls $HOME/two/org/acme/widget/1.0/widget-1.0.jar",
        timeout: 400
      )
      let gradle = try lab.run(
        """
        user gradle; mkdir -p .gradle app
        printf '# mine\\norg.gradle.jvmargs=-Xmx512m\\n' > .gradle/gradle.properties
        export GRADLE_USER_HOME=$HOME/.gradle
        login gradle; kept .gradle/gradle.properties '# mine' org.gradle.jvmargs=-Xmx512m
        cd app
        cat > build.gradle <<'END'
        apply plugin: 'java'
        dependencies { compile 'org.acme:widget:1.0' }
        task show { doLast { configurations.compile.each { println "found ${it.name}" } } }
        END
        gradle --no-daemon --console=plain show
        """,
        timeout: 400
      )
      #expect(gradle.contains("found widget-1.0.jar"), "\(gradle)")
    }
  }

  @Test func `what is refused leaves everything as it was, and says why`() throws {
    try LoginLab.run { lab in
      try lab.run(
        #"""
        user refused; mkdir -p .config/pypoetry
        echo 'http-basic = { other = { username = "x" } }' > .config/pypoetry/auth.toml
        login() { \#(LarderServer.program) login --domain acme --repository "$@"; }
        refused 'auth.toml stays as it is: it spells http-basic.acme-team' login team --tool poetry
        [ ! -e .config/pypoetry/config.toml ]
        refused 'Repository not found' login nowhere --tool npm
        AWS_SECRET_ACCESS_KEY=wrong refused 'was refused with 403' login team --tool npm
        nowhere=http://127.0.0.1:9
        AWS_ENDPOINT_URL_CODEARTIFACT=$nowhere \
          refused "no answer from $nowhere" login team --tool npm
        refused "--scope is for npm's clients and swift" login team --tool pip --scope acme
        [ ! -e .npmrc ]
        """#
      )
    }
  }
}
